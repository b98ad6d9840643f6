import { BARE, contend, type Fleet, makeFleets, rowsOf, type Work } from './fleets.ts';
import { type Benchmark, compare } from './harness.ts';

const ENDED = 5_000;
const ROUNDS = 15;

/** `actor.stop()`; the fleet of the same actors takes its chart to the end by events instead. */
const STOPPED = 'bare stop';

const work: Work = ({ name, population }, count) => ({
  async prepare() {
    for (let index = 0; index < count; index += 1) await population.create(`new${index}`);
  },
  async run() {
    for (let index = 0; index < count; index += 1) {
      const id = `new${index}`;
      const ended = name === STOPPED ? population.stop?.(id) : population.end(id);
      if (ended) await ended;
    }
  },
});

export const terminate: Benchmark = {
  name: 'terminate',
  title: 'terminate to gone',
  heap: 'quiet',
  async run(options) {
    const fleets = await makeFleets(options);
    const stopped: Fleet[] = fleets
      .filter(({ name }) => name === BARE)
      .map(({ population }) => ({ name: STOPPED, population }));
    const [count, rounds] = options.quick ? [10, 1] : [ENDED, ROUNDS];
    const sample = await contend([...fleets, ...stopped], work, count, rounds, options);
    return [
      ...rowsOf('terminate to gone', sample, 1.5, options, STOPPED),
      compare('bare stop, against the chart taken to its end', sample, STOPPED, BARE),
    ];
  },
};
