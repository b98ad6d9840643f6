import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WakeIndex, type Waking } from '../../src/store/wake-index.ts';

interface Sleeper extends Waking {
  readonly id: number;
}

const sleeper = (id: number): Sleeper => ({ id, wakeAt: null, wake: undefined });
const ids = (found: Iterable<Sleeper>) => [...found].map(({ id }) => id);

function woken(...times: Array<number | null>) {
  const index = new WakeIndex<Sleeper>();
  const all = times.map((wakeAt, id) => ({ ...sleeper(id), wakeAt }));
  for (const each of all) index.changed(each);
  return { index, all };
}

describe('who is due', () => {
  it('comes in the order of the times, after one and up to another', () => {
    const { index } = woken(30, 10, 20, 40);
    expect(ids(index.between(0, 100))).toEqual([1, 2, 0, 3]);
    expect(ids(index.between(10, 30))).toEqual([2, 0]);
    expect(ids(index.between(40, 100))).toEqual([]);
  });

  it('is in the order in which it was asked for where times are the same', () => {
    expect(ids(woken(5, 5, 5).index.between(0, 5))).toEqual([0, 1, 2]);
  });

  it('is nobody who never wakes, or at once', () => {
    expect(ids(woken(null, 0, 7).index.between(0, 100))).toEqual([2]);
  });

  it('is there once, with the newest time, and not when it is gone', () => {
    const { index, all } = woken(10, 20);
    const [first, second] = all as [Sleeper, Sleeper];
    for (const wakeAt of [30, 10, 30]) {
      first.wakeAt = wakeAt;
      index.changed(first);
    }
    expect(ids(index.between(0, 100))).toEqual([1, 0]);
    index.drop(second);
    index.drop(second);
    expect(ids(index.between(0, 100))).toEqual([0]);
  });

  it('is what a plain list would say, after any changes, far beyond what is held back', () => {
    const change = fc.tuple(fc.nat(40), fc.option(fc.integer({ min: 0, max: 60 })), fc.boolean());
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 6000, size: 'max' }),
        fc.nat(60),
        fc.nat(60),
        (changes, after, by) => {
          const index = new WakeIndex<Sleeper>();
          const all = Array.from({ length: 41 }, (_, id) => sleeper(id));
          const gone = new Set<Sleeper>();
          for (const [id, wakeAt, drop] of changes) {
            const each = all[id] as Sleeper;
            each.wakeAt = wakeAt;
            if (drop) {
              index.drop(each);
              gone.add(each);
            } else {
              index.changed(each);
              gone.delete(each);
            }
          }
          const due = ({ wakeAt }: Sleeper) => wakeAt !== null && wakeAt > Math.max(0, after) && wakeAt <= by;
          const wanted = all.filter((each) => due(each) && each.wake && !gone.has(each)).map(({ id }) => id);
          expect(ids(index.between(after, by)).sort((a, b) => a - b)).toEqual(wanted);
        },
      ),
      { numRuns: 30, seed: 1 },
    );
  });
});
