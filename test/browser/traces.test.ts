import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { recordSessions } from '../../src/inspect/recorder.ts';
import { startServer } from '../../src/inspect/server/inspector-server.ts';
import { parseTrace } from '../../src/testing/index.ts';
import { useChromium } from '../support/browser.ts';
import { useFolder } from '../support/folder.ts';
import { furnish, inspected } from '../support/inspected.ts';
import {
  lit,
  openInspector,
  openTrace,
  panel,
  scrubber,
  scrubTo,
  time,
  timeline,
} from '../support/inspector-page.ts';

const pages = useChromium();
const folder = useFolder();
const kept = (kind: string) => fileURLToPath(new URL(`./traces/${kind}.v1.trace.json`, import.meta.url));

/** What a page lets somebody keep. */
async function saved(page: Page, name: RegExp): Promise<string> {
  await page.locator('summary').filter({ hasText: 'Save' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name }).click(),
  ]);
  const file = `${folder()}/${download.suggestedFilename()}`;
  await download.saveAs(file);
  return file;
}

describe('a trace', () => {
  it('is recorded, opened when it is stopped, saved, and opened again', async () => {
    await using held = await inspected();
    await furnish(held.rooms, 'ada');
    const { page } = await pages.open();
    await openInspector(page, `${held.url}&to=/traces`);
    await page.getByRole('button', { name: 'Start recording' }).click();
    await page.getByRole('button', { name: 'Stop and open' }).waitFor();
    await held.rooms.sendMessage('ada', 'user', 'While it runs.');
    await furnish(held.rooms, 'eve');
    await page.getByRole('button', { name: 'Stop and open' }).click();
    await page.getByText('recording trace').waitFor();
    await timeline(page).getByText('While it runs.').first().waitFor();

    const file = await saved(page, /As a trace/);
    const trace = parseTrace(readFileSync(file, 'utf8'));
    expect(trace.kind).toBe('recording');
    expect(Object.keys(trace.bases ?? {})).toEqual(['ada']);

    const { page: other } = await pages.open();
    await openInspector(other, held.url);
    await openTrace(other, file);
    await other.getByRole('combobox', { name: 'Session' }).selectOption('ada');
    const said = await panel(other, 'Conversation');
    await said.getByText('Good morning, ada.').waitFor();
    await said.getByText('While it runs.').waitFor();
    await scrubTo(other, 0);
    await said.getByText('Good morning, ada.').waitFor();
    expect(await said.getByText('While it runs.').count()).toBe(0);
  });

  it('of several sessions opens on the one that it ends with', async () => {
    await using held = await inspected();
    for (const id of ['ada', 'bob', 'eve']) await furnish(held.rooms, id);
    const recorder = recordSessions(held.rooms);
    await held.rooms.sendMessage('eve', 'user', 'First.');
    await held.rooms.sendMessage('bob', 'user', 'Last.');
    recorder.stop();
    const { page } = await pages.open();
    await openInspector(page, held.url);
    const buffer = Buffer.from(JSON.stringify(recorder.trace()));
    await openTrace(page, { name: 'several.json', mimeType: 'application/json', buffer });
    const said = await panel(page, 'Conversation');
    await said.getByText('Good morning, bob.').waitFor();
    await said.getByText('Last.').waitFor();
  });

  it('of a machine opens where the invariant breaks, and is stepped through', async () => {
    await using held = await inspected();
    const { page } = await pages.open();
    await openInspector(page, held.url);
    await openTrace(page, kept('machine'));
    await page.getByText('it can always be ended').waitFor();
    await page.getByText('It breaks here at entry 5, in step 3 (clock + 10000 ms).').waitFor();
    await lit(page, 'slow').waitFor();
    await timeline(page).getByRole('option').filter({ hasText: 'breaks here' }).first().waitFor();
    const back = time(page).getByRole('button', { name: 'One entry back' });
    await back.click();
    await back.click();
    await lit(page, 'charging').waitFor();
    await page.getByText('It breaks at entry 5').waitFor();
    await page.getByRole('button', { name: 'Go to where it breaks' }).click();
    await lit(page, 'slow').waitFor();
    expect(await scrubber(page).inputValue()).toBe('5');
  });

  it('opens where it breaks also when more has happened since', async () => {
    await using held = await inspected();
    const trace = JSON.parse(readFileSync(kept('machine'), 'utf8'));
    const file = `${folder()}/early.trace.json`;
    writeFileSync(file, JSON.stringify({ ...trace, failure: { ...trace.failure, step: 1, entries: 3 } }));
    const { page } = await pages.open();
    await openInspector(page, held.url);
    await openTrace(page, file);
    await page.getByText('It breaks here at entry 3, in step 2 (pay).').waitFor();
    await lit(page, 'charging').waitFor();
    expect(await scrubber(page).inputValue()).toBe('3');
  });

  it('of a client opens where the invariant breaks, with what its sessions held', async () => {
    await using held = await inspected();
    const { page } = await pages.open();
    await openInspector(page, held.url);
    await openTrace(page, kept('client'));
    await page.getByText('acknowledged means kept').waitFor();
    await page.getByText('It breaks here at entry 49, in step 10 (send a).').waitFor();
    await lit(page, 'running.active').waitFor();
    const said = await panel(page, 'Conversation');
    await said.getByText('a#4.').waitFor();
    await timeline(page).getByRole('searchbox').fill('terminate a: done');
    await timeline(page).getByRole('option').filter({ hasText: 'terminate a: done' }).click();
    await lit(page, 'terminated').waitFor();
  });

  it.each(['machine', 'client', 'recording'])('of version 1 still opens: %s', async (kind) => {
    await using held = await inspected();
    const { page } = await pages.open();
    await openInspector(page, held.url);
    await openTrace(page, kept(kind));
    await page.getByText(`${kind} trace`).waitFor();
    const { entries } = parseTrace(readFileSync(kept(kind), 'utf8'));
    expect(await scrubber(page).getAttribute('max')).toBe(String(entries.length));
    await page.locator('svg [data-state].active').first().waitFor();
  });
});

it('the trace that a program serves is opened by its address', async () => {
  const server = await startServer({ trace: readFileSync(kept('machine'), 'utf8') });
  try {
    const { page } = await pages.open();
    await page.goto(server.url);
    await page.getByText('it can always be ended').waitFor();
    await lit(page, 'slow').waitFor();
    await page.reload();
    await lit(page, 'slow').waitFor();
  } finally {
    await server.close();
  }
});

describe('a trace as one page', () => {
  it('opens from a disk, without a network and without asking for anything, and shows the failure', async () => {
    await using held = await inspected();
    const { page } = await pages.open();
    await openInspector(page, held.url);
    await openTrace(page, kept('machine'));
    await lit(page, 'slow').waitFor();
    const file = await saved(page, /As one page/);

    const { page: alone, context, requests } = await pages.open();
    await context.setOffline(true);
    await alone.goto(pathToFileURL(file).href);
    await alone.getByText('it can always be ended').waitFor();
    await lit(alone, 'slow').waitFor();
    await time(alone).getByRole('button', { name: 'Before the first entry' }).click();
    await alone.getByText('before the first entry', { exact: true }).waitFor();
    expect(requests).toEqual([pathToFileURL(file).href]);
    expect(await alone.getByRole('link', { name: 'Fleet' }).count()).toBe(0);
  });

  it('can be opened in the inspector again', async () => {
    await using held = await inspected();
    const { page } = await pages.open();
    await openInspector(page, held.url);
    await openTrace(page, kept('client'));
    await page.getByText('acknowledged means kept').waitFor();
    const file = await saved(page, /As one page/);
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await openTrace(page, file);
    await page.getByText('acknowledged means kept').waitFor();
  });
});

describe('what is no trace to be opened gets a message that says what to do', () => {
  const whole = readFileSync(kept('machine'), 'utf8');
  it.each([
    ['of a newer version', whole.replace('"version": 1', '"version": 2'), /another version.*a newer one/],
    ['cut off', whole.slice(0, whole.length / 2), /This trace is cut off.*Copy it again/],
    ['of another kind', '{"some": "json"}', /This is no trace.*expected "format"/],
    ['not JSON', 'Dear Sir or Madam', /This is no trace.*not JSON/],
    ['empty', '', /There is nothing in it/],
    ['without entries', whole.replace('"entries"', '"entrées"'), /Not a whole trace: entries/],
    ['of another program', '<!doctype html><title>x</title>', /This page holds no trace/],
  ])('%s', async (name, text, message) => {
    await using held = await inspected();
    const { page } = await pages.open();
    await openInspector(page, held.url);
    const file = `${folder()}/trace.json`;
    writeFileSync(file, text);
    await openTrace(page, file);
    await page.getByRole('alert').filter({ hasText: message }).waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent(), name).toBe('Traces');
  });
});
