import { describe, expect, it } from 'vitest';
import { watchedAgent } from '../support/agents.ts';
import { failureOf, textOf } from '../support/errors.ts';
import { collect } from '../support/events.ts';
import type { ClientSession, Subject } from './subject.ts';

class Point {
  x = 1;
}
const cycle: Record<string, unknown> = {};
cycle.self = { back: cycle };
const nested = (depth: number): unknown => (depth === 0 ? 'bottom' : { in: nested(depth - 1) });

/** What is no JSON, and would be lost, changed or run on its way through the API. */
const offenders: ReadonlyArray<readonly [name: string, make: () => unknown]> = [
  ['a function', () => () => 1],
  ['a symbol', () => Symbol('s')],
  ['a BigInt', () => 1n],
  ['NaN', () => Number.NaN],
  ['Infinity', () => Number.NEGATIVE_INFINITY],
  ['a Map', () => new Map([['a', 1]])],
  ['a Set', () => new Set([1])],
  ['a Date', () => new Date(0)],
  ['a RegExp', () => /x/],
  ['an Error', () => new Error('x')],
  ['a Promise', () => Promise.resolve(1)],
  ['a typed array', () => new Uint8Array(2)],
  ['a boxed string', () => Object('x')],
  ['a class instance', () => new Point()],
  ['undefined in an array', () => [1, undefined]],
  ['a hole in an array', () => Array(2)],
  ['an accessor', () => Object.defineProperty({}, 'secret', { get: () => 1, enumerable: true })],
  ['a symbol key', () => ({ [Symbol('hidden')]: 1 })],
  ['an own __proto__ key', () => JSON.parse('{ "__proto__": { "polluted": true } }')],
  ['a cycle', () => cycle],
  ['100 levels', () => nested(100)],
];

interface Door {
  readonly name: string;
  /** Brings a value in, below the key `offender`. */
  readonly put: (session: ClientSession, value: unknown) => Promise<unknown>;
}
const doors: readonly Door[] = [
  { name: 'context.put', put: ({ context }, offender) => context.put('k', { offender } as never) },
  { name: 'message content', put: (s, offender) => s.send('user', [{ type: 'text', offender }] as never) },
  {
    name: 'message metadata',
    put: (s, offender) => s.send('user', 'x', { metadata: { offender } as never }),
  },
  {
    name: 'updateFileIndex',
    put: ({ context }, offender) => context.updateFileIndex('a', { offender } as never),
  },
  {
    name: 'cacheAnalysis',
    put: ({ cache }, offender) => cache.cacheAnalysis('a', 'k', { offender } as never),
  },
  {
    name: 'cacheFile metadata',
    put: ({ cache }, offender) => cache.cacheFile('a', 'A', { metadata: { offender } as never }),
  },
  { name: 'dispatch', put: (s, offender) => s.dispatch({ type: 'x', offender }) },
];

export function jsonContract({ open, settle }: Subject): void {
  describe.each(doors)('$name', ({ put }) => {
    it.each(offenders)(
      'refuses %s with INVALID_ARGUMENT and its path, and nothing changes',
      async (_name, make) => {
        const agent = watchedAgent();
        const client = await open({ agent: agent.logic });
        const session = await client.createSession();
        const before = await session.info();
        const seen = collect(client);
        const error = await failureOf(put(session, make()));
        expect(error.code).toBe('INVALID_ARGUMENT');
        expect(textOf(error)).toContain('offender');
        await settle();
        expect(seen.events).toEqual([]);
        expect(await session.info()).toEqual(before);
        expect(await session.context.keys()).toEqual([]);
        expect(await session.context.fileIndex()).toEqual({});
        expect(await session.cache.stats()).toMatchObject({ files: 0, analyses: 0 });
        expect(agent.of(session.id).received).toEqual([]);
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      },
    );
  });

  describe('createSession', () => {
    it.each(offenders)(
      'refuses %s in metadata and in llmConfig, and registers nothing',
      async (_name, make) => {
        const client = await open();
        const seen = collect(client);
        for (const options of [{ metadata: { offender: make() } }, { llmConfig: { offender: make() } }]) {
          const error = await failureOf(client.createSession(options as never));
          expect(error.code).toBe('INVALID_ARGUMENT');
          expect(textOf(error)).toContain('offender');
        }
        await settle();
        expect(seen.events).toEqual([]);
        expect(await client.listSessions()).toEqual([]);
      },
    );
  });

  describe('values that are JSON', () => {
    it('lose the keys whose value is undefined', async () => {
      const client = await open();
      const session = await client.createSession({ metadata: { a: 1, gone: undefined } });
      await session.context.put('k', { a: 1, gone: undefined, deep: { gone: undefined } });
      const value = await session.context.get('k');
      expect(value).toStrictEqual({ a: 1, deep: {} });
      expect(Object.keys((await session.info()).metadata)).toEqual(['a']);
    });

    it('may be 60 levels deep', async () => {
      const client = await open();
      const session = await client.createSession();
      const value = nested(60);
      await session.context.put('k', value as never);
      expect(await session.context.get('k')).toEqual(value);
    });

    it('may use one object twice: that is no cycle', async () => {
      const client = await open();
      const session = await client.createSession();
      const shared = { n: 1 };
      await session.context.put('k', { a: shared, b: [shared, shared] });
      expect(await session.context.get('k')).toEqual({ a: { n: 1 }, b: [{ n: 1 }, { n: 1 }] });
    });

    it('may be frozen, or without a prototype', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.context.put('frozen', Object.freeze({ a: Object.freeze([1]) }));
      await session.context.put('bare', Object.assign(Object.create(null), { a: 1 }));
      expect(await session.context.get('frozen')).toEqual({ a: [1] });
      expect({ ...((await session.context.get('bare')) as object) }).toEqual({ a: 1 });
    });

    it('keep awkward keys and texts as they are', async () => {
      const client = await open();
      const session = await client.createSession();
      const value = {
        constructor: 1,
        toString: 'x',
        '': 0,
        'a.b': [],
        '🙂': '\u0000\u2028',
        hasOwnProperty: null,
      };
      await session.context.put('k', value as never);
      expect(await session.context.get('k')).toEqual(value);
    });

    it('say where the offender is when it lies deep', async () => {
      const client = await open();
      const session = await client.createSession();
      const value = { list: [{ fine: 1 }, { bad: Number.NaN }] };
      const error = await failureOf(session.context.put('k', value));
      expect(error.code).toBe('INVALID_ARGUMENT');
      expect(textOf(error)).toMatch(/list/);
      expect(textOf(error)).toMatch(/1/);
      expect(textOf(error)).toMatch(/bad/);
    });
  });
}
