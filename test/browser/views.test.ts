import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIONS } from '../../src/inspect/index.ts';
import { type Rules, violations } from '../support/axe.ts';
import { useChromium } from '../support/browser.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { furnish, type Inspected, inspected } from '../support/inspected.ts';
import {
  goTo,
  lit,
  openInspector,
  openTrace,
  panel,
  rowOf,
  scrubTo,
  time,
  timeline,
} from '../support/inspector-page.ts';

const FOLDER = fileURLToPath(new URL('../../.cache/screenshots/', import.meta.url));
const trace = (name: string) => fileURLToPath(new URL(`./traces/${name}`, import.meta.url));
const WIDTHS = { desktop: { width: 1280, height: 800 }, narrow: { width: 420, height: 800 } } as const;

/** Nothing but colours differs between light and dark, and these are the same at any width. */
const RULES: Readonly<Record<string, Rules>> = {
  'desktop light': 'all',
  'desktop dark': 'contrast',
  'narrow light': 'structure',
};

const pages = useChromium();
let held: Inspected;
let empty: Inspected;
let clock: TestClock;

beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  empty = await inspected();
  clock = testClock(Date.now());
  held = await inspected(
    { allow: ACTIONS, redact: ['metadata.apiKey'] },
    { clock, sessionDefaults: { idleAfterMs: 60_000 } },
  );
  const { rooms } = held;
  for (const id of ['ada', 'bob', 'crashed-in-the-night', 'eve', 'ended', 'slow-to-answer'])
    await furnish(rooms, id);
  await Promise.all(Array.from({ length: 30 }, (_, n) => rooms.createSession({ id: `guest-${n + 1}` })));
  await rooms.session('slow-to-answer').dispatch({ type: 'ask', turnId: '1', question: 'Why?' });
  await clock.advance(61_000);
  await clock.advance(31_000);
  const ada = rooms.session('ada');
  await ada.send('user', 'Which lamps are on in the hall, and since when?');
  await ada.dispatch({ type: 'ask', turnId: '7', question: 'Which lamps are on?' });
  await ada.dispatch({ type: 'say', text: 'Two of them: the one by the door, ' });
  await ada.dispatch({ type: 'say', text: 'and the one over the stairs.' });
});
afterAll(async () => {
  await empty?.[Symbol.asyncDispose]();
  await held?.[Symbol.asyncDispose]();
});

async function openAda(page: Page): Promise<void> {
  await openInspector(page, `${held.url}&to=/session/ada`);
  await lit(page, 'running').waitFor();
}

/** By name: what leads from an empty page to the view, and is there when it is complete. */
const VIEWS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async 'fleet-empty'(page) {
    await openInspector(page, empty.url);
    await page.getByText('There are no sessions yet').waitFor();
  },
  async fleet(page) {
    await openInspector(page, held.url);
    await rowOf(page, 'guest-30').waitFor();
    await held.rooms.killSession('crashed-in-the-night', new Error('out of paper'));
    await held.rooms.terminateSession('ended');
    await rowOf(page, 'crashed-in-the-night').getByRole('gridcell').first().getByText(/./).waitFor();
    await rowOf(page, 'slow-to-answer').getByText('slow', { exact: true }).waitFor();
  },
  async session(page) {
    await openAda(page);
    await (await panel(page, 'Conversation')).getByText('streaming').waitFor();
  },
  async 'session-agent'(page) {
    await openAda(page);
    await page.getByRole('group', { name: 'Chart of' }).getByRole('button', { name: 'scripted' }).click();
    await lit(page, 'answering').waitFor();
    await (await panel(page, 'State')).getByText('"Which lamps are on?"').waitFor();
  },
  async 'session-files'(page) {
    await openAda(page);
    await (await panel(page, 'Files')).getByText('src/lamp.ts').first().waitFor();
  },
  async 'session-actors'(page) {
    await openAda(page);
    await (await panel(page, 'Actors')).getByText('search').first().waitFor();
  },
  async 'session-about'(page) {
    await openAda(page);
    await (await panel(page, 'About')).getByText('(redacted)').waitFor();
  },
  async 'session-sequence'(page) {
    await openAda(page);
    await timeline(page).getByRole('button', { name: 'Sequence' }).click();
    await timeline(page).getByRole('option').first().waitFor();
  },
  async 'session-compare'(page) {
    await openAda(page);
    await scrubTo(page, 4);
    await time(page).getByRole('button', { name: 'Compare' }).click();
    await time(page).getByRole('button', { name: 'The last entry' }).click();
    await (await panel(page, 'Compare')).getByText('Which lamps are on in the hall').waitFor();
  },
  async 'session-kill'(page) {
    await openAda(page);
    await page.getByRole('button', { name: 'Kill' }).click();
    await page.getByRole('dialog').getByLabel('Reason').waitFor();
  },
  async engine(page) {
    await openInspector(page, held.url);
    await goTo(page, 'Engine');
    await page.locator('svg [data-state].active').first().waitFor();
  },
  async apps(page) {
    await openInspector(page, held.url);
    await goTo(page, 'Apps');
    await page.getByText('No other XState app is connected').waitFor();
  },
  async traces(page) {
    await openInspector(page, held.url);
    await goTo(page, 'Traces');
  },
  async 'traces-problem'(page) {
    await openInspector(page, held.url);
    const buffer = Buffer.from('{"format":"chartroom-trace","version":2}');
    await openTrace(page, { name: 'new.trace.json', mimeType: 'application/json', buffer });
    await page.getByRole('alert').getByText('This trace is of another version').waitFor();
  },
  async 'trace-machine'(page) {
    await openInspector(page, held.url);
    await openTrace(page, trace('machine.v1.trace.json'));
    await lit(page, 'slow').waitFor();
  },
  async 'trace-client'(page) {
    await openInspector(page, held.url);
    await openTrace(page, trace('client.v1.trace.json'));
    await page.getByText('acknowledged means kept').first().waitFor();
    await page.locator('svg [data-state].active').first().waitFor();
  },
  async help(page) {
    await openInspector(page, held.url);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  },
};

describe('in light and dark, wide and narrow, axe finds nothing wrong with', () => {
  it.each(Object.keys(VIEWS))('%s', async (name) => {
    const { page } = await pages.open({ reducedMotion: 'reduce' });
    await VIEWS[name]?.(page);
    const found: string[] = [];
    for (const [width, size] of Object.entries(WIDTHS)) {
      await page.setViewportSize(size);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `${FOLDER}${name}-${colorScheme}-${width}.png` });
        const rules = RULES[`${width} ${colorScheme}`];
        if (rules)
          found.push(...(await violations(page, rules)).map((each) => `${width}, ${colorScheme}: ${each}`));
      }
    }
    expect(found).toEqual([]);
  });
});
