import { expect, it } from 'vitest';
import { runCampaign } from './campaign.ts';

/** `npm test` makes the same plans each time; `npm run verify` draws its seed and makes many more. */
const SEED = 1;
const KILLS = 25;

it(`nothing acknowledged is lost, and nothing else is found, over ${KILLS} times kill -9`, async () => {
  const tally = await runCampaign({ seed: SEED, kills: KILLS });
  expect(tally.kills).toBe(KILLS);
  // A workload that no longer gets anywhere proves nothing.
  expect(tally.acknowledged).toBeGreaterThan(200);
  expect(tally.sessions).toBeGreaterThan(30);
  expect(tally.boundaries.size).toBeGreaterThan(8);
}, 180_000);
