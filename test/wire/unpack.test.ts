import { describe, expect, it } from 'vitest';
import type { Oddity } from '../../src/wire/packed.ts';
import { unpackArguments } from '../../src/wire/unpack.ts';

const { signal } = new AbortController();
const unpack = (args: never[], ...odd: Oddity[]) => unpackArguments({ args, odd }, () => signal);

describe('what was odd', () => {
  it('is put back where it stood', () => {
    const [far] = unpack(
      [{ a: [null, null], b: null }] as never[],
      [[0, 'a', 1], 'undefined'],
      [[0, 'b'], 'number', 'NaN'],
    );
    expect(far).toEqual({ a: [null, undefined], b: Number.NaN });
  });

  it('is the signal that is lent for it', () => {
    expect(unpack([{ signal: null }] as never[], [[0, 'signal'], 'signal'])).toEqual([{ signal }]);
  });

  it('leads back to the ancestor that it names', () => {
    const [far] = unpack([{ a: { back: null } }] as never[], [[0, 'a', 'back'], 'cycle', '1']) as [
      { a: { back: unknown } },
    ];
    expect(far.a.back).toBe(far.a);
  });
});

describe('a forged note', () => {
  it.each<readonly [string, Oddity]>([
    ['into the prototype of an object', [[0, '__proto__', 'polluted'], 'undefined']],
    ['into a constructor', [[0, 'constructor', 'prototype', 'polluted'], 'undefined']],
    ['into nowhere', [[7, 'a', 'b'], 'function']],
    ['into a text', [[1, 'length'], 'function']],
    ['without a path', [[], 'function']],
  ])('%s changes nothing', (_title, oddity) => {
    expect(unpack([{ a: 1 }, 'text'] as never[], oddity)).toEqual([{ a: 1 }, 'text']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect('polluted' in {}).toBe(false);
  });

  it('of a kind that nobody knows is undefined', () => {
    expect(unpack([1] as never[], [[0], 'whatever' as never])).toEqual([undefined]);
  });
});
