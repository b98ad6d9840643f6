import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSessionManager } from '../../src/index.ts';
import { verifyClient } from '../../src/testing/index.ts';

/** `npm test` makes the same runs each time, so that it fails for a change and not by chance; a hunt draws its seed. */
const { CHARTROOM_RUNS, CHARTROOM_SEED, CHARTROOM_PATH: path } = process.env;
const runs = Number(CHARTROOM_RUNS ?? 300);
const drawn = CHARTROOM_RUNS === undefined ? 1 : Math.floor(Math.random() * 2 ** 31);
const seed = Number(CHARTROOM_SEED ?? drawn);
/** Runs that shrink a failure take longer than those that find none. */
const TIMEOUT_MS = 60_000 + runs * 1_000;

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** What 300 runs must have gone through; a generator that no longer gets there proves nothing. */
const EXPECTED = [
  'ended normal',
  'ended killed',
  'ended crashed',
  'ended idle',
  'ended timeout',
  'ended init_failed',
  'crashed, restarting',
  'crashed for good',
  'restored',
  'crashed process',
  'found what nobody was told',
  'asleep',
  'set aside',
];

describe('the engine keeps its invariants', () => {
  it(
    `in every kept run, and on ${runs} random concurrent ones`,
    async () => {
      console.info(`verifyClient: seed ${seed}, ${runs} runs`);
      const report = await verifyClient(({ options }) => createSessionManager(options), {
        name: 'engine',
        runs,
        seed,
        ...(path !== undefined && { path }),
        regressions: file('./regressions.json'),
        traceFolder: file('./.failures/'),
      });
      if (path !== undefined || runs < 300) return;
      expect(report.neverTaken).toEqual([]);
      expect(EXPECTED.filter((what) => !(what in report.reached))).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
