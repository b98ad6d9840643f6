/** The example app for whoever sees little, uses no mouse, has a small screen, or reads what strangers wrote. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violations } from '../support/axe.ts';
import { CANARY, useChromium } from '../support/browser.ts';
import {
  askFor,
  begin,
  beginWithSamples,
  CLOCKWORK,
  clockworkAnswered,
  conversation,
  lit,
  question,
  rowOf,
  sessionList,
  useWorkspaceSite,
} from '../support/workspace-page.ts';

const pages = useChromium();
const site = useWorkspaceSite();

describe.each(['light', 'dark'] as const)('in the %s', (colorScheme) => {
  it('axe finds nothing wrong in any of its main states', async () => {
    const { page } = await pages.open({ colorScheme });
    await page.goto(`${site.url}?pace=700`);
    await page.getByRole('heading', { name: 'No sessions yet' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await begin(page);
    expect(await violations(page)).toEqual([]);
    await page
      .getByLabel('Choose files')
      .first()
      .setInputFiles([{ name: 'x.bin', mimeType: '', buffer: Buffer.from([0, 255]) }]);
    await page.getByText('x.bin is no text').waitFor();
    await page.getByRole('button', { name: 'Use sample files' }).click();
    await askFor(page, CLOCKWORK);
    await conversation(page).getByText('lighthouse/log.md:10').waitFor();
    expect(await violations(page)).toEqual([]);
    await clockworkAnswered(page);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Terminate…' }).click();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Kill' }).click();
    await page.getByRole('button', { name: 'Recover', exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('axe finds nothing wrong on a small screen, nor where nothing is kept', async () => {
    const { page } = await pages.open({ colorScheme, viewport: { width: 390, height: 760 } });
    await page.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }));
    await page.goto(site.url);
    await page.getByText('Only in memory').waitFor();
    await page.getByRole('button', { name: 'Begin the first one' }).click();
    await page.getByRole('button', { name: 'Use sample files' }).click();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Details' }).click();
    await lit(page, 'active').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Sessions', exact: true }).click();
    await sessionList(page).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

/** Presses Tab until the thing has the focus. */
async function tabTo(page: Page, role: 'button' | 'textbox', name: string | RegExp) {
  const wanted = page.getByRole(role, { name, exact: true }).first();
  for (let presses = 0; presses < 40; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to the ${role} ${name}.`);
}

it('everything is done without a mouse', async () => {
  const { page } = await pages.open();
  // Early: the browser has to be told, and may be slower than a key.
  const chooser = page.waitForEvent('filechooser', { timeout: 60_000 });
  await page.goto(site.url);
  await page.getByRole('heading', { name: 'No sessions yet' }).waitFor();
  await tabTo(page, 'button', 'New session');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Drop files here' }).waitFor();
  await tabTo(page, 'button', 'Choose files');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles([
    { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('The clock stopped at noon.') },
  ]);
  await page.getByRole('heading', { name: 'One file is here' }).waitFor();
  await tabTo(page, 'textbox', 'Question');
  await page.keyboard.type('When did the clock stop?');
  await page.keyboard.press('Enter');
  await conversation(page).getByText('The clock stopped at noon.').waitFor();
  await tabTo(page, 'button', 'Kill');
  await page.keyboard.press('Enter');
  await tabTo(page, 'button', 'Recover');
  await page.keyboard.press('Enter');
  await conversation(page).getByText('The clock stopped at noon.').waitFor();
  await tabTo(page, 'button', 'Terminate…');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await tabTo(page, 'button', 'Terminate');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'No sessions yet' }).waitFor();
});

it('an answer is announced when it begins and when it is whole, and not in between', async () => {
  const { page } = await pages.open();
  await page.goto(site.url);
  await beginWithSamples(page);
  await page.evaluate(() => {
    const region = document.querySelector('[aria-label="Announcements"]') as HTMLElement;
    const announced: string[] = [];
    Object.assign(globalThis, { announced });
    new MutationObserver(() => announced.push(region.innerText)).observe(region, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  await askFor(page, CLOCKWORK);
  await clockworkAnswered(page);
  const announced = () => page.evaluate(() => (globalThis as unknown as { announced: string[] }).announced);
  await expect.poll(async () => (await announced()).length).toBe(2);
  expect(await announced()).toEqual([
    'Searching the files.',
    expect.stringMatching(/^Answer: Best of the 3 files/),
  ]);
});

it('what strangers wrote is text, wherever it is shown', async () => {
  const { page } = await pages.open();
  await page.goto(site.url);
  await begin(page);
  const hostile = `<img src=x onerror=${CANARY}()><script>${CANARY}()</script>`;
  await page
    .getByLabel('Choose files')
    .first()
    .setInputFiles([{ name: `<b>bold</b>.md`, mimeType: '', buffer: Buffer.from(`heron ${hostile}\n`) }]);
  await page.getByRole('list', { name: 'Active files' }).getByText('<b>bold</b>.md').waitFor();
  await askFor(page, `Where is the heron? ${hostile}`);
  await conversation(page).getByText(`heron ${hostile}`, { exact: true }).waitFor();
  await conversation(page).getByText('<b>bold</b>.md:1').waitFor();
  await rowOf(page, 'Alder').getByText('heron <img').waitFor();
  expect(await page.locator('b, main img, main script').count()).toBe(0);
});

it('the end of a conversation stays in view until somebody scrolls up to read, and again once they come back', async () => {
  const { page } = await pages.open();
  await page.goto(site.url);
  await beginWithSamples(page);
  const frame = conversation(page);
  const toEnd = () =>
    frame.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
  for (let n = 0; n < 5; n += 1) {
    await askFor(page, 'What happens when a ship comes too close to the reef?');
    await expect.poll(() => conversation(page).getByText('lighthouse/log.md:9').count()).toBe(n + 1);
  }
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'hidden' });
  await expect.poll(toEnd).toBeLessThan(2);
  await frame.hover();
  await page.mouse.wheel(0, -300);
  await expect.poll(toEnd).toBeGreaterThan(200);
  const before = await frame.evaluate((element) => element.scrollTop);
  await askFor(page, CLOCKWORK);
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'hidden' });
  await conversation(page).getByText('14 April').last().waitFor({ state: 'attached' });
  expect(await frame.evaluate((element) => element.scrollTop)).toBe(before);
  await page.mouse.wheel(0, 5000);
  await askFor(page, 'Which barometer?');
  await conversation(page).getByText('lighthouse/log.md:6').waitFor();
  await expect.poll(toEnd).toBeLessThan(2);
});

it('on a small screen list and details come when they are asked for', async () => {
  const { page } = await pages.open({ viewport: { width: 390, height: 760 } });
  await page.goto(site.url);
  await page.getByRole('button', { name: 'Begin the first one' }).click();
  await page.getByRole('heading', { name: 'Drop files here' }).waitFor();
  expect(await sessionList(page).isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Sessions', exact: true }).click();
  await sessionList(page).getByRole('button', { name: 'New session' }).click();
  await page.getByRole('heading', { name: 'Aspen' }).waitFor();
  await sessionList(page).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Details' }).click();
  await page.getByRole('button', { name: 'Kill' }).click();
  await page.getByRole('button', { name: 'Recover', exact: true }).click();
  await question(page).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

it.each(['vue/', 'svelte/', 'solid/'])(
  'on a small screen %s has its list above the conversation',
  async (path) => {
    const { page } = await pages.open({ viewport: { width: 390, height: 760 } });
    await page.goto(`${site.url}${path}`);
    await sessionList(page).getByRole('button', { name: 'New session' }).click();
    await page.getByRole('heading', { name: 'Alder' }).waitFor();
    expect((await question(page).boundingBox())?.width).toBeGreaterThan(200);
    expect((await sessionList(page).boundingBox())?.width).toBe(390);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  },
);

it('nothing moves by itself for whoever asked for less motion', async () => {
  const { page } = await pages.open({ reducedMotion: 'reduce' });
  await page.goto(`${site.url}?pace=500`);
  await beginWithSamples(page);
  await askFor(page, CLOCKWORK);
  await conversation(page).getByText('lighthouse/log.md:10').waitFor();
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});
