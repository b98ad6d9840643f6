import { describe, expect, it } from 'vitest';
import { codeOf } from '../support/errors.ts';
import { collect } from '../support/events.ts';
import { thawed } from '../support/frozen.ts';
import type { Subject } from './subject.ts';

export function workingContextContract({ open, settle }: Subject): void {
  describe('the working context', () => {
    it.each([
      ['a string', 'text'],
      ['an empty string', ''],
      ['a number', -1.5],
      ['zero', 0],
      ['true', true],
      ['false', false],
      ['null', null],
      ['an array', [1, [2, [3]], null]],
      ['an object', { a: { b: { c: ['d'] } } }],
      ['an empty object', {}],
      ['an empty array', []],
    ])('keeps %s', async (_title, value) => {
      const client = await open();
      const session = await client.createSession();
      await session.context.put('key', value);
      expect(await session.context.get('key')).toEqual(value);
      expect(thawed(await session.context.get('key'))).toBeUndefined();
    });

    it('gives undefined for a key that is not there', async () => {
      const client = await open();
      const session = await client.createSession();
      for (const key of ['missing', 'constructor', 'toString', 'hasOwnProperty']) {
        expect(await session.context.get(key)).toBeUndefined();
      }
      expect(await session.context.keys()).toEqual([]);
    });

    it('replaces a value, and does not merge it', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.context.put('key', { a: 1 });
      await session.context.put('key', { b: 2 });
      expect(await session.context.get('key')).toEqual({ b: 2 });
      expect(await session.context.keys()).toEqual(['key']);
    });

    it('lists its keys', async () => {
      const client = await open();
      const session = await client.createSession();
      for (const key of ['b', 'a', 'toString', '10', '9']) await session.context.put(key, 1);
      expect([...(await session.context.keys())].sort()).toEqual(['10', '9', 'a', 'b', 'toString']);
    });

    it('forgets a deleted key; deleting one that is not there resolves', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.context.put('a', 1);
      await session.context.put('b', 2);
      await session.context.delete('a');
      await session.context.delete('never');
      expect(await session.context.get('a')).toBeUndefined();
      expect(await session.context.keys()).toEqual(['b']);
    });

    it('publishes working_context_updated with the key, for a put and for a delete', async () => {
      const client = await open();
      const session = await client.createSession();
      const seen = collect(client);
      await session.context.put('key', 'secret value');
      await session.context.delete('key');
      await settle();
      expect(seen.of('working_context_updated').map(({ key }) => key)).toEqual(['key', 'key']);
      expect(seen.events).toHaveLength(2);
    });

    it('belongs to its session', async () => {
      const client = await open();
      const [a, b] = [await client.createSession(), await client.createSession()];
      await a.context.put('key', 'of a');
      expect(await b.context.get('key')).toBeUndefined();
      await b.context.put('key', 'of b');
      expect(await a.context.get('key')).toBe('of a');
    });

    it('keeps a copy: a change of what was put or got changes nothing', async () => {
      const client = await open();
      const session = await client.createSession();
      const value = { list: [1], nested: { n: 1 } };
      const put = session.context.put('key', value);
      value.list.push(2);
      value.nested.n = 2;
      await put;
      const got = await session.context.get('key');
      expect(got).toEqual({ list: [1], nested: { n: 1 } });
      expect(() => (got as { list: number[] }).list.push(3)).toThrow(TypeError);
    });

    it('applies puts made without waiting in call order: the last one stays', async () => {
      const client = await open();
      const session = await client.createSession();
      await Promise.all(Array.from({ length: 50 }, (_, i) => session.context.put('key', i)));
      expect(await session.context.get('key')).toBe(49);
    });

    it('may have a key of any text', async () => {
      const client = await open();
      const session = await client.createSession();
      for (const key of ['a b', 'ünï', 'constructor', 'valueOf', '../x', 'x'.repeat(200)]) {
        await session.context.put(key, key.length);
        expect(await session.context.get(key)).toBe(key.length);
      }
    });

    it('cannot be used to reach Object.prototype', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.context.put('__proto__', { polluted: true }).catch(() => {});
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      expect(await session.context.get('polluted')).toBeUndefined();
    });

    it.each([[null], [undefined], [42], [{}]])('refuses %j as a key', async (key) => {
      const client = await open();
      const session = await client.createSession();
      const bad = key as string;
      expect(await codeOf(session.context.put(bad, 1))).toBe('INVALID_ARGUMENT');
      expect(await codeOf(session.context.get(bad))).toBe('INVALID_ARGUMENT');
      expect(await codeOf(session.context.delete(bad))).toBe('INVALID_ARGUMENT');
      expect(await session.context.keys()).toEqual([]);
    });
  });
}
