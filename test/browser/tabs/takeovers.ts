/** Tabs that send without pause while whichever owns the engine dies, again and again; then what was said is read. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { crash } from '../../support/chromium.ts';
import { servePage } from '../../support/page-server.ts';
import type { Random } from '../../support/random.ts';
import type { Acknowledged, Tab } from './page.ts';

declare const tab: Tab;

export interface TakeoverReport {
  /** Of the tabs that owned the engine when they died, by the way in which they did. */
  readonly deaths: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  /** Sentences, each about something that must not be. */
  readonly troubles: readonly string[];
}

const TABS = 3;
const PATIENCE_MS = 30_000;

/** How the owner's tab ends. */
const ways: Readonly<Record<string, (page: Page, name: string) => Promise<unknown>>> = {
  crashes: (page) => crash(page),
  'crashes amid writes': async (page, name) => {
    await page.evaluate((of) => tab.burst(of), name);
    await crash(page);
  },
  'crashes when it has written and told nobody': async (page) => {
    await page.evaluate(() => tab.fallSilent());
    await new Promise((resolve) => setTimeout(resolve, 50));
    await crash(page);
  },
  'is closed': (page) => page.close(),
  'is closed amid writes': async (page, name) => {
    await page.evaluate((of) => tab.burst(of), name);
    await page.close();
  },
  leaves: async (page) => {
    await page.evaluate(() => tab.shared.close());
    await page.close();
  },
};

export async function takeovers(browser: Browser, count: number, random: Random): Promise<TakeoverReport> {
  await using site = await servePage('test/browser/tabs/page.ts');
  const context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    return await new Run(context, site.url, random).run(count);
  } finally {
    await context.close();
  }
}

class Run {
  readonly #context: BrowserContext;
  readonly #url: string;
  readonly #random: Random;
  readonly #tabs = new Map<Page, string>();
  readonly #acknowledged: Acknowledged[] = [];
  readonly #troubles: string[] = [];
  readonly #deaths: Record<string, number> = {};
  #opened = 0;

  constructor(context: BrowserContext, url: string, random: Random) {
    this.#context = context;
    this.#url = url;
    this.#random = random;
  }

  async run(count: number): Promise<TakeoverReport> {
    await this.#context.exposeFunction('acknowledged', (message: Acknowledged) => {
      this.#acknowledged.push(message);
    });
    await this.#context.exposeFunction('trouble', (text: string) => {
      this.#troubles.push(text);
    });
    while (this.#tabs.size < TABS) await this.#open();
    for (let n = 0; n < count; n++) {
      await this.#spoken(this.#random.pick([2, 10, 30]));
      const owner = await this.#owner();
      // Between asking and answering there are a few milliseconds; each of them is to be hit.
      await new Promise((resolve) => setTimeout(resolve, this.#random.pick([0, 1, 2, 3, 5, 8, 13])));
      const way = this.#random.pick(Object.keys(ways));
      const name = this.#tabs.get(owner) ?? '';
      this.#tabs.delete(owner);
      this.#deaths[way] = (this.#deaths[way] ?? 0) + 1;
      await ways[way]?.(owner, name);
      // Sometimes the last one left is alone with the takeover.
      if (this.#random.chance(0.25)) await this.#loseOne();
      await this.#owner();
      while (this.#tabs.size < TABS) await this.#open();
    }
    await this.#spoken(10);
    await this.#judge();
    return {
      deaths: this.#deaths,
      acknowledged: this.#acknowledged.length,
      troubles: this.#troubles,
    };
  }

  async #open(): Promise<void> {
    const page = await this.#context.newPage();
    const name = `tab${this.#opened++}`;
    // Two tabs may share a process: what dies with the owner is no tab any more.
    page.on('crash', () => this.#tabs.delete(page));
    page.on('pageerror', (error) => this.#troubles.push(`${name}: ${error.message}`));
    await page.goto(this.#url);
    await page.evaluate((of) => {
      tab
        .send(of)
        .catch((error) => (globalThis as unknown as { trouble(text: string): void }).trouble(String(error)));
    }, name);
    this.#tabs.set(page, name);
  }

  async #loseOne(): Promise<void> {
    const [page] = this.#tabs.keys();
    if (!page || this.#tabs.size < 2) return;
    this.#tabs.delete(page);
    await page.close();
  }

  /** So many more messages have been acknowledged. */
  async #spoken(more: number): Promise<void> {
    const until = this.#acknowledged.length + more;
    const deadline = Date.now() + PATIENCE_MS;
    while (this.#acknowledged.length < until) {
      if (Date.now() > deadline) throw new Error(`Nothing is acknowledged any more. ${await this.#states()}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async #owner(): Promise<Page> {
    const isOwner = async (page: Page) => {
      await page.waitForFunction(() => tab.shared.state.is === 'owner');
      return page;
    };
    try {
      return await Promise.any([...this.#tabs.keys()].map(isOwner));
    } catch {
      throw new Error(`No tab owns the engine. ${await this.#states()}`);
    }
  }

  async #states(): Promise<string> {
    const states = [...this.#tabs].map(async ([page, name]) => {
      const state = await page.evaluate(() => JSON.stringify(tab.shared.state)).catch(String);
      return `${name}: ${state}`;
    });
    return `${(await Promise.all(states)).join(', ')}; ${this.#troubles.join('; ')}`;
  }

  async #judge(): Promise<void> {
    const pages = [...this.#tabs.keys()];
    const stop = (page: Page) => page.evaluate(() => tab.stop());
    await Promise.all(pages.map(stop));
    // What was asked before it has been answered; the sends that the loops were in the middle of are among it.
    await Promise.all(pages.map((page) => page.evaluate(() => tab.shared.listSessions().then(() => {}))));
    const [reader] = pages;
    if (!reader) throw new Error('No tab is left.');
    const { trace, histories } = await reader.evaluate(() => tab.everything());
    for (const page of pages) await this.#compareTrace(page, trace);
    this.#compareMessages(histories);
  }

  /** From where it joined, each tab has heard exactly what the journal holds. */
  async #compareTrace(page: Page, whole: readonly string[]): Promise<void> {
    const last = whole.at(-1) ?? '';
    await page.waitForFunction((line) => tab.trace.includes(line), last);
    const heard = await page.evaluate(() => tab.trace);
    const from = whole.indexOf(heard[0] ?? '');
    const expected = whole.slice(from);
    const had = heard.slice(0, heard.indexOf(last) + 1);
    const at = expected.findIndex((line, n) => line !== had[n]);
    if (from < 0 || at >= 0 || had.length !== expected.length)
      this.#troubles.push(
        `${this.#tabs.get(page)} heard "${had[at]}" where the journal has "${expected[at]}"`,
      );
  }

  #compareMessages(histories: Record<string, { id: string; seq: number; key: string }[]>): void {
    for (const [session, messages] of Object.entries(histories)) {
      const keys = messages.map(({ key }) => key);
      if (new Set(keys).size < keys.length) this.#troubles.push(`session ${session} holds a message twice`);
      if (messages.some(({ seq }, n) => n > 0 && seq <= (messages[n - 1]?.seq ?? 0)))
        this.#troubles.push(`session ${session} is out of order`);
      // The loop of a tab waits for each message before it sends the next.
      const order = new Map<string, number>();
      for (const key of keys.filter((each) => each.includes('-one-'))) {
        const [tabName = '', , n] = key.split('-');
        if (Number(n) <= (order.get(tabName) ?? -1)) this.#troubles.push(`${key} comes too late`);
        order.set(tabName, Number(n));
      }
    }
    for (const { session, key, id, seq } of this.#acknowledged) {
      const found = histories[session]?.filter((message) => message.key === key) ?? [];
      if (found.length !== 1 || found[0]?.id !== id || found[0]?.seq !== seq)
        this.#troubles.push(`${key} was acknowledged as ${id}, and found ${found.length} times`);
    }
  }
}
