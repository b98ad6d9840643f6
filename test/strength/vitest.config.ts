/** The tests that mutants are run against: those of the part they are in, see parts.ts and stryker.config.mjs. */
import { type ConfigEnv, defineConfig, mergeConfig } from 'vitest/config';
import project from '../../vitest.config.ts';
import { parts } from './parts.ts';

const { CHARTROOM_PART } = process.env;
const chosen = Object.entries(parts).filter(([name]) => (CHARTROOM_PART ?? name) === name);

export default defineConfig((env: ConfigEnv) => {
  // No test waits on the wall clock, so one that a mutant keeps waiting is soon known.
  const base = mergeConfig(project(env), { test: { testTimeout: 3_000, silent: true } });
  return { ...base, test: { ...base.test, include: chosen.flatMap(([, { tests }]) => tests) } };
});
