/** The example app, built and served for the tests of one file, and what a person does in it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { buildSite, serveSite } from '../../examples/workspace/site.ts';
import { ensureInspector } from '../../scripts/ensure-inspector.ts';

export interface ServedWorkspace {
  /** With a slash at its end. */
  readonly url: string;
}

/** The pages of the workspace, or others that are made of its parts. They are gone when this is disposed of. */
export async function serveWorkspace(
  root?: string,
  pages?: readonly string[],
): Promise<ServedWorkspace & AsyncDisposable> {
  await ensureInspector();
  const folder = await mkdtemp(join(tmpdir(), 'chartroom-workspace-'));
  await buildSite(folder, root, pages);
  const server = await serveSite(folder, 0);
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same for the tests of one file, to be called once at its top. */
export function useWorkspaceSite(): ServedWorkspace {
  let served: Awaited<ReturnType<typeof serveWorkspace>>;
  beforeAll(async () => {
    served = await serveWorkspace();
  });
  afterAll(() => served?.[Symbol.asyncDispose]());
  return {
    get url() {
      return served.url;
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
