import { describe, expect, it } from 'vitest';
import { createActor, createMachine } from 'xstate';
import { excerpt, firstDifference, pathInWords, portray } from '../../../src/testing/machine/portrait.ts';

class Money {
  readonly cents = 5;
}

describe('portray', () => {
  it('shows JSON as it is, without what is undefined', () => {
    expect(portray({ a: [1, 'x', null, true], b: undefined, c: { d: -0 } })).toEqual({
      a: [1, 'x', null, true],
      c: { d: 0 },
    });
  });

  it.each<[string, unknown]>([
    ['a date', new Date(0)],
    ['a map', new Map([['a', 1]])],
    ['a set', new Set([1])],
    ['an object of a class', new Money()],
    ['a function', () => {}],
    ['NaN', Number.NaN],
    ['a hole in a list', [undefined]],
    ['a bigint', 1n],
    ['an error', new Error('x')],
  ])('shows %s as something else than JSON makes of it', (_, value) => {
    const json = typeof value === 'bigint' ? '1' : JSON.stringify(value);
    expect(portray(value)).not.toEqual(portray(json === undefined ? undefined : JSON.parse(json)));
  });

  it('shows an actor and what XState persists of one alike', () => {
    const actor = createActor(createMachine({}), { id: 'a' });
    expect(portray({ actor })).toEqual({ actor: { '(actor)': 'a' } });
    expect(portray(JSON.parse(JSON.stringify({ actor })))).toEqual(portray({ actor }));
  });

  it('comes to an end in a cycle, in the deep, and before a getter that throws', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(portray(cycle)).toEqual({ self: '(cycle)' });
    let deep: unknown = 1;
    for (let n = 0; n < 100; n += 1) deep = [deep];
    expect(JSON.stringify(portray(deep))).toContain('(deep)');
    const trap = {
      get no(): never {
        throw new Error('no');
      },
    };
    expect(portray(trap)).toBe('(unreadable)');
  });

  it('shows the same object twice where it is there twice', () => {
    const shared = { a: 1 };
    expect(portray([shared, shared])).toEqual([{ a: 1 }, { a: 1 }]);
  });
});

describe('firstDifference', () => {
  it('is none between equals', () => {
    expect(firstDifference({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBeUndefined();
  });

  it('is the first in order, with what stands there', () => {
    expect(firstDifference({ a: [1, { b: 2 }], c: 1 }, { a: [1, { b: 3 }], c: 2 })).toEqual({
      path: ['a', 1, 'b'],
      before: 2,
      after: 3,
    });
  });

  it('finds what is missing, what is more, and a list in the place of an object', () => {
    expect(firstDifference({ a: 1 }, {})).toEqual({ path: ['a'], before: 1, after: undefined });
    expect(firstDifference([], [1])).toEqual({ path: [0], before: undefined, after: 1 });
    expect(firstDifference({ a: {} }, { a: [] })).toEqual({ path: ['a'], before: {}, after: [] });
  });
});

describe('in words', () => {
  it('writes a path as code does', () => {
    expect(pathInWords(['context', 'items', 2, 'unit price'])).toBe('context.items[2]["unit price"]');
  });

  it('shortens a long value', () => {
    expect(excerpt({ a: 1 })).toBe('{"a":1}');
    expect(excerpt(undefined)).toBe('nothing');
    expect(excerpt('x'.repeat(500))).toMatch(/^"x{116}…$/);
  });
});
