import { describe, expect, it } from 'vitest';
import { codeOf } from '../support/errors.ts';
import { collect } from '../support/events.ts';
import type { Subject } from './subject.ts';

export function idempotencyContract({ open, settle }: Subject): void {
  describe('an idempotency key', () => {
    it('sent again returns the first message and adds none', async () => {
      const client = await open();
      const session = await client.createSession();
      const seen = collect(client);
      const first = await session.send('user', 'once', { idempotencyKey: 'k' });
      const second = await session.send('user', 'once', { idempotencyKey: 'k' });
      await settle();
      expect(second).toEqual(first);
      expect(await session.context.history()).toEqual([first]);
      expect(seen.types()).toEqual(['conversation_added']);
    });

    it('returns the first message whatever the content, role and metadata of the second', async () => {
      const client = await open();
      const session = await client.createSession();
      const first = await session.send('user', 'first', { idempotencyKey: 'k' });
      const other = { idempotencyKey: 'k', metadata: { other: true } };
      expect(await session.send('assistant', 'second', other)).toEqual(first);
      expect(await session.context.addMessage('tool', [{ type: 'x' }], { idempotencyKey: 'k' })).toEqual(
        first,
      );
    });

    it('sent many times at once makes one message', async () => {
      const client = await open();
      const session = await client.createSession();
      const sent = await Promise.all(
        Array.from({ length: 20 }, (_, i) => session.send('user', `${i}`, { idempotencyKey: 'k' })),
      );
      expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
      expect((await session.context.history()).map(({ content }) => content)).toEqual(['0']);
    });

    it('belongs to its session: another one may use the same', async () => {
      const client = await open();
      const [a, b] = [await client.createSession({ id: 'a' }), await client.createSession({ id: 'b' })];
      await a.send('user', 'to a', { idempotencyKey: 'k' });
      expect((await b.send('user', 'to b', { idempotencyKey: 'k' })).id).toBe('b:1');
    });

    it.each(['constructor', 'toString', 'a b', 'ü', 'x'.repeat(200)])('may be %j', async (idempotencyKey) => {
      const client = await open();
      const session = await client.createSession();
      const first = await session.send('user', 'x', { idempotencyKey });
      expect(first.idempotencyKey).toBe(idempotencyKey);
      expect(await session.send('user', 'y', { idempotencyKey })).toEqual(first);
    });

    it('outlives its message: pushed out or cleared, it still returns the first', async () => {
      const client = await open();
      const session = await client.createSession({ config: { maxMessages: 1 } });
      const first = await session.send('user', 'first', { idempotencyKey: 'k' });
      await session.send('user', 'pushes it out');
      expect(await session.send('user', 'again', { idempotencyKey: 'k' })).toEqual(first);
      await session.context.clearConversation();
      expect(await session.send('user', 'again', { idempotencyKey: 'k' })).toEqual(first);
      expect(await session.context.history()).toEqual([]);
    });

    it('is forgotten when its session is gone', async () => {
      const client = await open();
      const old = await client.createSession({ id: 'a' });
      await old.send('user', 'old', { idempotencyKey: 'k' });
      await old.terminate();
      const fresh = await client.createSession({ id: 'a' });
      expect((await fresh.send('user', 'fresh', { idempotencyKey: 'k' })).content).toBe('fresh');
    });

    it('is not used up by a call that was refused', async () => {
      const client = await open();
      const session = await client.createSession();
      expect(await codeOf(session.send('user', 42 as never, { idempotencyKey: 'k' }))).toBe(
        'INVALID_ARGUMENT',
      );
      expect((await session.send('user', 'fine', { idempotencyKey: 'k' })).content).toBe('fine');
    });
  });
}
