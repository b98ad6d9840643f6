import { describe, expect, it } from 'vitest';
// Loaded by a manager with an agent when it opens; here at once, because loading takes as long as it takes.
import '../../src/session/agent-persistence.ts';
import { createSessionManager, memoryStore } from '../../src/index.ts';
import type { Engine } from './engine.ts';
import { regressions } from './regressions.ts';
import { runTwice } from './run.ts';
import { runSuite } from './suite.ts';

const engine: Engine = { createSessionManager, memoryStore };

/** `npm test` makes the same runs each time, so that it fails for a change and not by chance; a hunt draws its seed. */
const { CHARTROOM_RUNS, CHARTROOM_SEED, CHARTROOM_PATH: path } = process.env;
const runs = Number(CHARTROOM_RUNS ?? 300);
const drawn = CHARTROOM_RUNS === undefined ? 1 : Math.floor(Math.random() * 2 ** 31);
const seed = Number(CHARTROOM_SEED ?? drawn);
/** Runs that shrink a failure take longer than those that find none. */
const TIMEOUT_MS = 60_000 + runs * 1_000;

/** What 300 runs must have gone through; a generator that no longer gets there proves nothing. */
const EXPECTED = [
  'initializing → active',
  'initializing → terminated',
  'active → idle',
  'idle → active',
  'active → terminating',
  'idle → terminating',
  'terminating → terminated',
  'terminated → initializing',
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

describe('the engine keeps its properties', () => {
  for (const regression of regressions) {
    it(`in a run that once broke one: ${regression.name}`, async () => {
      await runTwice(engine, regression.scenario);
    });
  }

  it(
    `on ${runs} random concurrent runs`,
    async () => {
      console.info(`properties: seed ${seed}, ${runs} runs`);
      const report = await runSuite(engine, { runs, seed, ...(path !== undefined && { path }) });
      if (path !== undefined || runs < 300) return;
      const missed = EXPECTED.filter((what) => !report.reached.has(what));
      expect(missed).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
