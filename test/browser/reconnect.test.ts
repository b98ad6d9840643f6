import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { inspectSessions } from '../../src/inspect/inspect-sessions.ts';
import { useChromium } from '../support/browser.ts';
import { furnish, inspected } from '../support/inspected.ts';
import {
  connection,
  grid,
  listed,
  openInspector,
  openSession,
  panel,
  rowOf,
} from '../support/inspector-page.ts';

/** Or not, when the page has just found it by itself. */
const tryNow = (page: Page) =>
  page
    .getByRole('button', { name: 'Try now' })
    .click({ timeout: 2_000 })
    .catch(() => {});

const pages = useChromium();

it('a server that comes back at its address is found again, and nothing is there twice', async () => {
  await using held = await inspected();
  await furnish(held.rooms, 'ada');
  await furnish(held.rooms, 'bob');
  const { page } = await pages.open({ expected: /WebSocket|ERR_CONNECTION_REFUSED/ });
  await openInspector(page, held.url);
  await rowOf(page, 'ada').waitFor();

  await held.inspector.close();
  await connection(page, 'Connection lost').waitFor();
  await rowOf(page, 'ada').waitFor();
  await held.rooms.killSession('bob', 'while nobody looked');
  await furnish(held.rooms, 'eve');

  const again = await inspectSessions(held.rooms, { port: held.port, token: held.token });
  try {
    await tryNow(page);
    await rowOf(page, 'eve').waitFor();
    await connection(page, 'Live').waitFor();
    await expect
      .poll(async () => (await listed(page)).filter((id) => id !== 'bob').sort())
      .toEqual(['ada', 'eve']);
    expect(await grid(page).getByRole('link', { name: 'ada', exact: true }).count()).toBe(1);
  } finally {
    await again.close();
  }
});

it('a session that is looked at goes on where it is, and says each thing once', async () => {
  await using held = await inspected();
  const ada = await furnish(held.rooms, 'ada');
  const { page } = await pages.open({ expected: /WebSocket|ERR_CONNECTION_REFUSED/ });
  await openInspector(page, held.url);
  await openSession(page, 'ada');
  await page.getByText('Good morning, ada.').first().waitFor();

  await held.inspector.close();
  await connection(page, 'Connection lost').waitFor();
  await ada.send('user', 'Is anybody there?');
  const again = await inspectSessions(held.rooms, { port: held.port, token: held.token });
  try {
    await tryNow(page);
    await page.getByText('Is anybody there?').first().waitFor();
    const conversation = await panel(page, 'Conversation');
    expect(await conversation.getByText('Good morning, ada.').count()).toBe(1);
    expect(await conversation.getByText('Is anybody there?').count()).toBe(1);
  } finally {
    await again.close();
  }
});
