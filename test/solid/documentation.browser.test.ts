import { expect, it } from 'vitest';
import { page } from 'vitest/browser';

const documented = (name: string) => import(/* @vite-ignore */ `/.cache/docs/solid/${name}`);

it('shows the first session of docs/solid.md', async () => {
  await documented('main.tsx');
  await page.getByRole('button', { name: 'active, 0 messages' }).click();
  await expect.element(page.getByRole('button', { name: 'active, 1 messages' })).toBeVisible();
});
