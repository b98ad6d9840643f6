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
  // The inspector's app is built after this, into `dist` as well.
  deps: { neverBundle: [/^node:/, /\/dist\/inspector\/in-page\//] },
  target: 'es2023',
  dts: { generator: 'tsgo' },
  sourcemap: true,
  failOnWarn: true,
  // The declarations come from its command line, which is stable.
  suppressWarnings: 'TypeScript 7.0 does not yet have a stable API',
});
