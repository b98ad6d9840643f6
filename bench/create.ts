import { BARE, contend, makeFleets, ourName, PLAIN, SPAWN, type Work } from './fleets.ts';
import { type Benchmark, compare } from './harness.ts';
import { sizeName, sizesOf } from './populations.ts';

const CREATED = 2_000;
const ROUNDS = 9;

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
  async run(options) {
    const fleets = await makeFleets(options);
    const sample = await contend(
      fleets,
      work,
      options.quick ? 10 : CREATED,
      options.quick ? 1 : ROUNDS,
      options,
    );
    const sizes = sizesOf(options);
    const [smallest = 0, largest = 0] = [sizes[0], sizes.at(-1)];
    const ours = ourName(largest);
    return [
      compare(`create to active at ${sizeName(largest)}`, sample, ours, BARE, 1.5),
      compare(
        `create at ${sizeName(largest)} against ${sizeName(smallest)}`,
        sample,
        ours,
        ourName(smallest),
        1.15,
      ),
      ...sizes
        .slice(1, -1)
        .map((size) => compare(`create at ${sizeName(size)}`, sample, ourName(size), BARE)),
      compare('create, against the documented pattern', sample, ourName(smallest), SPAWN),
      compare('create, against the floor', sample, ours, PLAIN),
    ];
  },
};
