/** Looks at the workspace while all of its sessions stream at once, in a real Chromium. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { config, serveSite } from '../../examples/workspace/site.ts';
import { ensureInspector } from '../../scripts/ensure-inspector.ts';
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
  await ensureInspector();
  const folder = await mkdtemp(join(tmpdir(), 'chartroom-load-'));
  await build({
    ...config,
    root: PAGE,
    build: { outDir: folder, emptyOutDir: true, target: 'es2023', rolldownOptions: { external: /^node:/ } },
  });
  const server = await serveSite(folder, 0);
  try {
    await page.addInitScript(() => {
      globalThis.meter = { characters: 0, messages: 0, frames: [] };
    });
    await page.goto(server.url);
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
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}
