/**
 * `npm run verify`: what takes too long for every change. CHARTROOM_RUNS says how many random runs are made,
 * CHARTROOM_KILLS how many processes and CHARTROOM_TAKEOVERS how many tabs are killed; docs/strength.md says what
 * the seeded bugs and the mutants measure.
 */
import { runSteps } from './steps.ts';

const runs = process.env.CHARTROOM_RUNS ?? '20000';
const kills = process.env.CHARTROOM_KILLS ?? '500';
const takeovers = process.env.CHARTROOM_TAKEOVERS ?? '200';

runSteps(
  [
    [`random concurrent sessions, ${runs} runs each`, 'vitest run test/property --testTimeout 0'],
    ['seeded bugs, each killed on 5 seeds', 'node --import ./scripts/source.ts test/strength/main.ts'],
    [`kill -9 over an SQLite file, ${kills} times`, 'node test/crash/main.ts'],
    [
      `the tab that owns the engine dies, in a real Chromium, ${takeovers} times`,
      'node --import ./scripts/source.ts test/browser/tabs/main.ts',
    ],
    ["the inspector's page", 'node --import ./scripts/source.ts scripts/ensure-inspector.ts'],
    [
      '5,000 sessions at 1,000 events a second, looked at in a real Chromium',
      'node --import ./scripts/source.ts test/browser/load.ts',
    ],
    [
      '200 sessions of the example streaming at once, in a real Chromium',
      'node --import ./scripts/source.ts test/browser/workspace-load.ts',
    ],
    ['mutants, against the unit tests of their part', 'node test/strength/mutants.ts'],
  ],
  { CHARTROOM_RUNS: runs, CHARTROOM_KILLS: kills, CHARTROOM_TAKEOVERS: takeovers },
);
