import { expect, it } from 'vitest';
import { page } from 'vitest/browser';

const documented = (name: string) => import(/* @vite-ignore */ `/.cache/docs/svelte/${name}`);

it('shows the first session of docs/svelte.md', async () => {
  await documented('main.ts');
  await expect.element(page.getByRole('status')).toHaveTextContent('active');
  await page.getByRole('button', { name: 'Say hello' }).click();
  await expect.element(page.getByText('user: hello')).toBeVisible();
});
