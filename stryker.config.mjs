/**
 * `stryker run` changes the engine in one small way after another, and sees whether a unit test notices. All of it
 * takes hours on two cores; `stryker run --mutate 'src/events/**'` measures a part, and what was measured before is
 * taken from `.cache/stryker/incremental.json` as long as neither the code nor its tests have changed.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: [
    'machines/**/*.ts',
    'src/supervision.ts',
    'src/events/**/*.ts',
    'src/session/**/*.ts',
    'src/store/{check,document,inventory,reading,session-data,transfer}.ts',
    '!**/index.ts',
  ],
  // Stryker rewrites it by an API that TypeScript 7 has not; Vitest, which strips types, needs none.
  tsconfigFile: '.cache/stryker/no-tsconfig.json',
  testRunner: 'vitest',
  vitest: { configFile: 'test/strength/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  // Run with every mutant, and many times as slow as a mutant that only such code would find.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: '.cache/stryker/incremental.json',
  concurrency: 2,
  timeoutMS: 5_000,
  timeoutFactor: 2,
  tempDirName: '.cache/stryker/sandbox',
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: '.cache/stryker/report.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  ignorePatterns: ['.cache', 'coverage', 'dist', 'bench', 'examples', 'test/property', 'test/crash'],
  thresholds: { high: 95, low: 90, break: 90 },
};
