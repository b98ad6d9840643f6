import { performance } from 'node:perf_hooks';
import { fromPromise } from 'xstate';
import { createSessionManager } from '../src/index.ts';
import { type Benchmark, median, turn } from './harness.ts';
import { idOf } from './populations.ts';

const ROUNDS = 5;

export const crash: Benchmark = {
  name: 'crash',
  title: 'many sessions crash at once',
  heap: 'usual',
  async run(options) {
    const count = options.quick ? 20 : 4_000;
    const took: number[] = [];
    const blocked: number[] = [];
    for (let round = 0; round < (options.quick ? 1 : ROUNDS); round += 1) {
      const { reportedMs, longestMs } = await crashTogether(count);
      took.push(reportedMs);
      blocked.push(longestMs);
      options.say(`round ${round + 1}: reported in ${reportedMs.toFixed(0)} ms`);
    }
    const many = count.toLocaleString('en-US');
    return [
      { what: `${many} crash at once: all reported`, unit: 'ms', ours: median(took), goal: 1_000 },
      { what: 'the longest call meanwhile', unit: 'ms', ours: median(blocked), goal: 50 },
    ];
  },
};

/** The agents fail in one turn of the event loop; a caller goes on asking for a session that stays. */
async function crashTogether(count: number): Promise<{ reportedMs: number; longestMs: number }> {
  let fail = (_error: Error): void => {};
  const failing = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failing.catch(() => {});
  const never = new Promise<never>(() => {});
  const agent = fromPromise<never, { session: { id: string } }>(({ input }) =>
    input.session.id === 'survivor' ? never : failing,
  );
  const manager = createSessionManager({ agent, logger: () => {} });
  await manager.createSession({ id: 'survivor' });
  for (let index = 0; index < count; index += 1) await manager.createSession({ id: idOf(index) });
  const reported = new Set<string>();
  manager.subscribeToAllSessions((event) => reported.add(event.sessionId), { types: ['session_terminated'] });

  await turn();
  const start = performance.now();
  fail(new Error('all at once'));
  let longestMs = 0;
  while (reported.size < count) {
    const asked = performance.now();
    await manager.getSessionInfo('survivor');
    await turn();
    longestMs = Math.max(longestMs, performance.now() - asked);
    if (performance.now() - start > 60_000)
      throw new Error(`only ${reported.size} of ${count} were reported`);
  }
  const reportedMs = performance.now() - start;
  await manager.close();
  return { reportedMs, longestMs };
}
