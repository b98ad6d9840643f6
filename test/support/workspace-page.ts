/** The example app, built and served for the tests of one file, and what a person does in it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { buildSite, type SiteServer, serveSite } from '../../examples/workspace/site.ts';
import { ensureInspector } from '../../scripts/ensure-inspector.ts';

export interface ServedWorkspace {
  /** With a slash at its end. */
  readonly url: string;
}

/** To be called once at the top of a test file. */
export function useWorkspaceSite(): ServedWorkspace {
  let folder: string;
  let server: SiteServer;
  beforeAll(async () => {
    await ensureInspector();
    folder = await mkdtemp(join(tmpdir(), 'chartroom-workspace-'));
    await buildSite(folder);
    server = await serveSite(folder, 0);
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    get url() {
      return server.url;
    },
  };
}

export const sessionList = (page: Page): Locator => page.getByRole('navigation', { name: 'Sessions' });
/** The row of a session in the list. */
export const rowOf = (page: Page, name: string): Locator =>
  sessionList(page).getByRole('button', { name: new RegExp(`^${name}\\b`) });
export const conversation = (page: Page): Locator => page.getByRole('region', { name: 'Conversation' });
export const question = (page: Page): Locator => page.getByRole('textbox', { name: 'Question' });
/** A state of the live chart. */
export const lit = (page: Page, state: string): Locator =>
  page.getByRole('img', { name: `The session’s statechart: it is ${state}` });

/** Begins a session; gives its name. */
export async function begin(page: Page): Promise<string> {
  const before = page.url();
  await sessionList(page).getByRole('button', { name: 'New session' }).click();
  await page.waitForURL((url) => url.href !== before && url.hash !== '');
  await page.getByRole('heading', { name: 'Drop files here' }).waitFor();
  return page.getByRole('main').getByRole('heading', { level: 2 }).first().innerText();
}

export async function beginWithSamples(page: Page): Promise<string> {
  const name = await begin(page);
  await page.getByRole('button', { name: 'Use sample files' }).click();
  await page.getByRole('heading', { name: '3 files are here' }).waitFor();
  return name;
}

export async function askFor(page: Page, text: string): Promise<void> {
  await question(page).fill(text);
  await question(page).press('Enter');
}

export const CLOCKWORK = 'When did the clockwork stop?';

/** The answer to {@link CLOCKWORK}, whole. */
export async function clockworkAnswered(page: Page): Promise<void> {
  await conversation(page).getByText('14 April. The clockwork stopped at 03:10').last().waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).waitFor({ state: 'hidden' });
}

/** Lets the system drop files on the middle of the page. */
export async function dropOn(page: Page, ...files: readonly string[]): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize() ?? { width: 800, height: 600 };
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, x: width / 2, y: height / 2, data });
  await devtools.detach();
}
