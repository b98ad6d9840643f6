import { join, relative } from 'node:path';
import { defineConfig } from 'tsdown';
import { distName, programs, subpaths, workers } from './scripts/subpaths.ts';

/** `src/session/agents.ts` → `engine/session/agents`, `machines/session.ts` → `engine/machines/session` */
const chunkName = (id: string) =>
  `engine/${relative(import.meta.dirname, id)
    .replaceAll('\\', '/')
    .replace(/^src\//, '')
    .replace(/\.ts$/, '')}`;

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
  inputOptions: { preserveEntrySignatures: 'allow-extension' },
  outputOptions: {
    codeSplitting: {
      groups: [
        {
          // A file for each module of the engine. Where several share one, a bundler that splits code takes all that
          // any of them imports for needed at once, and what is to be loaded later is not.
          name: chunkName,
          debugName: 'engine',
          test: /\/(machines|src|src\/(events|session|store))\/(?!index\.)[^/]+\.ts$/,
          includeDependenciesRecursively: false,
        },
      ],
    },
  },
});
