/** Pages of a real Chromium, under watch: what a page must never do fails the test in which it does. */
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchChromium } from './chromium.ts';

/** What hostile content calls when a page runs it: `canary()`. */
export const CANARY = 'canary';

export interface WatchedContext {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Scripts of strangers, dialogs, uncaught errors, what the console calls an error, a breach of the policy. */
  readonly troubles: readonly string[];
  /** Addresses asked for, those of `blob:` and `data:` left out. */
  readonly requests: readonly string[];
}

export interface WatchOptions extends BrowserContextOptions {
  /** Troubles that belong to the test. */
  readonly expected?: RegExp;
}

export interface Pages {
  /** A fresh profile with one page. It is closed after the test, which fails when there was trouble. */
  open(options?: WatchOptions): Promise<WatchedContext>;
}

const FAILURES = fileURLToPath(new URL('../../.cache/failures/', import.meta.url));
const PATIENCE_MS = 15_000;

/** To be called once at the top of a test file. */
export function useChromium(args: readonly string[] = []): Pages {
  let browser: Browser;
  const opened: { watched: WatchedContext; expected: RegExp | undefined }[] = [];
  beforeAll(async () => {
    browser = await launchChromium(args);
  });
  afterAll(() => browser?.close());
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await keepPictures(task.name, opened);
    const troubles = opened.flatMap(({ watched, expected }) =>
      watched.troubles.filter((trouble) => !expected?.test(trouble)),
    );
    await Promise.all(opened.splice(0).map(({ watched }) => watched.context.close()));
    expect(troubles).toEqual([]);
  });
  return {
    async open({ expected, ...options } = {}) {
      const watched = await watch(browser, options);
      opened.push({ watched, expected });
      return watched;
    },
  };
}

/** What the pages of a test that failed looked like: `.cache/failures/`. */
async function keepPictures(name: string, opened: readonly { watched: WatchedContext }[]): Promise<void> {
  const stem = name.replace(/\W+/g, '-').slice(0, 80);
  const all = opened.flatMap(({ watched }) => watched.context.pages());
  await Promise.all(
    all.map((page, n) =>
      page.screenshot({ path: `${FAILURES}${stem}-${n}.png`, timeout: 5000 }).catch(() => {}),
    ),
  );
}

async function watch(browser: Browser, options: BrowserContextOptions): Promise<WatchedContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const troubles: string[] = [];
  const requests: string[] = [];
  // Chromium tells of a breach of the content security policy as an error in the console.
  context.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => troubles.push(`error: ${error.error().message}`));
  context.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  context.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url())) requests.push(request.url());
  });
  await context.exposeFunction(CANARY, () => troubles.push('a script of a stranger has run'));
  return { context, page: await context.newPage(), troubles, requests };
}
