import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSessionManager } from '../../../src/index.ts';
import { probe } from '../../../src/testing/client/abilities.ts';
import { constellation } from '../../../src/testing/client/constellations.ts';
import { scenarios } from '../../../src/testing/client/generate.ts';
import { planOf } from '../../../src/testing/client/options.ts';
import { PLAIN_SETTINGS } from '../../../src/testing/client/plain.ts';
import { runTwice } from '../../../src/testing/client/run.ts';
import type { TestEnv } from '../../../src/testing/index.ts';

const { subject: asked } = planOf(({ options }: TestEnv) => createSessionManager(options), { seed: 1 });
const chosen = fc.sample(constellation, { seed: 1, numRuns: 150 });

describe('a constellation', () => {
  it('comes about on the engine as it is, and breaks nothing', async () => {
    const subject = { ...asked, abilities: await probe(asked) };
    const reached = new Set<string>();
    for (const { settings, steps } of chosen) {
      const scenario = { schedule: 1, settings: { ...PLAIN_SETTINGS, ...settings }, steps };
      for (const what of (await runTwice(subject, scenario)).reached.keys()) reached.add(what);
    }
    const ends = ['ended idle', 'ended killed', 'ended init_failed', 'crashed for good'];
    const wanted = [...ends, 'asleep', 'crashed, restarting', 'crashed process'];
    expect(wanted.filter((what) => !reached.has(what))).toEqual([]);
  });

  it('gives way to what is pinned, and leaves a client without a store alone with it', async () => {
    const abilities = { ...(await probe(asked)), store: false };
    const pinned = { maxRestarts: 7, config: {} };
    const drawn = scenarios({ abilities, steps: 8, pinned, agentEvents: undefined });
    for (const { settings, steps } of fc.sample(drawn, { seed: 1, numRuns: 200 })) {
      expect(settings).toMatchObject({ ...pinned, store: 'memory' });
      for (const { command } of steps)
        expect(['crash', 'recover', 'fault', 'reopen']).not.toContain(command.do);
    }
  });
});
