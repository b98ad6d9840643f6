import { join } from 'node:path';
import { defineConfig } from 'tsdown';
import { distName, programs, subpaths, workers } from './scripts/subpaths.ts';

export default defineConfig({
  entry: {
    ...Object.fromEntries(Object.entries(subpaths).map(([subpath, source]) => [distName(subpath), source])),
    ...workers,
    ...programs,
  },
  tsconfig: 'tsconfig.build.json',
  format: 'esm',
  platform: 'neutral',
  deps: { neverBundle: [/^node:/] },
  plugins: [
    {
      // It is built after this, into `dist` as well, and is no part of any bundle. Rolldown takes the folder that the
      // outputs go to for the root.
      name: 'the-app-of-the-inspector',
      resolveId: (id) => {
        const [, file] = /\/dist\/(inspector\/in-page\/.+)/.exec(id) ?? [];
        return file === undefined ? null : { id: join(import.meta.dirname, file), external: 'relative' };
      },
    },
  ],
  target: 'es2023',
  dts: { generator: 'tsgo' },
  sourcemap: true,
  failOnWarn: true,
  // The declarations come from its command line, which is stable.
  suppressWarnings: 'TypeScript 7.0 does not yet have a stable API',
});
