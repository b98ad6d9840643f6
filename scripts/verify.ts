/**
 * `npm run verify`: the random tests at length. CHARTROOM_RUNS says how many runs each of them makes, and
 * CHARTROOM_KILLS how many processes are killed.
 */
import { runSteps } from './steps.ts';

const runs = process.env.CHARTROOM_RUNS ?? '20000';
const kills = process.env.CHARTROOM_KILLS ?? '500';

runSteps(
  [
    [`random concurrent sessions, ${runs} runs each`, 'vitest run test/property --testTimeout 0'],
    [`kill -9 over an SQLite file, ${kills} times`, 'node test/crash/main.ts'],
  ],
  { CHARTROOM_RUNS: runs, CHARTROOM_KILLS: kills },
);
