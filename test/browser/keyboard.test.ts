import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ACTIONS } from '../../src/inspect/index.ts';
import { useChromium } from '../support/browser.ts';
import { furnish, inspected } from '../support/inspected.ts';
import { lit, openInspector, panel, rowOf, scrubber, timeline } from '../support/inspector-page.ts';

const pages = useChromium();

/** Presses Tab until the thing has the focus, as somebody would who sees where it is. */
async function tabTo(
  page: Page,
  role: 'button' | 'tab' | 'link' | 'slider' | 'listbox',
  name: string | RegExp,
) {
  const wanted = page.getByRole(role, { name, exact: true }).first();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return wanted;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to the ${role} ${name}.`);
}

it('everything is reached and left without a mouse', async () => {
  await using held = await inspected({ allow: ACTIONS }, { supervision: { restart: 'temporary' } });
  await furnish(held.rooms, 'ada');
  const { page } = await pages.open();
  await openInspector(page, held.url);
  await rowOf(page, 'ada').waitFor();

  await page.keyboard.press('Tab');
  const skip = page.getByRole('button', { name: 'Skip to the view' });
  expect(await skip.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  expect(await page.getByRole('main').evaluate((main) => main === document.activeElement)).toBe(true);

  await page.keyboard.press('j');
  await expect.poll(() => rowOf(page, 'ada').getAttribute('aria-selected')).toBe('true');
  await page.keyboard.press('Enter');
  await lit(page, 'running.active').waitFor();

  await tabTo(page, 'tab', 'Conversation');
  await page.keyboard.press('ArrowRight');
  await (await panel(page, 'Files')).getByText('src/lamp.ts').first().waitFor();
  await tabTo(page, 'slider', 'Moment');
  await page.keyboard.press('Home');
  await page.getByText('before the first entry', { exact: true }).waitFor();
  await page.keyboard.press('ArrowRight');
  expect(await scrubber(page).inputValue()).toBe('1');
  await tabTo(page, 'listbox', 'Entries');
  await page.keyboard.press('End');
  await timeline(page).getByRole('option', { selected: true }).waitFor();

  const kill = await tabTo(page, 'button', 'Kill…');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Kill ada?' });
  await dialog.waitFor();
  // The dialog keeps the focus to itself.
  for (let presses = 0; presses < 5; presses += 1) {
    await page.keyboard.press('Tab');
    const inside = await page.evaluate(() => document.activeElement?.closest('dialog, body')?.tagName);
    expect(['DIALOG', 'BODY']).toContain(inside);
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await kill.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await dialog.getByLabel('Reason').fill('enough');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => held.rooms.listSessions()).toEqual([]);

  await page.keyboard.press('g');
  await page.keyboard.press('f');
  await rowOf(page, 'ada').getByText('terminated').waitFor();
});

it('nothing moves by itself for whoever asked for less motion', async () => {
  await using held = await inspected();
  await furnish(held.rooms, 'ada');
  const { page } = await pages.open({ reducedMotion: 'reduce' });
  await openInspector(page, `${held.url}&to=/session/ada`);
  await lit(page, 'running.active').waitFor();
  await held.rooms.session('ada').dispatch({ type: 'ask', turnId: '1', question: 'Who?' });
  await held.rooms.session('ada').dispatch({ type: 'say', text: 'It was ' });
  await (await panel(page, 'Conversation')).getByText('streaming').waitFor();
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .filter(
        ({ effect, playState }) =>
          playState === 'running' && Number(effect?.getComputedTiming().duration) > 1,
      )
      .map(({ effect }) => (effect as KeyframeEffect).target?.className),
  );
  expect(moving).toEqual([]);
});

it('colours are chosen, and kept', async () => {
  await using held = await inspected();
  const { page } = await pages.open({ colorScheme: 'light' });
  await openInspector(page, held.url);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole('button', { name: 'Change to light' }).click();
  await page.getByRole('button', { name: 'Change to dark' }).click();
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await page.reload();
  await expect.poll(background).toBe(dark);
});
