import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../src/index.ts';
import { useChromium } from '../support/browser.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { furnish, type Inspected, inspected } from '../support/inspected.ts';
import { chart, lit, openInspector, openSession, panel, timeline } from '../support/inspector-page.ts';
import type { ScriptedEvent } from '../support/scripted-agent.ts';

const pages = useChromium();
let held: Inspected;
let clock: TestClock;
let page: Page;
let ada: Session<ScriptedEvent>;

beforeEach(async () => {
  clock = testClock(Date.now());
  held = await inspected({}, { clock, sessionDefaults: { idleAfterMs: 60_000 } });
  ada = await furnish(held.rooms, 'ada');
  ({ page } = await pages.open());
  await openInspector(page, held.url);
  await openSession(page, 'ada');
});
afterEach(() => held[Symbol.asyncDispose]());

const chartOf = (name: string) =>
  chart(page).getByRole('group', { name: 'Chart of' }).getByRole('button', { name });

describe('the chart', () => {
  it('lights where the session is, and where it came from, as it goes on', async () => {
    await lit(page, 'running.active').waitFor();
    await clock.advance(61_000);
    await lit(page, 'running.idle').waitFor();
    expect(await lit(page, 'running.active').count()).toBe(0);
    await chart(page).locator('svg [data-edge].taken').first().waitFor();
    await ada.terminate();
    await lit(page, 'terminated').waitFor();
  });

  it('is also that of its agent', async () => {
    await chartOf('scripted').click();
    await lit(page, 'waiting').waitFor();
    await ada.dispatch({ type: 'ask', turnId: '1', question: 'Who?' });
    await lit(page, 'answering').waitFor();
    await ada.dispatch({ type: 'finish' });
    await lit(page, 'waiting').waitFor();
  });

  it('is zoomed by keys, and fits again', async () => {
    const drawing = chart(page).getByRole('group', { name: 'arrows move it' });
    await drawing.waitFor();
    const percent = chart(page).getByText(/^\d+ %$/);
    const before = await percent.textContent();
    await drawing.focus();
    await page.keyboard.press('+');
    await expect.poll(() => percent.textContent()).not.toBe(before);
    await page.keyboard.press('0');
    await expect.poll(() => percent.textContent()).toBe(before);
  });

  it('is exported as SVG and as Mermaid', async () => {
    await lit(page, 'running.active').waitFor();
    const save = async (as: string) => {
      await chart(page).getByText('Export').click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        chart(page)
          .getByRole('button', { name: `Save as ${as}` })
          .click(),
      ]);
      return (await (await download.createReadStream()).toArray()).join('');
    };
    expect(await save('SVG')).toMatch(/^<svg .*data-state="running\.active".*<\/svg>\s*$/s);
    expect(await save('Mermaid')).toContain('stateDiagram-v2');
  });
});

describe('what the session holds', () => {
  it('the conversation, with an answer as it is told', async () => {
    const said = await panel(page, 'Conversation');
    await said.getByText('Good morning, ada.').waitFor();
    await ada.dispatch({ type: 'ask', turnId: '1', question: 'Who?' });
    await ada.dispatch({ type: 'say', text: 'It was ' });
    await said.getByText('It was').waitFor();
    await said.getByText('streaming').waitFor();
    await ada.dispatch({ type: 'say', text: 'the butler.' });
    await said.getByText('It was the butler.').waitFor();
    await ada.dispatch({ type: 'finish' });
    await said.getByText('streaming').waitFor({ state: 'detached' });
    expect(await said.getByText('It was the butler.').count()).toBe(1);
  });

  it('files, index, working context and cache', async () => {
    const files = await panel(page, 'Files');
    await files.getByRole('heading', { name: 'Active files 1' }).waitFor();
    await files.getByText('src/lamp.ts').first().waitFor();
    await files.getByRole('region', { name: 'File index' }).getByText('"TypeScript"').waitFor();
    await files.getByRole('region', { name: 'Working context' }).getByText('"lamps"').waitFor();
    await files.getByText(/1 files? and 0 analyses/).waitFor();
    await ada.context.put('topic', { name: 'lamps', watts: 60 });
    const changed = files.getByRole('listitem').filter({ hasText: 'watts' }).last();
    await changed.getByText('changed').waitFor({ state: 'attached' });
    await changed.getByText('was 40').waitFor();
    await ada.context.addFile('src/room.ts');
    await files.getByRole('heading', { name: 'Active files 2' }).waitFor();
  });

  it('deadlines with the time that is left', async () => {
    const state = await panel(page, 'State');
    await state.getByRole('heading', { name: 'Deadlines' }).waitFor();
    await state.getByText('inactivity').waitFor();
    const left = state.getByRole('listitem').filter({ hasText: 'inactivity' });
    await left.getByText(/^(1 min|\d+(\.\d)? s)$/).waitFor();
  });

  it('the context of its agent as a tree, with what changed marked', async () => {
    await chartOf('scripted').click();
    await ada.dispatch({ type: 'ask', turnId: '1', question: 'Who?' });
    const state = await panel(page, 'State');
    await lit(page, 'answering').waitFor();
    const context = state.getByRole('region', { name: 'Context' });
    const question = context.getByRole('listitem').filter({ hasText: 'question' });
    await question.getByText('"Who?"').waitFor();
    await ada.dispatch({ type: 'say', text: 'It was ' });
    await context.getByRole('listitem').filter({ hasText: 'said' }).getByText('"It was "').waitFor();
    await context.getByText('changed').first().waitFor({ state: 'attached' });
  });

  it('its actors, with those of its agent', async () => {
    await ada.dispatch({ type: 'ask', turnId: '1', question: 'Who?' });
    const actors = (await panel(page, 'Actors')).getByRole('list', { name: 'Actors' });
    await actors.getByRole('listitem').filter({ hasText: 'ada' }).first().waitFor();
    await actors.getByText('search').first().waitFor();
    await ada.dispatch({ type: 'finish' });
    await actors.getByText('search').first().waitFor({ state: 'detached' });
  });

  it('what it was given, and how it stands', async () => {
    const about = await panel(page, 'About');
    await about.getByRole('region', { name: 'Metadata and configuration' }).getByText('"pro"').waitFor();
    await about.getByText('active').first().waitFor();
  });

  it('a crash, and what it was of', async () => {
    await ada.kill(new Error('out of paper'));
    await timeline(page).getByText('out of paper').first().waitFor();
    const about = await panel(page, 'About');
    await about.getByText('Error: out of paper').waitFor();
    await about.getByRole('definition').filter({ hasText: /^1$/ }).first().waitFor();
  });
});

it('values whose paths are redacted are not to be found anywhere', async () => {
  const secret = await inspected({ redact: ['metadata.apiKey', 'messages'] });
  try {
    await furnish(secret.rooms, 'eve');
    const other = await pages.open();
    const received: string[] = [];
    other.page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => received.push(String(payload)));
    });
    await openInspector(other.page, secret.url);
    await openSession(other.page, 'eve');
    await other.page.getByText('Not shown: metadata.apiKey, messages.').waitFor();
    await (await panel(other.page, 'About')).getByText('(redacted)').first().waitFor();
    expect(received.join()).toContain('"pro"');
    expect(received.join()).not.toContain('sk-secret');
    expect(received.join()).not.toContain('Good morning');
  } finally {
    await secret[Symbol.asyncDispose]();
  }
});
