import { expect, it } from 'vitest';
import { page } from 'vitest/browser';

const documented = (name: string) => import(/* @vite-ignore */ `/.cache/docs/solid/${name}`);

it('shows the first session of docs/solid.md', async () => {
  await documented('main.tsx');
  await expect.element(page.getByRole('status')).toHaveTextContent('active');
  await page.getByRole('button', { name: 'Say hello' }).click();
  await expect.element(page.getByText('user: hello')).toBeVisible();
});
