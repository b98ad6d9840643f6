import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changes } from '../../src/inspect/changes.ts';

const found = (before: unknown, after: unknown, limit?: number) =>
  changes(before as never, after as never, limit).changes;

describe('changes', () => {
  it('are at the deepest place that says them', () => {
    const before = { user: { name: 'a', age: 1 }, gone: true, same: [1, { x: 1 }] };
    const after = { user: { name: 'b', age: 1 }, come: null, same: [1, { x: 1 }] };
    expect(found(before, after)).toEqual([
      { kind: 'changed', at: ['user', 'name'], before: 'a', after: 'b' },
      { kind: 'removed', at: ['gone'], before: true },
      { kind: 'added', at: ['come'], after: null },
    ]);
  });

  it('of a list leave out what its ends have in common', () => {
    expect(found([1, 2, 3], [2, 3])).toEqual([{ kind: 'removed', at: [0], before: 1 }]);
    expect(found([1, 3], [1, 2, 3])).toEqual([{ kind: 'added', at: [1], after: 2 }]);
    expect(found([{ a: 1 }, 9], [{ a: 2 }, 9])).toEqual([
      { kind: 'changed', at: [0, 'a'], before: 1, after: 2 },
    ]);
  });

  it('tell a list from an object, and nothing from null', () => {
    expect(found([], {})).toEqual([{ kind: 'changed', at: [], before: [], after: {} }]);
    expect(found(undefined, null)).toEqual([{ kind: 'added', at: [], after: null }]);
  });

  it('do not take what every object inherits for a value of its own', () => {
    expect(found({}, { toString: 1 })).toEqual([{ kind: 'added', at: ['toString'], after: 1 }]);
  });

  it('are of the whole where it is nested deeper than anybody reads', () => {
    const nested = (value: number) => {
      let tree: unknown = value;
      for (let depth = 0; depth < 70; depth += 1) tree = { in: tree };
      return tree;
    };
    expect(found(nested(1), nested(1))).toEqual([]);
    expect(found(nested(1), nested(2))).toMatchObject([{ kind: 'changed', at: { length: 64 } }]);
  });

  it('are at most as many as wanted, and say that there are more', () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`k${n}`, n]));
    expect(changes({}, many, 4)).toMatchObject({ changes: { length: 4 }, more: true });
    expect(changes({}, many, 9)).toMatchObject({ changes: { length: 9 }, more: false });
  });

  it('are none exactly where two values say the same', () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const property = fc.property(json, json, (a, b) => {
      expect(found(a, JSON.parse(JSON.stringify(a)))).toEqual([]);
      const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
      expect(found(a, b).length === 0).toBe(same);
    });
    fc.assert(property, { seed: 3, numRuns: 300 });
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return { object: entries.map(([key, item]) => [key, sorted(item)]) };
}
