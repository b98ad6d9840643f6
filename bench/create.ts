import { contend, makeFleets, rowsOf, type Work } from './fleets.ts';
import type { Benchmark } from './harness.ts';

const CREATED = 5_000;
const ROUNDS = 15;

const work: Work = ({ population }, count) => ({
  async run() {
    for (let index = 0; index < count; index += 1) {
      const created = population.create(`new${index}`);
      if (created) await created;
    }
  },
  async restore() {
    for (let index = 0; index < count; index += 1) await population.end(`new${index}`);
  },
});

export const create: Benchmark = {
  name: 'create',
  title: 'create to active: public call, memory store, no hooks, no agent',
  heap: 'quiet',
  async run(options) {
    const fleets = await makeFleets(options);
    const [count, rounds] = options.quick ? [10, 1] : [CREATED, ROUNDS];
    const sample = await contend(fleets, work, count, rounds, options);
    return rowsOf('create to active', sample, 1.5, options);
  },
};
