import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useChromium } from '../support/browser.ts';
import { launchChromium } from '../support/chromium.ts';
import { writeDocumented } from '../support/documented.ts';
import { servePage, usePageServer } from '../support/page-server.ts';
import { Random } from '../support/random.ts';
import type { Tab } from './tabs/page.ts';
import { takeovers } from './tabs/takeovers.ts';

declare const tab: Tab;

const MINUTES = 60_000;
const count = Number(process.env.CHARTROOM_TAKEOVERS ?? 50);
const seed = Number(process.env.CHARTROOM_SEED ?? 1);

describe('tabs of which whichever owns the engine dies', () => {
  it(`${count} times: nothing acknowledged is lost or doubled, and all hear the same`, {
    timeout: 10 * MINUTES,
  }, async () => {
    const browser = await launchChromium();
    try {
      const { deaths, acknowledged, troubles } = await takeovers(browser, count, new Random(seed));
      expect(troubles).toEqual([]);
      expect(Object.values(deaths).reduce((sum, times) => sum + times, 0)).toBe(count);
      expect(acknowledged).toBeGreaterThan(count);
    } finally {
      await browser.close();
    }
  });
});

describe('pages', () => {
  const pages = useChromium();
  const site = usePageServer('test/browser/tabs/page.ts');

  async function twoTabs(): Promise<[owner: Page, follower: Page]> {
    const { context, page: owner } = await pages.open();
    const follower = await context.newPage();
    for (const [page, state] of [
      [owner, 'owner'],
      [follower, 'follower'],
    ] as const) {
      await page.goto(site.url);
      await becomes(page, state);
    }
    return [owner, follower];
  }
  const becomes = (page: Page, state: string) =>
    page.waitForFunction((is) => tab.shared.state.is === is, state);
  const names = (page: Page) =>
    page.evaluate(async () => {
      const { held = [], pending = [] } = await navigator.locks.query();
      return [...held, ...pending].map(({ name = '' }) => name.replace(/session_.*/, '<id>')).sort();
    });

  it('hold a lock each, and the owner watches those of the others', async () => {
    const [owner] = await twoTabs();
    expect((await names(owner)).filter((name) => name.startsWith('chartroom:takeovers'))).toEqual([
      'chartroom:takeovers:owner',
      'chartroom:takeovers:owner',
      'chartroom:takeovers:tab:<id>',
      'chartroom:takeovers:tab:<id>',
      'chartroom:takeovers:tab:<id>',
    ]);
  });

  // The browser of the tests keeps no page: it is told so as it would be, with all else its own.
  const turn = (page: Page, type: 'pagehide' | 'pageshow') =>
    page.evaluate((name) => {
      window.dispatchEvent(new PageTransitionEvent(name, { persisted: true }));
    }, type);

  it('that go into the back-forward cache hand over, and hear what they have missed when they come back', async () => {
    const [owner, follower] = await twoTabs();
    await owner.evaluate(() => tab.shared.createSession({ id: 'a' }).then(() => {}));
    await turn(owner, 'pagehide');
    await becomes(follower, 'owner');
    await follower.evaluate(() => tab.shared.sendMessage('a', 'user', 'meanwhile').then(() => {}));
    expect(await owner.evaluate(() => tab.shared.state.is)).toBe('joining');
    expect((await names(follower)).filter((name) => name.startsWith('chartroom:takeovers'))).toEqual([
      'chartroom:takeovers:owner',
      'chartroom:takeovers:tab:<id>',
    ]);
    await turn(owner, 'pageshow');
    await becomes(owner, 'follower');
    await owner.waitForFunction(() => tab.trace.at(-1)?.endsWith('meanwhile'));
    const [here, there] = await Promise.all([owner, follower].map((page) => page.evaluate(() => tab.trace)));
    expect(here).toEqual(there);
  });

  it('that are reloaded find everything again', async () => {
    const [owner, follower] = await twoTabs();
    await follower.evaluate(() => tab.shared.createSession({ id: 'a' }).then(() => {}));
    await follower.evaluate(() => tab.shared.sendMessage('a', 'user', 'kept').then(() => {}));
    await owner.reload();
    await becomes(follower, 'owner');
    await becomes(owner, 'follower');
    const contents = await owner.evaluate(async () => {
      const history = await tab.shared.session('a').context.history();
      return history.map(({ content }) => content);
    });
    expect(contents).toEqual(['kept']);
  });

  it('that run the example of docs/tabs.md see what each other says', async () => {
    await using guide = await servePage(`${writeDocumented('tabs')}/rooms.ts`);
    const { context, page } = await pages.open();
    const said: Record<string, string[]> = {};
    const open = async (name: string, tabPage: Page) => {
      const lines: string[] = [];
      said[name] = lines;
      tabPage.on('console', (message) => lines.push(message.text()));
      await tabPage.goto(guide.url);
    };
    await open('first', page);
    await expect.poll(() => said.first?.at(-1)).toBe('3 ada conversation_added');
    await open('second', await context.newPage());
    await expect.poll(() => said.second?.at(-1)).toBe('4 ada conversation_added');
    await expect.poll(() => said.first?.at(-1)).toBe('4 ada conversation_added');
  });
});
