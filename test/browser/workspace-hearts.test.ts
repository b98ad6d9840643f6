/** The same app in each framework: what one of them can do is done in all. */
import { describe, expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { CANARY, useChromium } from '../support/browser.ts';
import {
  askFor,
  conversation,
  question,
  rowOf,
  sessionList,
  useWorkspaceSite,
} from '../support/workspace-page.ts';

const pages = useChromium();
const site = useWorkspaceSite();
const SHIP = 'What happens when a ship comes too close to the reef?';

describe.each([
  ['React', ''],
  ['Vue', 'vue/'],
  ['Svelte', 'svelte/'],
  ['Solid', 'solid/'],
])('in %s', (framework, path) => {
  it('sessions are begun, asked and answered piece by piece, and are there again after a reload', async () => {
    const { page } = await pages.open();
    await page.goto(`${site.url}${path}?pace=300`);
    await page.getByText('Kept in this browser').waitFor();
    const view = page.getByRole('navigation', { name: 'Written in' }).getByRole('link', { name: framework });
    expect(await view.getAttribute('aria-current')).toBe('page');
    await sessionList(page).getByRole('button', { name: 'New session' }).click();
    await page.getByRole('heading', { name: 'Alder' }).waitFor();
    await rowOf(page, 'Alder').waitFor();
    await page.getByRole('button', { name: 'Use sample files' }).click();
    await page.getByRole('button', { name: 'Use sample files' }).waitFor({ state: 'hidden' });
    await askFor(page, SHIP);
    await conversation(page).getByText('lighthouse/lamp.ts:6').waitFor();
    expect(await question(page).inputValue()).toBe('');
    expect(await conversation(page).getByText('lighthouse/log.md:9').count()).toBe(0);
    await conversation(page).getByText('lighthouse/log.md:9').waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Alder' }).waitFor();
    await conversation(page).getByText('lighthouse/log.md:9').waitFor();
    expect(await conversation(page).getByText('lighthouse/log.md:9').count()).toBe(1);
  });

  it('going from one session to another shows the other one, and nothing of the first', async () => {
    const { page } = await pages.open();
    await page.goto(`${site.url}${path}?pace=1`);
    for (const name of ['Alder', 'Aspen']) {
      await sessionList(page).getByRole('button', { name: 'New session' }).click();
      await page.getByRole('heading', { name }).waitFor();
      await askFor(page, `I am in ${name}`);
      await conversation(page).getByText(`I am in ${name}`).waitFor();
      await conversation(page).getByText('this session has no file to search').waitFor();
    }
    expect(await conversation(page).getByText('I am in Alder').count()).toBe(0);
    await rowOf(page, 'Alder').click();
    await conversation(page).getByText('I am in Alder').waitFor();
    expect(await conversation(page).getByText('I am in Aspen').count()).toBe(0);
  });

  it('what strangers wrote is text, and axe finds nothing wrong', async () => {
    const { page } = await pages.open();
    await page.goto(`${site.url}${path}?pace=1`);
    await sessionList(page).getByRole('button', { name: 'New session' }).click();
    await page.getByRole('heading', { name: 'Alder' }).waitFor();
    const hostile = `<img src=x onerror=${CANARY}()> {{ constructor }} {alert}`;
    await askFor(page, hostile);
    await conversation(page).getByText(hostile, { exact: true }).waitFor();
    await conversation(page).getByText('this session has no file to search').waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
  });
});

it('all four show the same sessions', async () => {
  const { page, context } = await pages.open();
  await page.goto(`${site.url}?pace=1`);
  await sessionList(page).getByRole('button', { name: 'New session' }).click();
  await page.getByRole('heading', { name: 'Alder' }).waitFor();
  const hash = new URL(page.url()).hash;
  for (const path of ['vue/', 'svelte/', 'solid/']) {
    const other = await context.newPage();
    await other.goto(`${site.url}${path}${hash}`);
    await other.getByText('Another tab runs the sessions').waitFor();
    await askFor(other, `Asked in ${path}`);
    await conversation(page).getByText(`Asked in ${path}`).waitFor();
    await conversation(other).getByText('this session has no file to search').last().waitFor();
  }
});

it.each(['vue/', 'svelte/', 'solid/'])('in %s a session that has ended is said to have', async (path) => {
  const { page } = await pages.open();
  await page.goto(`${site.url}${path}#ended`);
  await page.getByText('It has ended.').waitFor();
});

it('those in trouble are listed in every view, with the way to where they are recovered', async () => {
  const { page, context } = await pages.open();
  await page.goto(`${site.url}?pace=1`);
  await sessionList(page).getByRole('button', { name: 'New session' }).click();
  await page.getByRole('heading', { name: 'Alder' }).waitFor();
  const hash = new URL(page.url()).hash;
  await page.getByRole('button', { name: 'Kill' }).click();
  await page.getByRole('heading', { name: 'Alder was killed' }).waitFor();
  for (const path of ['vue/', 'svelte/', 'solid/']) {
    const other = await context.newPage();
    await other.goto(`${site.url}${path}`);
    const trouble = sessionList(other).getByRole('list', { name: 'In trouble' });
    await trouble.getByText('It was killed. Recover it in React').waitFor();
    expect(await violations(other)).toEqual([]);
    await trouble.getByRole('link', { name: 'Alder' }).click();
    await other.getByRole('heading', { name: 'Alder was killed' }).waitFor();
    expect(new URL(other.url()).hash).toBe(hash);
    await other.close();
  }
});
