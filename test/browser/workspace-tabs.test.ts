/** Several tabs, one engine. */
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
  dropOn,
  lit,
  rowOf,
  useWorkspaceSite,
} from '../support/workspace-page.ts';

const pages = useChromium();
const site = useWorkspaceSite();

const runs = (page: Page) => page.getByText('This tab runs the sessions').waitFor();
const follows = (page: Page) => page.getByText('Another tab runs the sessions').waitFor();

async function twoTabs() {
  const { page: first, context } = await pages.open();
  await first.goto(`${site.url}?pace=300`);
  await runs(first);
  const name = await beginWithSamples(first);
  const second = await context.newPage();
  await second.goto(first.url());
  await follows(second);
  return { first, second, name };
}

it('two tabs see the same, whoever asks', async () => {
  const { first, second, name } = await twoTabs();
  await second.getByText('Kept in this browser').waitFor();
  await askFor(second, CLOCKWORK);
  await clockworkAnswered(second);
  await clockworkAnswered(first);
  await second.getByRole('button', { name: 'Kill' }).click();
  await first.getByRole('heading', { name: `${name} was killed` }).waitFor();
  await first.getByRole('button', { name: 'Recover', exact: true }).click();
  await clockworkAnswered(second);
  await lit(second, 'active').waitFor();
});

it('files that are dropped into a tab that follows are there for the engine', async () => {
  const { first, second } = await twoTabs();
  await dropOn(second, import.meta.filename);
  await first.getByText('workspace-tabs.test.ts', { exact: true }).waitFor();
  await askFor(first, 'Who defines twoTabs?');
  await conversation(second).getByText('async function twoTabs() {').waitFor();
});

it('when the tab that runs them is closed, the other goes on', async () => {
  const { first, second, name } = await twoTabs();
  await askFor(second, CLOCKWORK);
  await clockworkAnswered(second);
  await first.close();
  await runs(second);
  await rowOf(second, name).waitFor();
  await askFor(second, 'Which barometer?');
  await conversation(second).getByText('lighthouse/log.md:6').waitFor();
});

it('when the tab that runs them dies in mid-answer, the other tells the answer to its end', async () => {
  const { first, second } = await twoTabs();
  await askFor(second, 'What happens when a ship comes too close to the reef?');
  await conversation(second).getByText('lighthouse/lamp.ts:6').waitFor();
  await crash(first);
  await runs(second);
  await conversation(second).getByText('lighthouse/log.md:9').waitFor();
  expect(await conversation(second).getByText('lighthouse/log.md:9').count()).toBe(1);
});

it('the inspector opens where the engine runs, and elsewhere it is said where that is', async () => {
  const { first, second, name } = await twoTabs();
  const opening = first.waitForEvent('popup');
  await first.getByRole('button', { name: 'Open inspector' }).click();
  const inspector = await opening;
  await inspector.getByText('1 of 1 session').waitFor();
  await second.getByRole('button', { name: 'Open inspector' }).click();
  const hints = second.getByRole('status', { name: 'Notices' });
  await hints.getByText('Another tab runs the sessions: open the inspector in that one.').waitFor();
  expect(await second.getByRole('alert').innerText()).toBe('');
  await rowOf(second, name).waitFor();
});
