import { type Benchmark, settle } from './harness.ts';
import { fill, LARGEST, OurSessions } from './populations.ts';

export const memory: Benchmark = {
  name: 'memory',
  title: 'memory of live sessions without data',
  heap: 'usual',
  async run(options) {
    const size = options.quick ? 50 : LARGEST;
    await fill(new OurSessions(10), options);
    const before = await settledHeap();
    const population = await fill(new OurSessions(size), options);
    const after = await settledHeap();
    const { rss } = process.memoryUsage();
    const alive = (await population.manager.listSessions({ limit: 1 })).length;
    if (alive !== 1) throw new Error('the sessions are gone');
    return [
      { what: 'memory of a live session', unit: 'B', ours: (after - before) / size, goal: 3_000 },
      { what: `RSS of ${size.toLocaleString('en-US')} sessions`, unit: 'MB', ours: rss / 1e6, goal: 500 },
    ];
  },
};

async function settledHeap(): Promise<number> {
  await settle();
  return process.memoryUsage().heapUsed;
}
