import { contend, makeFleets, rowsOf, type Work } from './fleets.ts';
import { type Benchmark, warmUpRounds } from './harness.ts';
import { idOf, OurSessions, sizesOf } from './populations.ts';

const SENT = 10_000;
const ROUNDS = 15;
const BUSY = 1_000;
/** 20 characters. */
const TEXT = 'twenty characters ok';

/** To sessions spread over the whole fleet, as callers would be: the larger it is, the colder each is met. */
const work: Work = ({ population }, count) => {
  const step = Math.max(1, Math.floor(population.size / BUSY));
  const ids = Array.from({ length: Math.min(BUSY, population.size) }, (_, index) => idOf(index * step));
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
  heap: 'quiet',
  async run(options) {
    const fleets = await makeFleets(options);
    const heard = { messages: 0 };
    for (const { population } of fleets) {
      if (!(population instanceof OurSessions)) continue;
      population.manager.subscribeToAllSessions(() => {
        heard.messages += 1;
      });
    }
    const [count, rounds] = options.quick ? [20, 1] : [SENT, ROUNDS];
    const sample = await contend(fleets, work, count, rounds, options);
    const sent = count * (rounds + warmUpRounds(options)) * sizesOf(options).length;
    if (heard.messages !== sent) throw new Error(`${heard.messages} of ${sent} messages were heard`);
    return rowsOf('send to acknowledged', sample, 1, options);
  },
};
