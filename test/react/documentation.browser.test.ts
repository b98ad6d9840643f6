import { expect, it } from 'vitest';
import { page } from 'vitest/browser';

const documented = (name: string) => import(/* @vite-ignore */ `/.cache/docs/react/${name}`);

it('shows the first session of docs/react.md', async () => {
  await documented('first.tsx');
  await page.getByRole('button', { name: '0 messages' }).click();
  await expect.element(page.getByRole('button', { name: '1 messages' })).toBeVisible();
});
