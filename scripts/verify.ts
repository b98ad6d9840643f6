/** `npm run verify`: the random tests at length. CHARTROOM_RUNS says how many runs each of them makes. */
import { runSteps } from './steps.ts';

const runs = process.env.CHARTROOM_RUNS ?? '20000';

runSteps([[`random concurrent sessions, ${runs} runs each`, 'vitest run test/property --testTimeout 0']], {
  CHARTROOM_RUNS: runs,
});
