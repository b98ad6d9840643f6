import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/index.ts';
import { collect, drain, increases, seqs, steps } from '../support/events.ts';
import { thawed } from '../support/frozen.ts';
import type { ClientSession, Subject } from './subject.ts';

const put = async (session: ClientSession, count: number) => {
  for (let i = 0; i < count; i++) await session.context.put('k', i);
};

export function cursorsContract({ open, settle }: Subject): void {
  describe('a subscription from a cursor', () => {
    it('delivers every retained event with a greater seq, and then goes on live', async () => {
      const client = await open();
      const witness = collect(client);
      const session = await client.createSession();
      await put(session, 10);
      await settle();
      for (const from of [0, ...seqs(witness.events)]) {
        const seen = collect(client, { from });
        await settle();
        expect(seen.events).toEqual(witness.events.filter(({ seq }) => seq > from));
        seen.stop();
      }
    });

    it('starts its replay after subscribe has returned', async () => {
      const client = await open();
      await client.createSession();
      const seen = collect(client, { from: 0 });
      expect(seen.events).toEqual([]);
      await settle();
      expect(seen.events).toHaveLength(2);
    });

    it('misses and repeats nothing that is published while it replays', async () => {
      const client = await open();
      const witness = collect(client);
      const session = await client.createSession();
      await put(session, 50);
      const seen = collect(client, { from: 0 });
      const writes = Array.from({ length: 50 }, (_, i) => session.context.put('live', i));
      await Promise.all(writes);
      await put(session, 10);
      await settle();
      expect(seen.events).toEqual(witness.events);
      expect(increases(seqs(seen.events))).toBe(true);
    });

    it('of one session brings those of that session only', async () => {
      const client = await open();
      const [a, b] = [await client.createSession({ id: 'a' }), await client.createSession({ id: 'b' })];
      await put(a, 3);
      await put(b, 3);
      const seen = collect(client, { session: 'a', from: 0 });
      await settle();
      expect(seen.types()).toEqual([
        'session_created',
        'session_status',
        'working_context_updated',
        'working_context_updated',
        'working_context_updated',
      ]);
      expect(seen.events.every(({ sessionId }) => sessionId === 'a')).toBe(true);
    });

    it('of one session brings the events of one that has ended', async () => {
      const client = await open();
      await (await client.createSession({ id: 'a' })).terminate();
      const seen = collect(client, { session: 'a', from: 0 });
      await settle();
      expect(seen.types().at(-1)).toBe('session_terminated');
      expect(seen.events).toHaveLength(5);
    });

    it('with types brings those types only', async () => {
      const client = await open();
      const session = await client.createSession();
      await put(session, 3);
      await session.send('user', 'x');
      const seen = collect(client, { from: 0, types: ['conversation_added', 'session_created'] });
      await session.send('user', 'y');
      await settle();
      expect(seen.types()).toEqual(['session_created', 'conversation_added', 'conversation_added']);
    });

    it('brings the events as they were: equal and frozen', async () => {
      const client = await open();
      const live = collect(client);
      const session = await client.createSession({ metadata: { deep: [1] } });
      await session.send('user', [{ type: 'text', text: 'x' }]);
      const replayed = collect(client, { from: 0 });
      await settle();
      expect(replayed.events).toEqual(live.events);
      for (const event of replayed.events) expect(thawed(event)).toBeUndefined();
    });

    it('at the newest seq brings only what follows', async () => {
      const client = await open();
      const session = await client.createSession();
      const { seq } = await session.send('user', 'x');
      const seen = collect(client, { from: seq });
      await settle();
      expect(seen.events).toEqual([]);
      await session.send('user', 'y');
      await settle();
      expect(seen.events).toHaveLength(1);
    });

    it('can be ended before its replay has begun', async () => {
      const client = await open();
      await client.createSession();
      const seen = collect(client, { from: 0 });
      seen.stop();
      await settle();
      expect(seen.events).toEqual([]);
    });
  });

  describe('a stream from a cursor', () => {
    it('resumes where another one was left, without gap or repeat', async () => {
      const client = await open();
      const witness = collect(client);
      const session = await client.createSession();
      await put(session, 20);
      const first = await drain(client.events({ from: 0 }), 7);
      const rest = client.events({ from: first.at(-1)?.seq ?? Number.NaN });
      await put(session, 5);
      await settle();
      const second = await drain(rest, witness.events.length - 7);
      expect([...first, ...second]).toEqual(witness.events);
    });

    it('of a session that has ended replays it and ends', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.send('user', 'x');
      await session.terminate();
      const events = await drain(session.events({ from: 0 }));
      expect(events.at(-1)?.type).toBe('session_terminated');
      expect(events).toHaveLength(6);
    });

    it('replays more than its buffer holds without a gap to a reader that keeps up', async () => {
      const client = await open();
      const session = await client.createSession();
      await put(session, 3_000);
      const events = await drain(session.events({ from: 0 }), 3_002);
      expect(steps(events)).not.toContain('gap');
      expect(increases(seqs(events))).toBe(true);
    });
  });

  describe('a snapshot', () => {
    it('holds the info, the messages and the cursor to follow it from', async () => {
      const client = await open();
      const session = await client.createSession({ metadata: { m: 1 } });
      await session.send('user', '1');
      await session.send('user', '2');
      const snapshot = await session.snapshot();
      expect(snapshot.info).toEqual(await session.info());
      expect(snapshot.messages).toEqual(await session.context.history());
      expect(snapshot.seq).toBeGreaterThanOrEqual(snapshot.messages.at(-1)?.seq ?? Number.NaN);
      expect(thawed(snapshot)).toBeUndefined();
    });

    it('with messages: n holds the newest n', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      for (let i = 0; i < 5; i++) await session.send('user', `${i}`);
      const { messages, info } = await session.snapshot({ messages: 2 });
      expect(messages.map(({ id }) => id)).toEqual(['a:4', 'a:5']);
      expect(info.messageCount).toBe(5);
    });

    it('followed by events({ from: seq }) has every message once, whenever it was taken', async () => {
      const client = await open();
      const session = await client.createSession();
      const writing = Promise.all(Array.from({ length: 40 }, (_, i) => session.send('user', `${i}`)));
      const snapshots = await Promise.all(
        Array.from({ length: 5 }, () => session.snapshot({ messages: 1_000 })),
      );
      await writing;
      await settle();
      for (const { messages, seq } of snapshots) {
        const rest = collect(client, { session: session.id, from: seq, types: ['conversation_added'] });
        await settle();
        const all = [...messages, ...rest.of('conversation_added').map(({ message }) => message)];
        expect(all.map(({ content }) => content)).toEqual(Array.from({ length: 40 }, (_, i) => `${i}`));
        rest.stop();
      }
    });
  });

  describe('events that were already dropped', () => {
    it('come as one gap before the oldest that is retained', async () => {
      const client = await open({ store: memoryStore({ retainEvents: 10 }) });
      const witness = collect(client);
      const session = await client.createSession();
      await put(session, 40);
      const seen = collect(client, { from: 0 });
      await settle();
      const [gap, ...rest] = seen.events;
      if (gap?.type !== 'gap') throw new Error(`the first event is ${gap?.type}, not a gap`);
      expect(rest).toEqual(witness.events.slice(-10));
      expect('sessionId' in gap).toBe(false);
      expect(gap.from).toBeLessThanOrEqual(witness.events[0]?.seq ?? Number.NaN);
      expect(gap.to).toBeGreaterThanOrEqual(witness.events.at(-11)?.seq ?? Number.NaN);
      expect(gap.to).toBeLessThan(rest[0]?.seq ?? Number.NaN);
      expect(increases(seqs(seen.events))).toBe(true);
    });

    it('are reported to a stream, whatever its types', async () => {
      const client = await open({ store: memoryStore({ retainEvents: 5 }) });
      const session = await client.createSession();
      await put(session, 20);
      await session.send('user', 'x');
      const events = await drain(client.events({ from: 0, types: ['conversation_added'] }), 2);
      expect(steps(events)).toEqual(['gap', 'conversation_added']);
    });

    it('are not reported when the cursor lies behind them', async () => {
      const client = await open({ store: memoryStore({ retainEvents: 10 }) });
      const session = await client.createSession();
      await put(session, 40);
      const { seq } = await session.send('user', 'x');
      await put(session, 3);
      const seen = collect(client, { from: seq });
      await settle();
      expect(seen.types()).toEqual(Array(3).fill('working_context_updated'));
    });

    it('are the ones beyond the last 10,000 by default', async () => {
      const client = await open();
      const session = await client.createSession();
      await put(session, 10_100);
      const seen = collect(client, { from: 0 });
      await settle();
      expect(seen.types()[0]).toBe('gap');
      expect(seen.events).toHaveLength(10_001);
    });
  });
}
