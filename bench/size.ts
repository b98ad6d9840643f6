import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';
import { bundle, bytesOf, ENGINE_PAGE } from '../scripts/bundle.ts';
import type { Benchmark } from './harness.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export const size: Benchmark = {
  name: 'size',
  title: 'what a page is sent for the engine with its store in memory, minified and gzipped, xstate apart',
  heap: 'usual',
  async run() {
    await mkdir(join(root, '.cache'), { recursive: true });
    // Within the repository, so that its dependencies are found; the package in it is laid out as it is published.
    const folder = await mkdtemp(join(root, '.cache', 'size-'));
    try {
      const chartroom = join(folder, 'node_modules', 'chartroom');
      await build({ outDir: chartroom, dts: false, sourcemap: false, logLevel: 'error' });
      const manifest = { name: 'chartroom', type: 'module', sideEffects: false, exports: './index.js' };
      await writeFile(join(chartroom, 'package.json'), JSON.stringify(manifest));
      const { atOnce, later } = await bundle(ENGINE_PAGE, { folder });
      return [
        { what: 'at once, gzipped', unit: 'kB', ours: bytesOf(atOnce) / 1_000, goal: 12 },
        { what: 'later, with what needs it', unit: 'kB', ours: bytesOf(later) / 1_000 },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
