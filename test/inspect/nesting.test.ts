import { describe, expect, it } from 'vitest';
import { isDeep } from '../../src/inspect/nesting.ts';

const nested = (depth: number) => JSON.parse(`${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`);

describe('a value', () => {
  it('is deep when it is nested more often than it may be', () => {
    expect([0, 1, 32].map((depth) => isDeep(nested(depth)))).toEqual([false, false, false]);
    expect([33, 1000, 200_000].map((depth) => isDeep(nested(depth)))).toEqual([true, true, true]);
    expect([isDeep([[]], 1), isDeep([[[]]], 1)]).toEqual([false, true]);
  });

  it('is not deep for being long, or no value at all', () => {
    expect(isDeep(Array(300_000).fill([]))).toBe(false);
    expect([undefined, null, 'a', 1, {}].map((value) => isDeep(value))).toEqual(Array(5).fill(false));
  });
});
