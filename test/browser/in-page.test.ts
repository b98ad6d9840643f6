import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionManager } from '../../src/index.ts';
import { violations } from '../support/axe.ts';
import { useChromium, type WatchOptions } from '../support/browser.ts';
import { chart, connection, contents, lit, openSession, panel, rowOf } from '../support/inspector-page.ts';
import type { ScriptedEvent } from '../support/scripted-agent.ts';
import { type ServedRooms, serveRooms } from './in-page/serve.ts';
import { ATTACKS } from './traces/hostile.ts';

/** What the page shows its tests. */
declare const rooms: SessionManager<ScriptedEvent>;
/** Of the engine: one for each inspector that is open. */
declare const watchers: () => number;

const FOLDER = fileURLToPath(new URL('../../.cache/screenshots/', import.meta.url));
const pages = useChromium();
let served: ServedRooms;
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  served = await serveRooms();
}, 60_000);
afterAll(() => served?.[Symbol.asyncDispose]());

/** The page with sessions of its own, `ada` and `eve` to begin with. */
async function openRooms(query = '', options: WatchOptions = {}) {
  const watched = await pages.open(options);
  await watched.page.goto(served.addressOf(query));
  await watched.page.evaluate(async () => {
    for (const id of ['ada', 'eve']) {
      const room = await rooms.createSession({ id, metadata: { apiKey: 'sk-secret' } });
      await room.send('user', `Good morning, ${id}.`);
    }
  });
  return watched;
}

async function inspect(page: Page): Promise<Page> {
  const [opened] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('button', { name: 'Inspect', exact: true }).click(),
  ]);
  await connection(opened, 'Live').waitFor();
  return opened;
}

async function inspectHere(page: Page): Promise<FrameLocator> {
  await page.getByRole('button', { name: 'Inspect here' }).click();
  const frame = page.getByRole('region', { name: 'Dock' }).frameLocator('iframe');
  await connection(frame, 'Live').waitFor();
  return frame;
}

const said = (page: Page, words: string | RegExp) => page.getByRole('status').getByText(words);
const watching = (page: Page) => expect.poll(() => page.evaluate(() => watchers()));

describe('the inspector in a window', () => {
  it('shows the sessions of the page that has opened it, as they go on, and asks no server', async () => {
    const { page, requests } = await openRooms();
    const shown = await inspect(page);
    await rowOf(shown, 'eve').waitFor();
    await openSession(shown, 'ada');
    await lit(shown, 'running.active').waitFor();
    await (await panel(shown, 'Conversation')).getByText('Good morning, ada.').waitFor();
    await page.evaluate(() => rooms.terminateSession('ada'));
    await lit(shown, 'terminated').waitFor();
    const asked = requests.filter((address) => !address.startsWith(`${served.origin}/`));
    expect(asked).toEqual([]);
    const scripts = requests.map((address) => new URL(address).pathname).filter((path) => path !== '/');
    expect([...new Set(scripts)].every((path) => served.files.has(path.slice(1)))).toBe(true);
    await shown.screenshot({ path: `${FOLDER}in-page-window.png` });
  });

  it('shows a chart that is told of later, and one of an agent', async () => {
    const { page } = await openRooms();
    const shown = await inspect(page);
    await page.evaluate(() => rooms.createSession({ id: 'late' }));
    await openSession(shown, 'late');
    await chart(shown).getByRole('button', { name: 'scripted' }).click();
    await lit(shown, 'waiting').waitFor();
    await page.evaluate(() => rooms.session('late').dispatch({ type: 'ask', turnId: '1', question: 'Who?' }));
    await lit(shown, 'answering').waitFor();
  });

  it('kills a session where that is allowed', async () => {
    const { page } = await openRooms('allow=kill');
    const shown = await inspect(page);
    await openSession(shown, 'ada');
    await shown.getByRole('group', { name: 'Act on ada' }).getByRole('button', { name: 'Kill' }).click();
    await shown.getByRole('dialog').getByRole('button', { name: 'Kill' }).click();
    await expect
      .poll(() => page.evaluate(async () => (await rooms.listSessions()).map(({ id }) => id)))
      .toEqual(['eve']);
  });

  it('has nothing to act with, and shows nothing that is hidden, where it was told so', async () => {
    const { page } = await openRooms('redact=metadata.apiKey');
    const shown = await inspect(page);
    expect(await shown.getByRole('button', { name: 'Create' }).count()).toBe(0);
    await openSession(shown, 'ada');
    expect(await shown.getByRole('group', { name: 'Act on ada' }).count()).toBe(0);
    await (await panel(shown, 'About')).getByText('(redacted)').first().waitFor();
    expect(await shown.content()).not.toContain('sk-secret');
  });

  it('finds its page again, at the same place, when it is loaded anew', async () => {
    const { page } = await openRooms();
    const shown = await inspect(page);
    await openSession(shown, 'ada');
    await lit(shown, 'running.active').waitFor();
    await shown.reload();
    await shown.getByRole('heading', { level: 1, name: 'ada' }).waitFor();
    await lit(shown, 'running.active').waitFor();
    await watching(page).toBe(1);
  });

  it('is over when a person closes it, and costs nothing from then on', async () => {
    const { page } = await openRooms();
    await watching(page).toBe(0);
    const shown = await inspect(page);
    await watching(page).toBe(1);
    await shown.close();
    await said(page, 'closed').waitFor();
    expect(await page.evaluate(() => watchers())).toBe(0);
  });

  it('is closed by its page', async () => {
    const { page } = await openRooms();
    const shown = await inspect(page);
    const gone = shown.waitForEvent('close');
    await page.getByRole('button', { name: 'Close' }).click();
    await gone;
    await said(page, 'closed').waitFor();
    await watching(page).toBe(0);
  });

  it.each([
    ['closed', (page: Page) => page.close()],
    ['loaded anew', (page: Page) => page.reload()],
  ])('stays with what it has, and says so, when its page is %s', async (_name, leave) => {
    const { page } = await openRooms();
    const shown = await inspect(page);
    await rowOf(shown, 'ada').waitFor();
    await leave(page);
    await shown.getByText('open the inspector from it again').waitFor();
    await rowOf(shown, 'ada').waitFor();
  });

  it('says that the manager has been closed', async () => {
    const { page } = await openRooms();
    const shown = await inspect(page);
    await page.evaluate(() => rooms.close());
    await connection(shown, 'Closed').waitFor();
  });

  it('is said to be blocked, and how that is avoided, when the browser blocks it', async () => {
    const { page } = await openRooms();
    await page.evaluate(() => {
      window.open = () => null;
    });
    await page.getByRole('button', { name: 'Inspect', exact: true }).click();
    await said(page, /^FORBIDDEN popup-blocked: .*handler of a click/).waitFor();
    await watching(page).toBe(0);
  });
});

describe('the inspector in a frame of the page', () => {
  it('shows the sessions, and leaves the history of the page alone', async () => {
    const { page } = await openRooms();
    const before = await page.evaluate(() => history.length);
    const shown = await inspectHere(page);
    await openSession(shown, 'ada');
    await lit(shown, 'running.active').waitFor();
    await shown.getByRole('link', { name: 'Fleet' }).click();
    await rowOf(shown, 'eve').waitFor();
    expect(await page.evaluate(() => history.length)).toBe(before);
    await openSession(shown, 'eve');
    await lit(shown, 'running.active').waitFor();
    await page.screenshot({ path: `${FOLDER}in-page-dock.png`, fullPage: true });
  });

  it('has no way to the page, nor to what the page keeps', async () => {
    const { page } = await openRooms();
    await page.evaluate(() => localStorage.setItem('secret', '1'));
    await inspectHere(page);
    const [, frame] = page.frames();
    const reached = await frame?.evaluate(() => {
      const tries = [
        () => parent.document.title,
        () => localStorage.getItem('secret'),
        () => document.cookie,
      ];
      return tries.map((each) => {
        try {
          return each();
        } catch (error) {
          return (error as Error).name;
        }
      });
    });
    expect(reached).toEqual(['SecurityError', 'SecurityError', 'SecurityError']);
  });

  it('is taken away by its page, or ends when that takes its element away', async () => {
    const { page } = await openRooms();
    await inspectHere(page);
    await page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => page.locator('iframe').count()).toBe(0);
    await watching(page).toBe(0);
    await inspectHere(page);
    await watching(page).toBe(1);
    await page.evaluate(() => document.querySelector('iframe')?.remove());
    await watching(page).toBe(0);
    await expect.poll(() => said(page, 'closed').count()).toBe(2);
  });

  it('may be one of several viewers', async () => {
    const { page } = await openRooms();
    const framed = await inspectHere(page);
    const shown = await inspect(page);
    await page.evaluate(() => rooms.createSession({ id: 'zoe' }));
    await rowOf(framed, 'zoe').waitFor();
    await rowOf(shown, 'zoe').waitFor();
    await watching(page).toBe(2);
  });

  it('is free of what axe finds, and so is the page around it', async () => {
    const { page } = await openRooms('allow=kill');
    const shown = await inspectHere(page);
    const [, frame] = page.frames();
    await rowOf(shown, 'ada').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(frame && (await violations(frame))).toEqual([]);
    await openSession(shown, 'ada');
    await lit(shown, 'running.active').waitFor();
    expect(frame && (await violations(frame))).toEqual([]);
  });
});

describe('what sessions hold does not run', () => {
  it.each([
    ['in a window', inspect],
    ['in a frame', inspectHere],
  ])('%s', async (_name, open) => {
    const { page } = await openRooms();
    const shown = await open(page);
    await page.evaluate(
      async (attacks) => {
        const metadata = Object.fromEntries(attacks.map((attack, n) => [`${n}${attack}`, attack]));
        const room = await rooms.createSession({ id: 'mallory', metadata });
        for (const attack of attacks) {
          await room.send('user', attack);
          await room.context.put(attack, { [attack]: attack });
        }
      },
      ATTACKS.map((attack) => attack.toWellFormed()),
    );
    await openSession(shown, 'mallory');
    await contents(shown).getByText(ATTACKS[1]).first().waitFor();
    for (const name of ['Conversation', 'Files', 'State', 'Actors', 'About'] as const)
      await panel(shown, name);
    // Scripts of strangers are trouble that the page is watched for; neither has one become an element.
    const strangers = shown.locator('main script, main style, iframe, object, embed, img[src="x"]');
    expect(await strangers.count()).toBe(0);
  });
});

describe('under a policy of the page', () => {
  const REFUSED = /Content Security Policy/;

  it('that allows no script within, it says what to allow', async () => {
    const { page } = await openRooms(`csp=${encodeURIComponent("script-src 'self'")}`, { expected: REFUSED });
    const popup = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Inspect', exact: true }).click();
    await said(
      page,
      /^FORBIDDEN content-security-policy: .*script-src 'sha256-.*'; style-src 'sha256-/,
    ).waitFor();
    expect((await popup).isClosed()).toBe(true);
    await watching(page).toBe(0);
  });

  it('it runs by what it has said is to be allowed', async () => {
    const { page } = await openRooms(`csp=${encodeURIComponent("script-src 'self'")}`, { expected: REFUSED });
    await page.getByRole('button', { name: 'Inspect here' }).click();
    const text = await said(page, /^FORBIDDEN/).textContent();
    const [, policy = ''] = text?.match(/or allow (.*)$/) ?? [];
    const whole = policy.replace('script-src', "script-src 'self'");
    await page.goto(served.addressOf(`csp=${encodeURIComponent(`default-src 'none'; ${whole}`)}`));
    await page.evaluate(() => rooms.createSession({ id: 'ada' }));
    const framed = await inspectHere(page);
    await openSession(framed, 'ada');
    await lit(framed, 'running.active').waitFor();
    await rowOf(await inspect(page), 'ada').waitFor();
  });

  it('that forbids workers, charts are laid out without one, by the nonce of the policy', async () => {
    const csp = encodeURIComponent("script-src 'self' 'nonce-q8'; style-src 'nonce-q8'; worker-src 'none'");
    const { page } = await openRooms(`nonce=q8&csp=${csp}`, { expected: REFUSED });
    const framed = await inspectHere(page);
    await openSession(framed, 'ada');
    await lit(framed, 'running.active').waitFor();
    const shown = await inspect(page);
    await openSession(shown, 'ada');
    await lit(shown, 'running.active').waitFor();
  });

  it('that cuts it off from other sites, it is found all the same', async () => {
    const { page } = await openRooms('isolated');
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    const shown = await inspect(page);
    await openSession(shown, 'ada');
    await lit(shown, 'running.active').waitFor();
    const framed = await inspectHere(page);
    await rowOf(framed, 'ada').waitFor();
  });
});

describe('what a page loads', () => {
  it('is nothing of the app and of the layout engine before the inspector is opened', async () => {
    const { page, requests } = await openRooms();
    const loaded = () => requests.map((address) => new URL(address).pathname.slice(1));
    const holding = (part: string) =>
      [...served.files].filter(([, code]) => code.includes(part)).map(([name]) => name);
    const [app] = holding('chartroom-inspector" content');
    const [elk] = holding('org.eclipse.elk.layered');
    expect([app, elk]).toEqual([expect.any(String), expect.any(String)]);
    expect(holding('Eclipse Public License')).toEqual([elk]);
    expect(loaded().filter((file) => file === app || file === elk)).toEqual([]);
    const [inspection] = holding('The inspector is closed.');
    expect(loaded()).not.toContain(inspection);
    const shown = await inspect(page);
    expect(loaded()).toContain(app);
    expect(loaded()).not.toContain(elk);
    await openSession(shown, 'ada');
    await lit(shown, 'running.active').waitFor();
    expect(loaded()).toContain(elk);
  });
});
