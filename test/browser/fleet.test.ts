import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useChromium } from '../support/browser.ts';
import { type TestClock, testClock } from '../support/clock.ts';
import { furnish, type Inspected, inspected } from '../support/inspected.ts';
import {
  connection,
  goTo,
  grid,
  listed,
  openInspector,
  openSession,
  rowOf,
} from '../support/inspector-page.ts';

const pages = useChromium();
let held: Inspected;
let clock: TestClock;
let page: Page;

beforeEach(async () => {
  clock = testClock(Date.now());
  held = await inspected({}, { clock });
  ({ page } = await pages.open());
});
afterEach(() => held[Symbol.asyncDispose]());

const filter = (name: string) => page.getByRole('group', { name: 'Show only' }).getByRole('button', { name });
const cell = (id: string, at: number) => rowOf(page, id).getByRole('gridcell').nth(at);

describe('the list of sessions', () => {
  it('says what to do when there is none', async () => {
    await openInspector(page, held.url);
    await page.getByText('There are no sessions yet').waitFor();
    await page.getByText('await manager.createSession()').waitFor();
  });

  it('shows sessions as they come, change and end, without being asked again', async () => {
    await openInspector(page, held.url);
    const ada = await furnish(held.rooms, 'ada');
    await rowOf(page, 'ada').getByText('active').waitFor();
    expect(await cell('ada', 4).textContent()).toBe('1');
    await ada.send('user', 'And another thing.');
    await cell('ada', 4).getByText('2').waitFor();
    await ada.terminate();
    await rowOf(page, 'ada').getByText('terminated').waitFor();
  });

  it('has those that are there already', async () => {
    await Promise.all(['ada', 'bob', 'eve'].map((id) => furnish(held.rooms, id)));
    await openInspector(page, held.url);
    await rowOf(page, 'eve').waitFor();
    expect((await listed(page)).sort()).toEqual(['ada', 'bob', 'eve']);
    await page.getByText('3 of 3 sessions').waitFor();
  });

  it('is searched by id', async () => {
    await Promise.all(['ada', 'bob', 'eve'].map((id) => furnish(held.rooms, id)));
    await openInspector(page, held.url);
    await page.getByRole('searchbox', { name: 'Search by id' }).fill('B');
    await page.getByText('1 of 3 sessions').waitFor();
    expect(await listed(page)).toEqual(['bob']);
    await page.getByRole('searchbox', { name: 'Search by id' }).press('Enter');
    await page.getByRole('heading', { name: 'bob' }).waitFor();
    await page.goBack();
    await page.getByRole('searchbox', { name: 'Search by id' }).fill('nobody');
    await page.getByText('No session matches').waitFor();
    await page.getByRole('button', { name: 'Show all 3' }).click();
    await page.getByText('3 of 3 sessions').waitFor();
  });

  it('is filtered by status, and counts each', async () => {
    await Promise.all(['ada', 'bob', 'eve'].map((id) => furnish(held.rooms, id)));
    await openInspector(page, held.url);
    await rowOf(page, 'bob').waitFor();
    await held.rooms.session('bob').terminate();
    await filter('active').getByText('2').waitFor();
    await filter('terminated').getByText('1').waitFor();
    await filter('terminated').click();
    await page.getByText('1 of 3 sessions').waitFor();
    expect(await listed(page)).toEqual(['bob']);
    expect(await filter('terminated').getAttribute('aria-pressed')).toBe('true');
    await filter('terminated').click();
    await page.getByText('3 of 3 sessions').waitFor();
  });

  it('is put in another order by the head of a column, and back', async () => {
    for (const id of ['bob', 'eve', 'ada']) await furnish(held.rooms, id);
    await held.rooms.session('eve').send('user', 'one more');
    await openInspector(page, held.url);
    const header = (name: string) => page.getByRole('columnheader', { name });
    await header('Session').getByRole('button').click();
    await expect.poll(() => listed(page)).toEqual(['ada', 'bob', 'eve']);
    expect(await header('Session').getAttribute('aria-sort')).toBe('ascending');
    await header('Session').getByRole('button').click();
    await expect.poll(() => listed(page)).toEqual(['eve', 'bob', 'ada']);
    await header('Messages').getByRole('button').click();
    await expect.poll(async () => (await listed(page))[0]).toBe('eve');
    expect(await header('Session').getAttribute('aria-sort')).toBe(null);
  });

  it('has what has crashed first, then what is slow', async () => {
    for (const id of ['crashing', 'slow', 'well']) await furnish(held.rooms, id);
    await held.rooms.session('slow').dispatch({ type: 'ask', turnId: '1', question: 'Why?' });
    await openInspector(page, held.url);
    await expect.poll(() => listed(page)).toEqual(['well', 'slow', 'crashing']);
    await clock.advance(31_000);
    await rowOf(page, 'slow').getByText('slow', { exact: true }).first().waitFor();
    await held.rooms.killSession('crashing', new Error('out of paper'));
    await rowOf(page, 'crashing').getByText('crashed').waitFor();
    await expect.poll(() => listed(page)).toEqual(['crashing', 'slow', 'well']);
  });

  it('draws only what is in sight', async () => {
    await Promise.all(Array.from({ length: 500 }, (_, n) => held.rooms.createSession({ id: `room-${n}` })));
    await openInspector(page, held.url);
    await page.getByText('500 of 500 sessions').waitFor();
    expect(await grid(page).getAttribute('aria-rowcount')).toBe('501');
    expect((await listed(page)).length).toBeLessThan(80);
    await grid(page).focus();
    await page.keyboard.press('End');
    await rowOf(page, 'room-0').waitFor();
  });
});

describe('the keyboard', () => {
  it('searches, chooses and opens', async () => {
    for (const id of ['ada', 'bob', 'eve']) await furnish(held.rooms, id);
    await openInspector(page, held.url);
    await rowOf(page, 'eve').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('b');
    await page.getByText('1 of 3 sessions').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByText('3 of 3 sessions').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await expect.poll(() => rowOf(page, 'bob').getAttribute('aria-selected')).toBe('true');
    expect(await grid(page).getAttribute('aria-activedescendant')).toBe(
      await rowOf(page, 'bob').getAttribute('id'),
    );
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'bob' }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    expect(await rowOf(page, 'bob').getAttribute('aria-selected')).toBe('true');
  });

  it('is explained, and the explanation gives the focus back', async () => {
    await openInspector(page, held.url);
    const opener = page.getByRole('button', { name: 'Keyboard help' });
    await opener.focus();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard' });
    await help.getByText('search by id').waitFor();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);
  });
});

describe('around the list', () => {
  it('numbers of the whole engine', async () => {
    await Promise.all(['ada', 'bob'].map((id) => furnish(held.rooms, id)));
    await openInspector(page, held.url);
    const tile = page.locator('dl').filter({ hasText: 'Sessions' }).locator('div').first();
    await tile.getByText('2').waitFor();
  });

  it('a session opens, and its address leads back to it', async () => {
    await furnish(held.rooms, 'ada');
    await openInspector(page, held.url);
    await openSession(page, 'ada');
    expect(new URL(page.url()).hash).toBe('#/session/ada');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'ada' }).waitFor();
    await goTo(page, 'Fleet');
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'ada' }).waitFor();
  });

  it('the engine has a view of its own, with its chart', async () => {
    await openInspector(page, held.url);
    await goTo(page, 'Engine');
    await page.locator('svg [data-state].active').first().waitFor();
  });

  it('a manager that closes is told of, and what was seen stays', async () => {
    await furnish(held.rooms, 'ada');
    await openInspector(page, held.url);
    await rowOf(page, 'ada').waitFor();
    await held.rooms.close();
    await page.getByText('The inspector has closed.').waitFor();
    await rowOf(page, 'ada').waitFor();
  });

  it('a wrong token is refused, and the page says what to do', async () => {
    const other = await pages.open({ expected: /WebSocket|401/ });
    await other.page.goto(held.url.replace(held.token, 'x'.repeat(20)));
    await other.page.getByText('There is no connection to the engine').waitFor();
    await other.page.getByText('Open the address that it printed').waitFor();
  });

  it('neither address nor history keep the token', async () => {
    await openInspector(page, held.url);
    expect(page.url()).not.toContain(held.token);
    await page.reload();
    await connection(page, 'Live').waitFor();
  });
});
