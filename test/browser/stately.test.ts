import { afterAll, beforeAll, expect, it } from 'vitest';
import { useChromium } from '../support/browser.ts';
import { inspected } from '../support/inspected.ts';
import { goTo, openInspector, timeline } from '../support/inspector-page.ts';
import { type ServedApp, serveApp } from './stately/serve.ts';

const pages = useChromium();
let app: ServedApp;
beforeAll(async () => {
  app = await serveApp();
});
afterAll(() => app?.[Symbol.asyncDispose]());

it('an app in a page is shown in the window that its stock inspector opens', async () => {
  await using held = await inspected();
  const { page, context } = await pages.open();
  await page.goto(app.addressOf(held.inspector.windowUrl));
  const opened = context.waitForEvent('page');
  await page.getByRole('button', { name: 'begin' }).click();
  const shown = await opened;
  await shown.getByRole('link', { name: 'lamp' }).first().waitFor();
  await page.getByRole('button', { name: 'press' }).click();
  await shown.getByRole('link', { name: 'lamp' }).first().click();
  await shown.locator('svg [data-state="on"].active').waitFor();
  await timeline(shown).getByRole('option').filter({ hasText: 'press' }).first().waitFor();
  await page.getByRole('button', { name: 'press' }).click();
  await shown.locator('svg [data-state="off"].active').waitFor();
  // Of the server's sessions there is nothing in that window.
  expect(await shown.getByRole('link', { name: 'Fleet' }).count()).toBe(0);
});

it('messages of another window than the one that opened it are passed over', async () => {
  await using held = await inspected();
  const { page, context } = await pages.open();
  await page.goto(app.addressOf(held.inspector.windowUrl));
  const opened = context.waitForEvent('page');
  await page.getByRole('button', { name: 'begin' }).click();
  const shown = await opened;
  await shown.getByRole('link', { name: 'lamp' }).first().waitFor();
  const forged = {
    type: '@xstate.actor',
    name: 'stranger',
    sessionId: 'x:99',
    rootId: 'x:99',
    createdAt: '0',
    id: null,
    _version: '0.7.2',
    definition: '{"id":"stranger"}',
    snapshot: { status: 'active' },
  };
  // The page itself is a window other than its opener.
  await shown.evaluate((message) => {
    window.postMessage(message, '*');
    window.postMessage({ ...message, type: '@xstate.event', event: { type: 'hello' } }, '*');
  }, forged);
  await page.getByRole('button', { name: 'press' }).click();
  await shown.getByRole('link', { name: 'lamp' }).first().click();
  await shown.locator('svg [data-state="on"].active').waitFor();
  expect(await shown.getByText('stranger').count()).toBe(0);
});

it('an app that tells by WebSocket is among the apps of the page', async () => {
  await using held = await inspected({ allowOrigin: [app.origin] });
  const { page, context } = await pages.open();
  await openInspector(page, held.url);
  await goTo(page, 'Apps');
  await page.getByText('No other XState app is connected').waitFor();
  const told = await context.newPage();
  await told.goto(app.addressOf(held.inspector.feedUrl));
  await told.getByRole('button', { name: 'begin' }).click();
  await told.getByRole('button', { name: 'press' }).click();
  await page.getByRole('link', { name: 'lamp' }).first().click();
  await page.locator('svg [data-state="on"].active').waitFor();
  await page.getByText('bulb').first().waitFor();
});

it('an app of an origin that is not allowed is not let in', async () => {
  await using held = await inspected();
  const { page, context } = await pages.open({ expected: /WebSocket/ });
  await openInspector(page, held.url);
  await goTo(page, 'Apps');
  const told = await context.newPage();
  await told.goto(app.addressOf(held.inspector.feedUrl));
  const refused = told.waitForEvent('console', (message) => message.text().includes('403'));
  await told.getByRole('button', { name: 'begin' }).click();
  await refused;
  await page.getByText('No other XState app is connected').waitFor();
});
