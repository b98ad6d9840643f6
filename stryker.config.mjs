/**
 * `node test/strength/mutants.ts` runs Stryker on one part of the engine after another: it changes a part in one
 * small way after another, and sees whether the unit tests of that part notice. What was measured before is taken
 * from `.cache/stryker` as long as neither the code nor its tests have changed.
 */
import { parts } from './test/strength/parts.ts';

const { CHARTROOM_PART: part } = process.env;
const chosen = Object.entries(parts).filter(([name]) => (part ?? name) === name);

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: chosen.flatMap(([, { mutate }]) => mutate),
  // Stryker rewrites it by an API that TypeScript 7 has not; Vitest, which strips types, needs none.
  tsconfigFile: '.cache/stryker/no-tsconfig.json',
  testRunner: 'vitest',
  vitest: { configFile: 'test/strength/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  // Code that runs once, when its module is loaded: each change of it would have to run all the tests.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: `.cache/stryker/${part ?? 'all'}.json`,
  concurrency: 2,
  timeoutMS: 15_000,
  timeoutFactor: 2,
  tempDirName: `.cache/stryker/sandbox-${part ?? 'all'}`,
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  ignorePatterns: ['.cache', 'coverage', 'dist', 'bench', 'examples', 'test/property', 'test/crash'],
  thresholds: { high: 95, low: 90, break: null },
};
