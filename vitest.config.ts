import { defineConfig } from 'vitest/config';
import { sourceAliases } from './scripts/subpaths.ts';
import { inPages } from './test/support/in-pages.ts';
import { sourceFiles } from './test/support/source-tree.ts';

/** Tests of the repository, of programs and of files rather than of actors; once is enough for them. */
const otherThanActors = [
  'test/architecture.test.ts',
  'test/bench.test.ts',
  'test/browser/**',
  'test/cli/**',
  'test/contract/client-sqlite.test.ts',
  'test/contract/store*.test.ts',
  'test/crash/**',
  'test/documentation.test.ts',
  'test/diagram/**',
  'test/docs-*.test.ts',
  'test/examples/**',
  'test/inspect/server/**',
  'test/inspector/**',
  'test/faults/storage*.test.ts',
  'test/package.test.ts',
  'test/store/**',
  'test/strength/**',
  'test/testing/store/**',
];

/**
 * `vitest run` tests against the XState that a plain `node` loads; `vitest run --mode development` against the
 * one behind the export condition `development`, where some errors are thrown that are silent elsewhere.
 */
export default defineConfig(({ mode }) => ({
  plugins: [
    {
      // Left alone, Vitest starts every worker with the condition `development`, which a user's Node has not.
      name: 'export-conditions',
      configEnvironment: (_name, { resolve }) => {
        if (resolve) resolve.conditions = mode === 'development' ? ['node', 'development'] : ['node'];
      },
    },
  ],
  resolve: { alias: sourceAliases },
  test: {
    include: ['test/**/*.test.ts'],
    // Nothing here waits on the wall clock; this only ends what hangs, on a slow machine too.
    testTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    exclude: ['test/**/*.browser.test.{ts,tsx}', ...(mode === 'development' ? otherThanActors : [])],
    coverage: {
      provider: 'v8',
      include: ['machines/**/*.ts', 'src/**/*.ts'],
      exclude: [
        ...sourceFiles('machines/**/*.ts', 'src/**/*.ts')
          .filter(({ typesOnly, listOnly }) => typesOnly || listOnly)
          .map(({ path }) => path),
        // Most of its branches are taken by engines that break something: docs/strength.md counts how many do.
        'src/testing/client/**',
        ...inPages,
      ],
      reporter: ['text', 'html'],
      thresholds: { branches: 95 },
    },
  },
}));
