import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useChromium } from '../support/browser.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { furnish, type Inspected, inspected } from '../support/inspected.ts';
import {
  lit,
  openInspector,
  openSession,
  panel,
  scrubber,
  scrubTo,
  time,
  timeline,
} from '../support/inspector-page.ts';

const pages = useChromium();
let held: Inspected;
let clock: TestClock;
let page: Page;

beforeEach(async () => {
  clock = testClock(Date.now());
  held = await inspected({}, { clock, sessionDefaults: { idleAfterMs: 60_000 } });
  const ada = await furnish(held.rooms, 'ada');
  ({ page } = await pages.open());
  await openInspector(page, held.url);
  await openSession(page, 'ada');
  await lit(page, 'running.active').waitFor();
  await clock.advance(61_000);
  await lit(page, 'running.idle').waitFor();
  await ada.context.put('topic', { name: 'chairs' });
  await ada.send('user', 'Something else.');
  await (await panel(page, 'Conversation')).getByText('Something else.').waitFor();
});
afterEach(() => held[Symbol.asyncDispose]());

/** How many entries had happened when the row that says so was written. */
async function momentOf(words: RegExp): Promise<number> {
  const row = timeline(page).getByRole('option').filter({ hasText: words }).first();
  return Number(await row.locator('.entry-number').textContent());
}

const button = (name: string) => time(page).getByRole('button', { name, exact: true });

describe('a moment of the past', () => {
  it('has its own chart, conversation and context', async () => {
    const idle = await momentOf(/fact.*idle/);
    await scrubTo(page, idle);
    const said = await panel(page, 'Conversation');
    await said.getByText('Good morning, ada.').waitFor();
    expect(await said.getByText('Something else.').count()).toBe(0);
    const files = await panel(page, 'Files');
    await files.getByText('"lamps"').waitFor();
    await scrubTo(page, (await momentOf(/snapshot.*idle/)) - 1);
    await lit(page, 'running.active').waitFor();
    await scrubTo(page, await momentOf(/snapshot.*idle/));
    await lit(page, 'running.idle').waitFor();
  });

  it('stays while more happens, and goes on when it is told to be live', async () => {
    await scrubTo(page, 3);
    expect(await button('Live').getAttribute('aria-pressed')).toBe('false');
    await held.rooms.sendMessage('ada', 'user', 'While you were away.');
    await timeline(page).getByText('While you were away.').first().waitFor();
    expect(await scrubber(page).inputValue()).toBe('3');
    await button('Live').click();
    const said = await panel(page, 'Conversation');
    await said.getByText('While you were away.').waitFor();
    expect(await button('Live').getAttribute('aria-pressed')).toBe('true');
  });

  it('has an address that leads to it', async () => {
    const n = await momentOf(/fact.*idle/);
    await scrubTo(page, n);
    await expect.poll(() => new URL(page.url()).hash).toMatch(new RegExp(`^#/session/ada@${n}`));
    const link = page.url().replace('#', `#token=${held.token}&to=`);
    const { page: other } = await pages.open();
    await other.goto(link);
    await other.getByText(new RegExp(`^${n} / \\d+$`)).waitFor();
    const said = await panel(other, 'Conversation');
    await said.getByText('Good morning, ada.').waitFor();
    expect(await said.getByText('Something else.').count()).toBe(0);
  });

  it('is chosen in the list, by mouse and by keys', async () => {
    const list = timeline(page).getByRole('listbox', { name: 'Entries' });
    await list.getByRole('option').filter({ hasText: 'Good morning, ada.' }).first().click();
    const n = Number(await scrubber(page).inputValue());
    await list.focus();
    await page.keyboard.press('ArrowDown');
    await page.getByText(new RegExp(`^${n + 1} / \\d+$`)).waitFor();
    await page.keyboard.press('Home');
    await page.getByText(/^1 \/ \d+$/).waitFor();
    expect(await list.getByRole('option', { selected: true }).count()).toBe(1);
  });
});

describe('going through time', () => {
  it('by one, to the ends, and by keys', async () => {
    await button('Before the first entry').click();
    await page.getByText(/^0 \/ \d+$/).waitFor();
    await page.getByText('before the first entry', { exact: true }).waitFor();
    await button('One entry forward').click();
    await page.getByText(/^1 \/ \d+$/).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByText(/^2 \/ \d+$/).waitFor();
    await button('One entry back').click();
    await page.getByText(/^1 \/ \d+$/).waitFor();
    await button('The last entry').click();
    await (await panel(page, 'Conversation')).getByText('Something else.').waitFor();
    expect(await button('One entry forward').getAttribute('aria-disabled')).toBe('true');
  });

  it('by itself, to the end', async () => {
    await time(page).getByLabel('Speed of playing').selectOption('50');
    await button('Before the first entry').click();
    await button('Play').click();
    await button('Pause').waitFor();
    await button('Play').waitFor();
    const max = await scrubber(page).getAttribute('max');
    expect(await scrubber(page).inputValue()).toBe(max);
  });

  it('and back is as quick as forward: every moment is what it was', async () => {
    const max = Number(await scrubber(page).getAttribute('max'));
    const said = await panel(page, 'Conversation');
    const forth: number[] = [];
    for (let n = 0; n <= max; n += 1) {
      await scrubTo(page, n);
      forth.push(await said.getByRole('listitem').count());
    }
    const back: number[] = [];
    for (let n = max; n >= 0; n -= 1) {
      await scrubTo(page, n);
      back.unshift(await said.getByRole('listitem').count());
    }
    expect(back).toEqual(forth);
    expect([forth[0], forth.at(-1)]).toEqual([0, 2]);
  });
});

it('two moments are compared, and swapped', async () => {
  await scrubTo(page, await momentOf(/fact.*idle/));
  await button('Compare').click();
  const compared = await panel(page, 'Compare');
  await compared.getByText('A and B are the same moment').waitFor();
  await scrubTo(page, Number(await scrubber(page).getAttribute('max')));
  await compared.getByText(/^user .*Something else/).waitFor();
  await compared.getByText(/lamps/).first().waitFor();
  await compared.getByRole('button', { name: 'Swap A and B' }).click();
  await compared.getByText('removed').first().waitFor({ state: 'attached' });
  await button('End comparing').click();
  await compared.waitFor({ state: 'detached' });
});

it('all that happened is also a sequence of messages between those who take part', async () => {
  await timeline(page).getByRole('button', { name: 'Sequence' }).click();
  const messages = timeline(page).getByRole('listbox', { name: 'Messages' });
  await messages.getByRole('option').filter({ hasText: 'Something else.' }).first().waitFor();
  for (const lane of ['client', 'manager', 'session', 'agent', 'store'])
    await timeline(page).locator('.lane-names').getByText(lane, { exact: true }).waitFor();
  await messages.getByRole('option').filter({ hasText: 'Good morning' }).first().click();
  const said = await panel(page, 'Conversation');
  await said.getByText('Good morning, ada.').waitFor();
  expect(await said.getByText('Something else.').count()).toBe(0);
});

it('the timeline is searched, and kinds are left out', async () => {
  await timeline(page).getByRole('searchbox', { name: 'Search in the timeline' }).fill('chairs');
  await expect.poll(() => timeline(page).getByRole('option').count()).toBeLessThan(4);
  await timeline(page).getByRole('searchbox').fill('no such thing');
  await timeline(page).getByText('Nothing passes the filter').waitFor();
  await timeline(page).getByRole('searchbox').fill('');
  const kinds = timeline(page).getByRole('group', { name: 'Kinds shown' });
  await kinds.getByRole('button', { name: 'facts' }).click();
  await expect.poll(() => timeline(page).locator('.entry-kind.fact').count()).toBe(0);
  expect(await timeline(page).locator('.entry-kind.snapshot').count()).toBeGreaterThan(0);
});
