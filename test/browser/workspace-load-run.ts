/** Looks at the workspace while all of its sessions stream at once, in a real Chromium. */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { serveWorkspace } from '../support/workspace-page.ts';
import { type Strain, strainOf } from './load-meter.ts';
import type {} from './workspace-load/main.ts';

export interface WorkspaceLoadResult {
  readonly strain: Strain;
  /** From first to last, also before and after the measurement. */
  readonly answers: number;
  readonly pieces: number;
  readonly failures: readonly string[];
  /** Pieces of answers in a second, while it was measured. */
  readonly piecesPerSecond: number;
}

const PAGE = fileURLToPath(new URL('./workspace-load', import.meta.url));
/** Until all are at different places of their answers. */
const WARM_UP_MS = 2000;

/** `whileLoaded` is called with the page when the measurement is over and the load still goes on. */
export async function runWorkspaceLoad(
  page: Page,
  sessions: number,
  ms: number,
  whileLoaded: (page: Page) => Promise<void> = async () => {},
): Promise<WorkspaceLoadResult> {
  await using site = await serveWorkspace(PAGE, ['index.html']);
  await page.goto(site.url);
  await page.getByText('Kept in this browser').waitFor();
  await page.waitForFunction(() => globalThis.load !== undefined);
  const ids = await page.evaluate((count) => globalThis.load.create(count), sessions);
  await page.evaluate(
    (id) => {
      location.hash = id;
    },
    ids[Math.floor(sessions / 2)] ?? '',
  );
  await page.getByRole('textbox', { name: 'Question' }).waitFor();
  await page.evaluate(() => globalThis.load.start());
  await page.waitForTimeout(WARM_UP_MS);
  const counted = () => page.evaluate(() => globalThis.load.pieces());
  const before = await counted();
  const strain = await strainOf(page, ms);
  const after = await counted();
  await whileLoaded(page);
  const result = await page.evaluate(() => globalThis.load.stop());
  return { strain, ...result, piecesPerSecond: (after - before) / strain.seconds };
}
