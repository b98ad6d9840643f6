import { BARE, contend, type Fleet, makeFleets, ourName, PLAIN, SPAWN, type Work } from './fleets.ts';
import { type Benchmark, compare } from './harness.ts';
import { sizeName, sizesOf } from './populations.ts';

const ENDED = 2_000;
const ROUNDS = 9;
/** `actor.stop()`, against the two events that take the chart to its end. */
const STOPPED = 'bare stop';

function endWith(method: 'end' | 'stop'): Work {
  return ({ population }, count) => ({
    async prepare() {
      for (let index = 0; index < count; index += 1) await population.create(`new${index}`);
    },
    async run() {
      for (let index = 0; index < count; index += 1) {
        const id = `new${index}`;
        const ended = method === 'stop' ? population.stop?.(id) : population.end(id);
        if (ended) await ended;
      }
    },
  });
}

export const terminate: Benchmark = {
  name: 'terminate',
  title: 'terminate to gone',
  async run(options) {
    const fleets = await makeFleets(options);
    const bare = fleets.find(({ name }) => name === BARE);
    if (!bare) throw new Error('no bare actors');
    const stopped: Fleet = { name: STOPPED, population: bare.population };
    const work: Work = (fleet, count) => endWith(fleet === stopped ? 'stop' : 'end')(fleet, count);
    const all = [...fleets, stopped];
    const sample = await contend(all, work, options.quick ? 10 : ENDED, options.quick ? 1 : ROUNDS, options);
    const sizes = sizesOf(options);
    const [smallest = 0, largest = 0] = [sizes[0], sizes.at(-1)];
    const ours = ourName(largest);
    const names = [sizeName(largest), sizeName(smallest)];
    return [
      compare(`terminate to gone at ${names[0]}`, sample, ours, STOPPED, 1.5),
      compare('terminate, against the chart taken to its end', sample, ours, BARE),
      compare(`terminate at ${names[0]} against ${names[1]}`, sample, ours, ourName(smallest), 1.15),
      ...sizes
        .slice(1, -1)
        .map((size) => compare(`terminate at ${sizeName(size)}`, sample, ourName(size), STOPPED)),
      compare('terminate, against the documented pattern', sample, ourName(smallest), SPAWN),
      compare('terminate, against the floor', sample, ours, PLAIN),
    ];
  },
};
