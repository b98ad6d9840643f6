import { BARE, contend, makeFleets, ourName, PLAIN, SPAWN, type Work } from './fleets.ts';
import { type Benchmark, compare } from './harness.ts';
import { idOf, OurSessions, sizeName, sizesOf } from './populations.ts';

const SENT = 10_000;
const ROUNDS = 11;
/** 20 characters. */
const TEXT = 'twenty characters ok';

/** Spread over the fleet, so that no one session stays in the processor's cache. */
const work: Work = ({ population }, count) => {
  const step = Math.max(1, Math.floor(population.size / 1_000));
  const ids = Array.from({ length: Math.min(1_000, population.size) }, (_, index) => idOf(index * step));
  return {
    async run() {
      for (let index = 0; index < count; index += 1) {
        const sent = population.send(ids[index % ids.length] ?? '', TEXT);
        if (sent) await sent;
      }
    },
  };
};

export const send: Benchmark = {
  name: 'send',
  title: 'send to acknowledged: one listener, 20 characters',
  async run(options) {
    const fleets = await makeFleets(options);
    let heard = 0;
    for (const { population } of fleets) {
      if (population instanceof OurSessions) {
        population.manager.subscribeToAllSessions(() => {
          heard += 1;
        });
      }
    }
    const sample = await contend(
      fleets,
      work,
      options.quick ? 20 : SENT,
      options.quick ? 1 : ROUNDS,
      options,
    );
    if (heard === 0) throw new Error('the listener was never called');
    const sizes = sizesOf(options);
    const [smallest = 0, largest = 0] = [sizes[0], sizes.at(-1)];
    const ours = ourName(largest);
    return [
      compare(`send to acknowledged at ${sizeName(largest)}`, sample, ours, BARE, 1),
      compare(
        `send at ${sizeName(largest)} against ${sizeName(smallest)}`,
        sample,
        ours,
        ourName(smallest),
        1.15,
      ),
      ...sizes.slice(1, -1).map((size) => compare(`send at ${sizeName(size)}`, sample, ourName(size), BARE)),
      compare('send, against the documented pattern', sample, ourName(smallest), SPAWN),
      compare('send, against the floor', sample, ours, PLAIN),
    ];
  },
};
