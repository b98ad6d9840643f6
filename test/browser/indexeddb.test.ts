import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useChromium } from '../support/browser.ts';
import { chromiumLaunch, crash } from '../support/chromium.ts';
import { useFolder } from '../support/folder.ts';
import { usePageServer } from '../support/page-server.ts';
import { Random } from '../support/random.ts';

/** A name that stands for this machine, and is no secure context. */
const INSECURE = 'rooms.example';
const pages = useChromium([`--host-resolver-rules=MAP ${INSECURE} 127.0.0.1`]);
const server = usePageServer('test/browser/indexeddb/page.ts');

const NAME = 'rooms';

async function load(page: Page, url = server.url): Promise<void> {
  await page.goto(url);
  await page.waitForFunction(() => window.rooms !== undefined);
}

async function visit(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await load(page);
  return page;
}

/** Acknowledgements that pages have reported, and whoever waits for the next so many. */
async function listenIn(context: BrowserContext) {
  const newest = new Map<string, number>();
  let left = Number.POSITIVE_INFINITY;
  let reached = () => {};
  await context.exposeFunction('acknowledged', (session: string, n: number) => {
    newest.set(session, n);
    left -= 1;
    if (left === 0) reached();
  });
  const report = (count: number) =>
    new Promise<void>((resolve) => {
      left = count;
      reached = resolve;
    });
  return { newest, report };
}

/** Kills the process of the page, or closes the page without a word to it. */
async function kill(page: Page, crashes: boolean): Promise<void> {
  if (crashes) await crash(page);
  await page.close({ runBeforeUnload: false });
}

const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

describe('a tab that is killed while it writes', () => {
  it('leaves every acknowledged change, and of each call all or nothing', async () => {
    const { context } = await pages.open();
    const { newest, report } = await listenIn(context);
    const random = new Random(20);
    for (let round = 0; round < 16; round += 1) {
      const page = await visit(context);
      expect(await page.evaluate((name) => window.rooms.open(name), NAME)).toBe('durable');
      const found = await page.evaluate(() => window.rooms.found());
      for (const [id, n] of newest) {
        expect(found[id]?.said.length, `${id} in round ${round}`).toBeGreaterThanOrEqual(n);
        expect(found[id]?.noted, `${id} in round ${round}`).toBeGreaterThanOrEqual(n);
      }
      for (const { said } of Object.values(found)) expect(said).toEqual(upTo(said.length));
      const moment = report(random.between(1, 40));
      await page.evaluate(() => window.rooms.writeForEver());
      await moment;
      await kill(page, round % 2 === 0);
    }
    expect(newest.size).toBe(3);
  });

  it('leaves each group of facts whole or not at all', async () => {
    const { context } = await pages.open();
    const { newest, report } = await listenIn(context);
    const random = new Random(21);
    let before = 0;
    for (let round = 0; round < 8; round += 1) {
      const writer = await visit(context);
      const moment = report(random.between(1, 12));
      await writer.evaluate((name) => void window.rooms.appendForEver(name), NAME);
      await moment;
      await kill(writer, round % 2 === 0);
      const reader = await visit(context);
      const { lastSeq, facts, loaded, heads } = await reader.evaluate(
        (name) => window.rooms.stored(name),
        NAME,
      );
      expect([lastSeq % 21, facts, loaded, heads]).toEqual([0, lastSeq, lastSeq, lastSeq]);
      expect(lastSeq / 21).toBeGreaterThanOrEqual(newest.get('groups') ?? 0);
      expect(lastSeq).toBeGreaterThan(before);
      before = lastSeq;
      await reader.close();
    }
  });
});

describe('a browser that crashes while it writes', () => {
  const folder = useFolder();

  it('leaves on its disk every group of facts that was acknowledged, whole', async () => {
    const random = new Random(22);
    let acknowledged = 0;
    for (let round = 0; round < 3; round += 1) {
      const writing = await chromium.launchPersistentContext(folder(), await chromiumLaunch());
      const { newest, report } = await listenIn(writing);
      const moment = report(random.between(1, 12));
      const writer = await visit(writing);
      await writer.evaluate((name) => void window.rooms.appendForEver(name), NAME);
      await moment;
      const closed = writing.waitForEvent('close');
      const cdp = await writing.newCDPSession(writer);
      cdp.send('Browser.crash').catch(() => {});
      await closed;
      acknowledged = newest.get('groups') ?? 0;
      const reading = await chromium.launchPersistentContext(folder(), await chromiumLaunch());
      const reader = await visit(reading);
      const { lastSeq, facts, loaded } = await reader.evaluate((name) => window.rooms.stored(name), NAME);
      expect([lastSeq % 21, facts, loaded]).toEqual([0, lastSeq, lastSeq]);
      expect(lastSeq / 21).toBeGreaterThanOrEqual(acknowledged);
      await reading.close();
    }
    expect(acknowledged).toBeGreaterThan(2);
  });
});

describe('a page that is loaded again', () => {
  it('has its store at once, however often, and all that was said', async () => {
    const { page } = await pages.open();
    for (let round = 0; round < 10; round += 1) {
      await load(page);
      expect(await page.evaluate((name) => window.rooms.open(name), NAME)).toBe('durable');
      await page.evaluate(() => window.rooms.fill(10, 1));
      expect(await page.evaluate(() => window.rooms.count())).toBe(round + 1);
    }
  });

  it('has its store also when the user comes back to it by the history', async () => {
    const { page } = await pages.open();
    await load(page);
    await page.evaluate((name) => window.rooms.open(name), NAME);
    await page.evaluate(() => window.rooms.fill(10, 3));
    await page.goto(`${server.url}bare`);
    await page.goBack();
    await page.waitForFunction(() => window.rooms !== undefined);
    expect(await page.evaluate((name) => window.rooms.open(name), NAME)).toBe('durable');
    expect(await page.evaluate(() => window.rooms.count())).toBe(3);
  });
});

describe('two tabs', () => {
  it('have one owner: the second is refused, and gets the store when the first is gone', async () => {
    const { page, context } = await pages.open();
    await load(page);
    await page.evaluate((name) => window.rooms.open(name), NAME);
    await page.evaluate(() => window.rooms.fill(10, 2));
    const second = await visit(context);
    const refusal = second.evaluate((name) => window.rooms.open(name), NAME);
    await expect(refusal).rejects.toThrow(/belongs to "/);
    expect(await second.evaluate(() => window.rooms.state())).toMatchObject({
      states: ['closed', 'opening', 'refused'],
      reason: { code: 'STORE_LOCKED' },
    });
    await page.close({ runBeforeUnload: false });
    expect(await second.evaluate((name) => window.rooms.open(name), NAME)).toBe('durable');
    expect(await second.evaluate(() => window.rooms.count())).toBe(2);
  });
});

describe('a full quota', () => {
  const limitTo = async (cdp: CDPSession, quotaSize?: number) =>
    cdp.send('Storage.overrideQuotaForOrigin', {
      origin: new URL(server.url).origin,
      ...(quotaSize !== undefined && { quotaSize }),
    });

  it('refuses a write with STORE_FAILED, flagged; memory goes on, and the next write works once there is room', async () => {
    const { page, context } = await pages.open();
    const cdp = await context.newCDPSession(page);
    await load(page);
    await limitTo(cdp, 2_000_000);
    await page.evaluate((name) => window.rooms.open(name), NAME);
    const first = await page.evaluate(() => window.rooms.fill(100_000, 100));
    expect(first.refused).toMatchObject({ code: 'STORE_FAILED', full: true, name: NAME });
    expect(await page.evaluate(() => window.rooms.state())).toMatchObject({
      states: ['closed', 'opening', 'durable', 'full'],
      reason: { code: 'STORE_FAILED', full: true },
    });
    expect(await page.evaluate(() => window.rooms.count())).toBe(first.taken);
    await limitTo(cdp);
    expect(await page.evaluate(() => window.rooms.fill(100_000, 3))).toEqual({ taken: 3 });
    expect((await page.evaluate(() => window.rooms.state())).states.at(-1)).toBe('durable');
    await load(page);
    expect(await page.evaluate((name) => window.rooms.open(name), NAME)).toBe('durable');
    expect(await page.evaluate(() => window.rooms.count())).toBe(first.taken + 3);
  });

  it('before the store is opened leaves sessions in memory, announced', async () => {
    const { page, context } = await pages.open();
    const cdp = await context.newCDPSession(page);
    await load(page);
    await limitTo(cdp, 1);
    expect(await page.evaluate((name) => window.rooms.open(name), NAME)).toBe('memory');
    expect(await page.evaluate(() => window.rooms.fill(10, 3))).toEqual({ taken: 3 });
    expect(await page.evaluate(() => window.rooms.state())).toMatchObject({
      states: ['closed', 'opening', 'memory'],
      reason: { code: 'STORE_FAILED', full: true },
    });
    await limitTo(cdp);
  });
});

describe('site data that the user clears', () => {
  it('loses the store, and the page is told to reload', async () => {
    const { page, context } = await pages.open();
    const cdp = await context.newCDPSession(page);
    await load(page);
    await page.evaluate((name) => window.rooms.open(name), NAME);
    await page.evaluate(() => window.rooms.fill(10, 1));
    const { origin } = new URL(server.url);
    await cdp.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
    await page.waitForFunction(() => window.rooms.state().states.at(-1) === 'lost');
    expect(await page.evaluate(() => window.rooms.fill(10, 1))).toMatchObject({
      taken: 0,
      refused: { code: 'STORE_FAILED', lost: true },
    });
    await load(page);
    expect(await page.evaluate((name) => window.rooms.open(name), NAME)).toBe('durable');
  });
});

describe('a page that gets no store from its browser', () => {
  it('in a sandboxed frame goes on in memory, announced', async () => {
    const { page } = await pages.open();
    await page.goto(`${server.url}framed`);
    const [, frame] = page.frames();
    await frame?.waitForFunction(() => window.rooms !== undefined);
    expect(await frame?.evaluate((name) => window.rooms.open(name), NAME)).toBe('memory');
    expect(await frame?.evaluate(() => window.rooms.fill(10, 2))).toEqual({ taken: 2 });
    expect(await frame?.evaluate(() => window.rooms.state())).toMatchObject({
      reason: { code: 'STORE_FAILED' },
    });
  });

  it('without a secure context has no Web Locks, and goes on in memory, announced', async () => {
    const { page } = await pages.open();
    await load(page, `http://${INSECURE}:${server.port}/`);
    expect(await page.evaluate((name) => window.rooms.open(name), NAME)).toBe('memory');
    expect(await page.evaluate(() => window.rooms.fill(10, 2))).toEqual({ taken: 2 });
    expect(await page.evaluate(() => window.rooms.state())).toMatchObject({
      reason: { code: 'STORE_FAILED', missing: 'locks' },
    });
  });
});
