import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'tsdown';
import type { Benchmark } from './harness.ts';

export const size: Benchmark = {
  name: 'size',
  title: 'the `chartroom` entry, minified and gzipped, with all it needs but xstate',
  heap: 'usual',
  async run() {
    const outDir = await mkdtemp(join(tmpdir(), 'chartroom-size-'));
    try {
      await build({
        config: false,
        entry: { index: fileURLToPath(new URL('../src/index.ts', import.meta.url)) },
        outDir,
        format: 'esm',
        platform: 'neutral',
        target: 'es2023',
        minify: true,
        dts: false,
        logLevel: 'error',
        deps: { neverBundle: [/^xstate/], alwaysBundle: [/./] },
      });
      const files = (await readdir(outDir)).filter((name) => /\.m?js$/.test(name));
      const sources = await Promise.all(files.map((name) => readFile(join(outDir, name))));
      const bytes = gzipSync(Buffer.concat(sources), { level: 9 }).length;
      return [{ what: 'the entry, gzipped', unit: 'kB', ours: bytes / 1_000, goal: 12 }];
    } finally {
      await rm(outDir, { recursive: true, force: true });
    }
  },
};
