import { performance } from 'node:perf_hooks';
import { type Benchmark, collect } from './harness.ts';
import { fill, LARGEST, OurSessions } from './populations.ts';

export const close: Benchmark = {
  name: 'close',
  title: 'close a manager',
  heap: 'usual',
  async run(options) {
    const size = options.quick ? 50 : LARGEST;
    const population = await fill(new OurSessions(size), options);
    collect();
    const cpu = process.cpuUsage();
    const start = performance.now();
    await population.manager.close();
    const ms = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    const what = `close a manager of ${size.toLocaleString('en-US')}`;
    return [{ what, unit: 'ms', ours: ms, oursCpu: (user + system) / 1000, goal: 2_000 }];
  },
};
