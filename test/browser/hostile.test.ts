import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { viewerHtml } from '../../src/inspect/index.ts';
import { useChromium } from '../support/browser.ts';
import { useFolder } from '../support/folder.ts';
import { inspected } from '../support/inspected.ts';
import {
  contents,
  openInspector,
  openTrace,
  panel,
  rowOf,
  scrubber,
  scrubTo,
  time,
  timeline,
} from '../support/inspector-page.ts';
import { ATTACKS, deepTrace, enormousTrace, hostileDrawings, hostileTrace } from './traces/hostile.ts';

const pages = useChromium();
const folder = useFolder();
const VIEWER = fileURLToPath(new URL('../../dist/inspector/viewer.html', import.meta.url));

/** The session's own chart is not told of; the other one is. */
const machineChart = (page: Page) => page.getByRole('group', { name: 'Chart of' }).getByRole('button').nth(1);

/** That nothing of what was shown has become an element, an attribute or an address. A script that runs is trouble. */
async function expectHarmless(page: Page): Promise<void> {
  const found = await page.evaluate(() => {
    const elements = [...document.querySelectorAll('*')];
    const handlers = elements.filter((each) => each.getAttributeNames().some((name) => /^on/i.test(name)));
    const addresses = elements
      .flatMap((each) => ['href', 'src', 'srcdoc', 'xlink:href'].map((name) => each.getAttribute(name)))
      .filter((address) => /^\s*javascript:/i.test(address ?? ''));
    const strangers = document.querySelectorAll(
      'iframe, object, embed, img[src="x"], main script, main style',
    );
    return [...handlers, ...strangers]
      .map((each) => each.outerHTML.slice(0, 200))
      .concat(addresses as string[]);
  });
  expect(found).toEqual([]);
  expect(await page.evaluate(() => ({}) as { polluted?: unknown }).then(({ polluted }) => polluted)).toBe(
    undefined,
  );
}

/** Every panel, both ways to see the timeline, and every moment, or every so many-th. */
async function seeAll(page: Page, stride = 1): Promise<void> {
  const end = Number(await scrubber(page).getAttribute('max'));
  for (const name of ['Conversation', 'Files', 'State', 'Actors', 'About'] as const) {
    if ((await contents(page).getByRole('tab', { name }).count()) === 0) continue;
    await panel(page, name);
    await expectHarmless(page);
  }
  for (let n = 0; n <= end; n += stride) {
    await scrubTo(page, n);
    await expectHarmless(page);
  }
  await timeline(page).getByRole('button', { name: 'Sequence' }).click();
  await expectHarmless(page);
  await scrubTo(page, 2);
  await time(page).getByRole('button', { name: 'Compare' }).click();
  await scrubTo(page, end);
  await panel(page, 'Compare');
  await expectHarmless(page);
}

describe('hostile names and values', () => {
  it('of a trace are shown as the text that they are', async () => {
    await using held = await inspected();
    const { page } = await pages.open();
    await openInspector(page, held.url);
    const file = `${folder()}/${encodeURIComponent(ATTACKS[0]).slice(0, 40)}.json`;
    writeFileSync(file, JSON.stringify(hostileTrace()));
    await openTrace(page, file);
    await page.getByRole('heading', { level: 1, name: ATTACKS[0] }).waitFor();
    await page.getByText('invariant').first().waitFor();
    await machineChart(page).click();
    await page.locator('svg [data-state].active').first().waitFor();
    await seeAll(page);
  });

  it('of a trace saved as one page neither', async () => {
    const trace = hostileTrace();
    const file = `${folder()}/saved.html`;
    writeFileSync(file, viewerHtml(readFileSync(VIEWER, 'utf8'), { trace, drawings: {} }));
    const { page } = await pages.open();
    await page.goto(pathToFileURL(file).href);
    await page.getByRole('heading', { level: 1, name: ATTACKS[0] }).waitFor();
    await machineChart(page).click();
    await page.getByText('Shown as an outline.').waitFor();
    await seeAll(page);
  });

  it('in the drawing that a page carries neither', async () => {
    const trace = hostileTrace();
    const file = `${folder()}/drawn.html`;
    const drawings = await hostileDrawings(trace);
    writeFileSync(file, viewerHtml(readFileSync(VIEWER, 'utf8'), { trace, drawings }));
    const { page } = await pages.open();
    await page.goto(pathToFileURL(file).href);
    await page.getByRole('heading', { level: 1, name: ATTACKS[0] }).waitFor();
    await machineChart(page).click();
    await page.getByText('Shown as an outline.').waitFor();
    await expectHarmless(page);
  });

  it('of live sessions neither', async () => {
    await using held = await inspected();
    const room = await held.rooms.createSession({
      id: 'ada',
      metadata: Object.fromEntries(
        ATTACKS.map((attack, n) => [`${n}${attack}`.toWellFormed(), attack.toWellFormed()]),
      ),
    });
    for (const attack of ATTACKS) {
      const text = attack.toWellFormed();
      await room.send('user', text);
      await room.context.put(text, { [text]: text });
    }
    const { page } = await pages.open();
    await openInspector(page, held.url);
    await rowOf(page, 'ada').getByRole('link').click();
    await contents(page).getByText(ATTACKS[1]).first().waitFor();
    await room.kill(new Error(ATTACKS[1]));
    await page.getByText(ATTACKS[1]).first().waitFor();
    for (const name of ['Conversation', 'Files', 'State', 'Actors', 'About'] as const) {
      await panel(page, name);
      await expectHarmless(page);
    }
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await rowOf(page, 'ada').waitFor();
    await expectHarmless(page);
  });

  it('of an address neither', async () => {
    await using held = await inspected();
    const { page } = await pages.open();
    for (const attack of ATTACKS) {
      await openInspector(
        page,
        `${held.url}&to=${encodeURIComponent(`/session/${encodeURIComponent(attack.toWellFormed())}`)}`,
      );
      await page.getByText('Nothing to show').waitFor();
      await expectHarmless(page);
    }
  });
});

describe('a trace of the right shape that makes no sense is opened all the same', () => {
  const { definitions, entries } = hostileTrace();
  const at = { step: 0, atMs: 0 };
  const kinds = ['call', 'settled', 'event', 'fact', 'schedule', 'sent', 'snapshot', 'unheard-of'];
  it.each([
    ['a failure far behind its end', { failure: { invariant: 'x', message: 'y', step: 99, entries: 1e9 } }],
    ['a failure before its beginning', { failure: { invariant: 'x', message: 'y', step: -1, entries: -7 } }],
    [
      'definitions that are none',
      { definitions: { lamp: 5, text: 'x', nothing: null, list: [], ...definitions } },
    ],
    ['entries without anything', { entries: [...kinds.map((kind) => ({ ...at, kind })), ...entries] }],
    ['times that are none', { entries: entries.map((entry) => ({ ...entry, step: 'x', atMs: 'y' })) }],
    [
      'bases that are none',
      { kind: 'recording', bases: { ada: {}, eve: { sessionSeq: 'x', version: 9, data: [] } } },
    ],
    ['no step', { steps: [] }],
  ])('%s', async (_name, damage) => {
    await using held = await inspected();
    const { page } = await pages.open();
    await openInspector(page, held.url);
    const file = `${folder()}/damaged.json`;
    writeFileSync(
      file,
      JSON.stringify({ ...hostileTrace(), failure: undefined, subject: 'damaged', ...damage }),
    );
    await openTrace(page, file);
    await page.getByRole('heading', { level: 1, name: 'damaged' }).waitFor();
    await seeAll(page, 5);
  });
});

describe('what is too much', () => {
  it('a million entries are opened, and gone through', async () => {
    await using held = await inspected();
    const file = `${folder()}/enormous.json`;
    await finished(Readable.from(enormousTrace(1_000_000)).pipe(createWriteStream(file)));
    const { page } = await pages.open();
    await openInspector(page, held.url);
    await openTrace(page, file);
    await page.getByText('1000000 / 1000000').waitFor({ timeout: 60_000 });
    await scrubTo(page, 500_000);
    expect(await page.locator('*').count()).toBeLessThan(3000);
  });

  it('a trace that is nested too deep is refused, and says so', async () => {
    await using held = await inspected();
    const { page } = await pages.open();
    await openInspector(page, held.url);
    const file = `${folder()}/deep.json`;
    writeFileSync(file, deepTrace(100_000));
    await openTrace(page, file);
    await page.getByRole('alert').filter({ hasText: 'nested deeper than 1000 levels' }).waitFor();
  });

  it('one that is deep is opened', async () => {
    await using held = await inspected();
    const { page } = await pages.open();
    await openInspector(page, held.url);
    const deep = JSON.parse(deepTrace(900));
    const context = deep.run;
    const [{ definition, actor }] = deep.entries.filter(({ kind }: { kind: string }) => kind === 'snapshot');
    deep.entries.push({
      step: 0,
      atMs: 0,
      kind: 'snapshot',
      definition,
      actor,
      value: 'x',
      status: 'active',
      context,
    });
    delete deep.failure;
    const file = `${folder()}/deep-context.json`;
    writeFileSync(file, JSON.stringify(deep));
    await openTrace(page, file);
    await page.getByRole('heading', { level: 1, name: 'deep' }).waitFor();
    await panel(page, 'State');
    await expectHarmless(page);
  });
});
