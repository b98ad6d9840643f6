import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { SimulatedClock } from 'xstate';
import { createSessionManager, type SessionManager } from '../src/index.ts';
import { sqliteStore } from '../src/store/sqlite.ts';
import { ASLEEP_BYTES, settledMemory } from './asleep.ts';
import { type Benchmark, turn } from './harness.ts';
import { idOf } from './populations.ts';
import { TEXT } from './scribe.ts';
import { wakeOneByOne } from './wakes.ts';

const SESSIONS = 20_000;
/** Created at once. */
const TOGETHER = 500;
const PATIENCE_MS = 120_000;
const config = { idleAfterMs: 1_000, sleepAfterMs: 2_000 };

export const sleep: Benchmark = {
  name: 'sleep',
  title: 'sessions that fall asleep in this process, and wake',
  heap: 'usual',
  async run(options) {
    const sessions = options.quick ? 50 : SESSIONS;
    const many = sessions.toLocaleString('en-US');
    const clock = new SimulatedClock();
    const file = join(options.folder, 'sleep.db');
    const manager = createSessionManager({ store: sqliteStore(file), clock, sessionDefaults: config });
    await manager.ready;
    const before = await settledMemory();

    await live(manager, sessions);
    const alive = await settledMemory();
    options.say(`${many} sessions`);

    clock.increment(config.idleAfterMs);
    await until(() => manager.stats().sessions.idle === sessions);
    options.say('all idle');
    const start = performance.now();
    clock.increment(config.sleepAfterMs);
    await until(() => manager.stats().asleep === sessions);
    const tookMs = performance.now() - start;
    const asleep = await settledMemory();
    options.say('all asleep');

    const wakes = await wakeOneByOne(manager, file, sessions, `that fell asleep`, options);
    await manager.close();
    const each = (bytes: number): number => Math.max(0, bytes - before.bytes) / sessions;
    return [
      {
        what: `memory of each of ${many} fallen asleep`,
        unit: 'B',
        ours: each(asleep.bytes),
        goal: ASLEEP_BYTES,
      },
      { what: '  of each while awake, with a message', unit: 'B', ours: each(alive.bytes) },
      {
        what: '  RSS, asleep against awake',
        unit: 'MB',
        ours: asleep.rss / 1e6,
        peer: 'awake',
        theirs: alive.rss / 1e6,
      },
      { what: '  falling asleep together', unit: '/s', ours: (sessions * 1000) / tookMs },
      ...wakes,
    ];
  },
};

async function live(manager: SessionManager, sessions: number): Promise<void> {
  const create = async (index: number): Promise<void> => {
    const session = await manager.createSession({ id: idOf(index) });
    await session.send('user', TEXT);
  };
  for (let index = 0; index < sessions; index += TOGETHER) {
    const count = Math.min(TOGETHER, sessions - index);
    await Promise.all(Array.from({ length: count }, (_, n) => create(index + n)));
  }
}

async function until(done: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!done()) {
    if (performance.now() > end) throw new Error('the sessions did not come to rest');
    await turn();
  }
}
