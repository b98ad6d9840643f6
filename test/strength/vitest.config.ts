/** The tests that mutants of the engine are run against: see stryker.config.mjs. */
import { type ConfigEnv, defineConfig, mergeConfig } from 'vitest/config';
import project from '../../vitest.config.ts';

/** Fast, and about the engine alone; whole programs, packages and random runs take too long for each of thousands. */
const tests = [
  'test/{machines,session,events}/**/*.test.ts',
  'test/contract/{client,manager}.test.ts',
  'test/store/{check,document,inventory,memory,reading,session-data,transfer,wake-index}.test.ts',
  'test/{admission,deadlines,journal,journal-faults,journal-groups,local-client}.test.ts',
  'test/{manager,manager-wiring,recovery,supervision,turns}.test.ts',
];

export default defineConfig((env: ConfigEnv) => {
  const base = mergeConfig(project(env), { test: { testTimeout: 20_000, silent: true } });
  return { ...base, test: { ...base.test, include: tests } };
});
