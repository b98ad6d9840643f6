import { SimulatedClock } from 'xstate';
import type { Clock } from '../../src/clock.ts';
import { turns } from './turns.ts';

export interface TestClock extends Clock {
  /** Timers set and neither fired nor cleared. */
  readonly pending: number;
  /** Moves time, then lets everything that follows from it run. */
  advance(ms: number): Promise<void>;
}

/** XState's `SimulatedClock`, which a test moves by hand, with a count of its timers. */
export function testClock(startMs = 0): TestClock {
  const clock = new SimulatedClock();
  clock.set(startMs);
  const live = new Set<number>();
  return {
    now: () => clock.now(),
    setTimeout(fn, ms) {
      const handle = clock.setTimeout(() => {
        live.delete(handle);
        fn();
      }, ms);
      live.add(handle);
      return handle;
    },
    clearTimeout(handle) {
      live.delete(handle as number);
      clock.clearTimeout(handle as number);
    },
    get pending() {
      return live.size;
    },
    async advance(ms) {
      await turns();
      clock.increment(ms);
      await turns();
    },
  };
}
