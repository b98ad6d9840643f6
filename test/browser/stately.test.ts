import { afterAll, beforeAll, expect, it } from 'vitest';
import { useChromium } from '../support/browser.ts';
import { inspected } from '../support/inspected.ts';
import { goTo, lit, openInspector, timeline } from '../support/inspector-page.ts';
import { type ServedApp, serveApp } from './stately/serve.ts';

const pages = useChromium();
/** An actor that would be shown, since something has happened to it. */
const FORGED = ['@xstate.actor', '@xstate.event'].map((type) => ({
  type,
  name: 'stranger',
  sessionId: 'x:99',
  rootId: 'x:99',
  createdAt: '0',
  id: null,
  _version: '0.7.2',
  definition: '{"id":"stranger"}',
  snapshot: { status: 'active' },
  event: { type: 'hello' },
}));

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
  await lit(shown, 'on').waitFor();
  await timeline(shown).getByRole('option').filter({ hasText: 'press' }).first().waitFor();
  await page.getByRole('button', { name: 'press' }).click();
  await lit(shown, 'off').waitFor();
  // Of the server's sessions there is nothing in that window.
  expect(await shown.getByRole('link', { name: 'Fleet' }).count()).toBe(0);
});

it('messages of another window than the one that opened it are passed over, whatever their origin', async () => {
  await using held = await inspected();
  const { page, context } = await pages.open();
  await page.addInitScript(() => {
    const { open } = window;
    window.open = (...args) => {
      const opened = open.apply(window, args);
      Object.assign(window, { opened });
      return opened;
    };
  });
  await page.goto(app.addressOf(held.inspector.windowUrl));
  const opened = context.waitForEvent('page');
  await page.getByRole('button', { name: 'begin' }).click();
  const shown = await opened;
  await shown.getByRole('link', { name: 'lamp' }).first().waitFor();

  // One window of the opener's origin, and one of the page's own.
  await page.evaluate(() => document.body.append(document.createElement('iframe')));
  await page.frames()[1]?.evaluate((messages) => {
    const { opened } = window.parent as unknown as { opened: Window };
    for (const message of messages) opened.postMessage(message, '*');
  }, FORGED);
  await shown.evaluate((messages) => {
    for (const message of messages) window.postMessage(message, '*');
  }, FORGED);

  await page.getByRole('button', { name: 'press' }).click();
  await shown.getByRole('link', { name: 'lamp' }).first().click();
  await lit(shown, 'on').waitFor();
  await goTo(shown, 'Apps');
  await shown.getByRole('link', { name: 'lamp' }).first().waitFor();
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
  await lit(page, 'on').waitFor();
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
