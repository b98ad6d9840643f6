import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createSessionManager } from '../src/index.ts';
import { sqliteStore } from '../src/store/sqlite.ts';
import { type Benchmark, settle } from './harness.ts';
import { fillStore } from './stored.ts';
import { wakeOneByOne } from './wakes.ts';

const STORED = 1_000_000;
const READY_MS = 1_000;
/** Of each, in the memory of the process. */
export const ASLEEP_BYTES = 200;

export const asleep: Benchmark = {
  name: 'asleep',
  title: 'a manager over an SQLite file of sleeping sessions',
  heap: 'usual',
  async run(options) {
    const file = join(options.folder, 'asleep.db');
    const wanted = options.quick ? 50 : STORED;
    const sessions = await fillStore({ file, sessions: wanted, messages: 0, idle: true }, options);
    const many = sessions.toLocaleString('en-US');

    // The code is there, and what one manager holds anyway.
    await createSessionManager({ store: sqliteStore(join(options.folder, 'none.db')) }).ready;
    const before = await settledMemory();
    const start = performance.now();
    const manager = createSessionManager({ store: sqliteStore(file) });
    await manager.ready;
    const readyMs = performance.now() - start;
    const after = await settledMemory();
    const stats = manager.stats();
    if (stats.asleep !== sessions) throw new Error(`${stats.asleep} of ${sessions} sessions are asleep`);
    options.say(`ready in ${readyMs.toFixed(0)} ms`);

    const wakes = await wakeOneByOne(manager, file, sessions, `of ${many}`, options);
    await manager.close();
    return [
      { what: `ready with ${many} asleep`, unit: 'ms', ours: readyMs, goal: READY_MS },
      {
        what: `memory of each of ${many} asleep`,
        unit: 'B',
        ours: Math.max(0, after.bytes - before.bytes) / sessions,
        goal: ASLEEP_BYTES,
      },
      {
        what: '  by RSS, its store with it',
        unit: 'B',
        ours: Math.max(0, after.rss - before.rss) / sessions,
        goal: ASLEEP_BYTES,
      },
      ...wakes,
    ];
  },
};

/** After full collections: the heap with what hangs on it outside, and all that the system has given the process. */
export async function settledMemory(): Promise<{ bytes: number; rss: number }> {
  await settle();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { bytes: heapUsed + external, rss };
}
