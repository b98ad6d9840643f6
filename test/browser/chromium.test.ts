import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

it('a real Chromium is at hand, and runs scripts of a page', async () => {
  const page = await browser.newPage();
  await page.setContent('<button onclick="this.textContent = String(6 * 7)">what?</button>');
  await page.getByRole('button', { name: 'what?' }).click();
  expect(await page.getByRole('button').textContent()).toBe('42');
});
