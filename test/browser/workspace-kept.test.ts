/** What outlives a reload, a tab that dies and a browser that keeps nothing. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useChromium } from '../support/browser.ts';
import { crash } from '../support/chromium.ts';
import {
  askFor,
  beginWithSamples,
  CLOCKWORK,
  clockworkAnswered,
  conversation,
  question,
  rowOf,
  useWorkspaceSite,
} from '../support/workspace-page.ts';

const pages = useChromium();
const site = useWorkspaceSite();

/** The conversation, the files, and an answer that only the files can give. */
async function allIsBack(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { name, exact: true }).waitFor();
  await clockworkAnswered(page);
  for (const path of ['lighthouse/log.md', 'lighthouse/tides.csv', 'lighthouse/lamp.ts'])
    await page.getByRole('list', { name: 'Active files' }).getByText(path).waitFor();
  await askFor(page, 'Which barometer?');
  await conversation(page).getByText('lighthouse/log.md:6').waitFor();
}

it('after a reload all is back, the dropped files too', async () => {
  const { page } = await pages.open();
  await page.goto(`${site.url}?pace=300`);
  const name = await beginWithSamples(page);
  await askFor(page, CLOCKWORK);
  await clockworkAnswered(page);
  await page.reload();
  await allIsBack(page, name);
});

it('after the tab was killed all is back, and an answer that was being told is told to its end', async () => {
  const { page, context } = await pages.open();
  await page.goto(`${site.url}?pace=300`);
  const name = await beginWithSamples(page);
  await askFor(page, CLOCKWORK);
  await clockworkAnswered(page);
  await askFor(page, 'What happens when a ship comes too close to the reef?');
  await conversation(page).getByText('lighthouse/lamp.ts:6').waitFor();
  const address = page.url();
  await crash(page);

  const next = await context.newPage();
  await next.goto(address);
  await conversation(next).getByText('lighthouse/log.md:9').waitFor();
  await next.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'hidden' });
  expect(await next.getByText('This question has no answer.').count()).toBe(0);
  await allIsBack(next, name);
});

it.each([
  ['no IndexedDB', () => Object.defineProperty(globalThis, 'indexedDB', { value: undefined })],
  [
    'an IndexedDB that refuses',
    () => {
      indexedDB.open = () => {
        throw new DOMException('The user denied permission to access the database.', 'SecurityError');
      };
    },
  ],
])('with %s it says so, and goes on in memory', async (_what, takeAway) => {
  const { page } = await pages.open();
  await page.addInitScript(takeAway);
  await page.goto(`${site.url}?pace=300`);
  await page.getByText('Only in memory').waitFor();
  await page.getByRole('status', { name: 'Notices' }).getByText('Nothing here outlives this page').waitFor();
  const name = await beginWithSamples(page);
  await askFor(page, CLOCKWORK);
  await clockworkAnswered(page);
  await page.getByRole('button', { name: 'Kill' }).click();
  await page.getByRole('button', { name: 'Recover', exact: true }).click();
  await rowOf(page, name).getByText('active').waitFor();
  await question(page).waitFor();
});

it('without what tabs need to find each other it says so, and works on its own', async () => {
  const { page } = await pages.open();
  await page.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
  await page.goto(`${site.url}?pace=1`);
  await page.getByText('This tab is on its own').waitFor();
  await page.getByRole('status', { name: 'Notices' }).getByText('There is no Web Locks').waitFor();
  await beginWithSamples(page);
  await askFor(page, CLOCKWORK);
  await clockworkAnswered(page);
});
