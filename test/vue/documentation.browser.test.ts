import { expect, it, onTestFinished } from 'vitest';
import { page } from 'vitest/browser';

const documented = (name: string) => import(/* @vite-ignore */ `/.cache/docs/vue/${name}`);

it('shows the first session of docs/vue.md', async () => {
  const place = document.body.appendChild(document.createElement('div'));
  place.id = 'app';
  onTestFinished(() => place.remove());
  await documented('main.ts');
  await expect.element(page.getByRole('status')).toHaveTextContent('active');
  await page.getByRole('button', { name: 'Say hello' }).click();
  await expect.element(page.getByText('user: hello')).toBeVisible();
});
