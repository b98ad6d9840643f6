import { describe, expect, it } from 'vitest';
import { createActor, fromCallback } from 'xstate';
import { PORTRAIT_BYTES, portrayWithin } from '../../src/inspect/portrait.ts';
import { portray } from '../../src/testing/machine/portrait.ts';

const bytesOf = (value: unknown) => JSON.stringify(value).length;

describe('a portrait', () => {
  it('shows what the verification kit shows, as long as it fits', () => {
    const cyclic: Record<string, unknown> = { name: 'ring' };
    cyclic.self = cyclic;
    class Point {
      x = 1;
    }
    const values = [
      'text',
      1,
      -0,
      Number.NaN,
      true,
      null,
      undefined,
      10n,
      Symbol('s'),
      () => {},
      [1, [2]],
      { a: undefined, b: { c: 'd' } },
      new Date(0),
      new Date(Number.NaN),
      Object.assign(new TypeError('wrong'), { code: 'E1', stack: '' }),
      new Map<unknown, unknown>([['a', new Set([1])]]),
      new Point(),
      cyclic,
      createActor(
        fromCallback(() => {}),
        { id: 'ref' },
      ),
      JSON.parse('{"__proto__": 1}'),
    ];
    for (const value of values) expect(portrayWithin(value).value).toEqual(portray(value));
  });

  it('is of a bounded size, and marks what it leaves out', () => {
    const large = [
      'x'.repeat(1_000_000),
      Array.from({ length: 100_000 }, (_, n) => n),
      Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`key${n}`, n])),
      new Map(Array.from({ length: 50_000 }, (_, n) => [n, n])),
      new Set(Array.from({ length: 50_000 }, (_, n) => n)),
    ];
    for (const value of large) {
      const { value: drawn, bytes } = portrayWithin({ value });
      expect(bytesOf(drawn)).toBeLessThan(PORTRAIT_BYTES * 1.1);
      expect(bytes).toBeGreaterThan(PORTRAIT_BYTES * 0.9);
      expect(JSON.stringify(drawn)).toContain('(cut)');
    }
  });

  it('is of a bounded size where few objects are met again and again', () => {
    let branch: unknown = 'leaf';
    for (let n = 0; n < 30; n += 1) branch = [branch, branch];
    expect(bytesOf(portrayWithin(branch, 1_000).value)).toBeLessThan(5_000);
  });

  it('takes about as many bytes as it says', () => {
    const { value, bytes } = portrayWithin({ list: ['one', 'two'], of: { n: 1, yes: true } });
    expect(Math.abs(bytes - bytesOf(value))).toBeLessThan(20);
  });

  it('names what cannot be read, and shows the rest', () => {
    const hostile = {
      fine: 1,
      get broken(): never {
        throw new Error('no');
      },
    };
    const trap = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('no');
        },
      },
    );
    expect(portrayWithin({ hostile, trap }).value).toEqual({
      hostile: { fine: 1, broken: '(unreadable)' },
      trap: '(unreadable)',
    });
  });

  it('ends at a depth', () => {
    const deep = JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`);
    expect(JSON.stringify(portrayWithin(deep).value)).toContain('(deep)');
  });
});
