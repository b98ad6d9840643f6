import { describe, expect, it } from 'vitest';
import { type Entry, linearize, MOST_OVERLAPPING } from '../../../src/testing/client/linearizable.ts';

/** A register: writes set it, reads must answer what it holds. */
function write(value: number, began: number, ended: number, ordered = false): Entry<number> {
  return { name: `write ${value}`, began, ended, ordered, apply: () => [value] };
}
function read(value: number, began: number, ended: number): Entry<number> {
  const apply = (state: number): number[] => (state === value ? [state] : []);
  return { name: `read ${value}`, began, ended, ordered: false, apply };
}

describe('the linearizability search', () => {
  it('accepts a read of either value while the write is under way', () => {
    expect(linearize([write(1, 1, 10), read(0, 2, 3), read(1, 4, 5)], 0)).toMatchObject({ ok: true });
  });

  it('refuses a read that goes back to the older value', () => {
    const verdict = linearize([write(1, 1, 10), read(1, 2, 3), read(0, 4, 5)], 0);
    expect(verdict).toEqual({ ok: false, stuckAt: 'read 0' });
  });

  it('refuses a stale read after the write has ended', () => {
    expect(linearize([write(1, 1, 2), read(0, 3, 4)], 0)).toEqual({ ok: false, stuckAt: 'read 0' });
  });

  it('lets two overlapping writes take effect in either order, unless they are ordered', () => {
    const history = (ordered: boolean) => [write(1, 1, 9, ordered), write(2, 2, 8, ordered), read(1, 10, 11)];
    expect(linearize(history(false), 0)).toMatchObject({ ok: true });
    expect(linearize(history(true), 0)).toMatchObject({ ok: false });
  });

  it('gives every state in which the history may have ended', () => {
    const verdict = linearize([write(1, 1, 9), write(2, 2, 8)], 0);
    expect(verdict.ok === true && [...verdict.states].sort()).toEqual([1, 2]);
  });

  it('says so when more overlap than it takes on', () => {
    const crowd = Array.from({ length: MOST_OVERLAPPING + 1 }, (_, n) => write(n, n, 100 + n));
    expect(linearize(crowd, 0)).toEqual({ ok: 'skipped', overlapping: MOST_OVERLAPPING + 1 });
  });
});
