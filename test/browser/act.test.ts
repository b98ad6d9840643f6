import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { ACTIONS, type ActionName, PROTOCOL } from '../../src/inspect/index.ts';
import { useChromium } from '../support/browser.ts';
import { furnish, type Inspected, inspected } from '../support/inspected.ts';
import { openInspector, openSession, rowOf } from '../support/inspector-page.ts';

const pages = useChromium();
let held: Inspected;
afterEach(() => held[Symbol.asyncDispose]());

/** The page of `ada`, with so much allowed. */
async function acting(allow: readonly ActionName[] = ACTIONS): Promise<Page> {
  held = await inspected({ allow }, { supervision: { restart: 'temporary' } });
  await furnish(held.rooms, 'ada');
  const { page } = await pages.open();
  await openInspector(page, held.url);
  return page;
}

const acts = (page: Page) => page.getByRole('group', { name: 'Act on ada' });
const dialog = (page: Page) => page.getByRole('dialog');

it('without leave there is nothing to act with, and a forged message changes nothing', async () => {
  const page = await acting([]);
  expect(await page.getByRole('button', { name: 'Create' }).count()).toBe(0);
  await openSession(page, 'ada');
  expect(await acts(page).count()).toBe(0);
  const answer = await page.evaluate(
    ([protocol, token]) =>
      new Promise<unknown>((resolve) => {
        const socket = new WebSocket(`ws://${location.host}/socket`, [`${protocol}`, `token.${token}`]);
        const action = { do: 'kill', sessionId: 'ada' };
        socket.onopen = () => socket.send(JSON.stringify({ type: 'act', request: 7, action }));
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(data);
          if (message.type === 'answer' || message.type === 'refused') resolve(message);
        };
      }),
    [PROTOCOL, held.token],
  );
  expect(answer).toMatchObject({ type: 'answer', request: 7, ok: false });
  expect((await held.rooms.getSessionInfo('ada')).status).toBe('active');
});

it('only what is allowed is there', async () => {
  const page = await acting(['send', 'save']);
  await openSession(page, 'ada');
  expect(await acts(page).getByRole('button').allTextContents()).toEqual(['Send…', 'Save session']);
});

it('a session is created, and opened', async () => {
  const page = await acting();
  await page.getByRole('button', { name: 'Create…' }).click();
  await dialog(page).getByLabel('Id').fill('eve');
  await dialog(page).getByLabel('Metadata').fill('{"plan"');
  await dialog(page).getByRole('button', { name: 'Create' }).click();
  await dialog(page).getByText('This is not JSON').waitFor();
  await dialog(page).getByLabel('Metadata').fill('{"plan": "pro"}');
  await dialog(page).getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { level: 1, name: 'eve' }).waitFor();
  expect((await held.rooms.getSessionInfo('eve')).metadata).toEqual({ plan: 'pro' });
});

it('what the engine refuses is said where it was asked for', async () => {
  const page = await acting();
  await page.getByRole('button', { name: 'Create…' }).click();
  await dialog(page).getByLabel('Id').fill('ada');
  await dialog(page).getByRole('button', { name: 'Create' }).click();
  await dialog(page).getByRole('alert').getByText('ada').waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'hidden' });
});

it('a message is sent, and appears in the conversation', async () => {
  const page = await acting();
  await openSession(page, 'ada');
  await acts(page).getByRole('button', { name: 'Send' }).click();
  await dialog(page).getByLabel('Message').fill('Is it <b>late</b>?');
  await dialog(page).getByRole('button', { name: 'Send' }).click();
  await page.getByRole('status').getByText('Sent to ada').waitFor();
  await page.getByText('Is it <b>late</b>?').first().waitFor();
  const history = await held.rooms.session('ada').context.history();
  expect(history.at(-1)).toMatchObject({ role: 'user', content: 'Is it <b>late</b>?' });
});

it('an event is dispatched to the agent', async () => {
  const page = await acting();
  await openSession(page, 'ada');
  await acts(page).getByRole('button', { name: 'Dispatch' }).click();
  await dialog(page).getByLabel('Event').fill('{"type": "ask", "turnId": "1", "question": "Who?"}');
  await dialog(page).getByRole('button', { name: 'Dispatch' }).click();
  await page.getByRole('status').getByText('Dispatched to ada').waitFor();
  await expect.poll(async () => (await held.rooms.getSessionInfo('ada')).activeTasks).toBe(1);
});

it('a session is saved', async () => {
  const page = await acting();
  await openSession(page, 'ada');
  await acts(page).getByRole('button', { name: 'Save session' }).click();
  await page.getByRole('status').getByText('Saved ada').waitFor();
  expect((await held.rooms.listSavedSessions()).map(({ id }) => id)).toEqual(['ada']);
});

for (const [name, reason] of [
  ['Terminate', 'somebody is tired'],
  ['Kill', 'somebody has had enough'],
] as const) {
  it(`${name} asks first: cancelled, nothing has happened; confirmed, the session ends`, async () => {
    const page = await acting();
    await openSession(page, 'ada');
    const button = acts(page).getByRole('button', { name });
    await button.click();
    await dialog(page)
      .getByRole('heading', { name: `${name} ada?` })
      .waitFor();
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    await dialog(page).waitFor({ state: 'hidden' });
    expect(await button.evaluate((each) => each === document.activeElement)).toBe(true);
    await button.click();
    await dialog(page).getByRole('heading').waitFor();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'hidden' });
    expect((await held.rooms.getSessionInfo('ada')).status).toBe('active');

    await button.click();
    await dialog(page).getByLabel('Reason').fill(reason);
    await dialog(page).getByRole('button', { name, exact: true }).click();
    await dialog(page).waitFor({ state: 'hidden' });
    await expect.poll(() => held.rooms.listSessions()).toEqual([]);
    await expect.poll(() => button.getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await rowOf(page, 'ada').getByText('terminated').waitFor();
  });
}
