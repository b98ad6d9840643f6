import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../src/events/types.ts';
import { fragileAgent } from '../support/agents.ts';
import { codeOf, codeThrown } from '../support/errors.ts';
import { collect, drain, ENDED, increases, STARTED, seqs, steps } from '../support/events.ts';
import { stateOf } from '../support/turns.ts';
import type { Client, Subject } from './subject.ts';

export function streamsContract({ open, settle }: Subject): void {
  describe('a stream of events', () => {
    it('subscribes when it is called, not when it is first read', async () => {
      const client = await open();
      const stream = client.events();
      await client.createSession({ id: 'a' });
      expect(steps(await drain(stream, 2))).toEqual(STARTED);
    });

    it('waits for what comes', async () => {
      const client = await open();
      const stream = client.events();
      const next = stream.next();
      expect(await stateOf(next)).toBe('pending');
      await client.createSession({ id: 'a' });
      expect((await next).value).toMatchObject({ type: 'session_created', sessionId: 'a' });
      await stream.return?.();
    });

    it('answers reads that wait together in their order', async () => {
      const client = await open();
      const stream = client.events();
      const reads = [stream.next(), stream.next(), stream.next()];
      const session = await client.createSession();
      await session.send('user', 'x');
      const read = await Promise.all(reads);
      expect(read.map(({ value }) => (value as SessionEvent).type)).toEqual([
        'session_created',
        'session_status',
        'conversation_added',
      ]);
      await stream.return?.();
    });

    it('of all sessions goes on when one ends', async () => {
      const client = await open();
      const stream = client.events();
      await (await client.createSession({ id: 'a' })).terminate();
      await client.createSession({ id: 'b' });
      expect(steps(await drain(stream, 7))).toEqual([...STARTED, ...ENDED, ...STARTED]);
    });

    it.each([
      ['by the handle', (client: Client) => client.session('a').events()],
      ['by sessionId', (client: Client) => client.events({ sessionId: 'a' })],
    ])(
      'of one session (%s) has only its events and ends after session_terminated',
      async (_title, stream) => {
        const client = await open();
        const events = stream(client);
        const [a, b] = [await client.createSession({ id: 'a' }), await client.createSession({ id: 'b' })];
        await b.send('user', 'not here');
        await a.send('user', 'here');
        await a.terminate();
        await client.createSession({ id: 'a' });
        expect(steps(await drain(events))).toEqual([...STARTED, 'conversation_added', ...ENDED]);
        expect(await events.next()).toEqual({ done: true, value: undefined });
      },
    );

    it('of one session does not end at a restart', async () => {
      const client = await open({ agent: fragileAgent, supervision: { restart: 'transient' }, logger: {} });
      const session = await client.createSession();
      const stream = session.events();
      await session.dispatch({ type: 'boom' }).catch(() => {});
      await settle();
      await session.terminate();
      const seen = steps(await drain(stream));
      expect(seen).toContain('terminated→initializing');
      expect(seen.slice(-3)).toEqual(ENDED);
    });

    it('has the types asked for', async () => {
      const client = await open();
      const stream = client.events({ types: ['conversation_added'] });
      const session = await client.createSession();
      await session.context.put('k', 1);
      await session.send('user', '1');
      await session.context.addFile('f');
      await session.send('user', '2');
      expect(steps(await drain(stream, 2))).toEqual(['conversation_added', 'conversation_added']);
    });

    it('with types still ends after session_terminated', async () => {
      const client = await open();
      const session = await client.createSession();
      const stream = session.events({ types: ['conversation_added'] });
      await session.send('user', 'x');
      await session.terminate();
      expect(steps(await drain(stream))).toEqual(['conversation_added']);
    });

    it('is independent of other streams and of listeners', async () => {
      const client = await open();
      const [one, two, seen] = [client.events(), client.events(), collect(client)];
      const session = await client.createSession();
      await session.send('user', 'x');
      await settle();
      expect(await drain(one, 3)).toEqual(seen.events);
      expect(await drain(two, 3)).toEqual(seen.events);
    });

    it('may be opened for an id that is unknown', async () => {
      const client = await open();
      const stream = client.session('later').events();
      await (await client.createSession({ id: 'later' })).terminate();
      expect(steps(await drain(stream))).toEqual([...STARTED, ...ENDED]);
    });
  });

  describe('the end of a stream', () => {
    it('comes with leaving the loop; reading on gives nothing more', async () => {
      const client = await open();
      const stream = client.events();
      const session = await client.createSession();
      for await (const _event of stream) break;
      await session.send('user', 'x');
      expect(await stream.next()).toEqual({ done: true, value: undefined });
    });

    it('comes normally with the signal, while it waits and while it holds events', async () => {
      const client = await open();
      const controller = new AbortController();
      const stream = client.events({ signal: controller.signal });
      const waiting = stream.next();
      controller.abort();
      expect(await waiting).toEqual({ done: true, value: undefined });
      expect(await drain(client.events({ signal: AbortSignal.abort() }))).toEqual([]);
    });

    it('comes normally with close', async () => {
      const client = await open();
      const stream = client.events();
      const ended = drain(stream);
      await client.createSession();
      await settle();
      await client.close();
      expect(steps(await ended)).toEqual(STARTED);
    });

    it('leaves the other streams open', async () => {
      const client = await open();
      const [left, kept] = [client.events(), client.events()];
      await left.return?.();
      await client.createSession();
      expect(steps(await drain(kept, 2))).toEqual(STARTED);
    });
  });

  describe('a stream that is read too slowly', () => {
    it('holds 1024 events by default without losing one', async () => {
      const client = await open();
      const session = await client.createSession();
      const stream = session.events();
      for (let i = 0; i < 1_024; i++) await session.context.put('k', i);
      const events = await drain(stream, 1_024);
      expect(new Set(steps(events))).toEqual(new Set(['working_context_updated']));
    });

    it('drops the oldest and reports the run as one gap, inclusive at both ends', async () => {
      const client = await open();
      const session = await client.createSession();
      const seen = collect(client);
      const stream = client.events({ buffer: 5 });
      for (let i = 0; i < 50; i++) await session.context.put('k', i);
      await session.terminate();
      await settle();
      const all = seen.events;
      const held: SessionEvent[] = [];
      for await (const event of stream) {
        held.push(event);
        if (event.type === 'session_terminated') break;
      }
      const [gap, ...kept] = held;
      if (gap?.type !== 'gap') throw new Error(`the first event is ${gap?.type}, not a gap`);
      expect('sessionId' in gap).toBe(false);
      expect(kept.length).toBeGreaterThanOrEqual(4);
      expect(kept.length).toBeLessThanOrEqual(5);
      expect(kept).toEqual(all.slice(-kept.length));
      expect(gap.from).toBe(all[0]?.seq);
      expect(gap.to).toBe(all.at(-kept.length - 1)?.seq);
      expect(Number.isNaN(Date.parse(gap.at))).toBe(false);
      expect(increases(seqs([gap, ...kept]))).toBe(true);
    });

    it('after the gap goes on live', async () => {
      const client = await open();
      const session = await client.createSession();
      const stream = client.events({ buffer: 2 });
      for (let i = 0; i < 10; i++) await session.context.put('k', i);
      await settle();
      const first = await stream.next();
      expect((first.value as SessionEvent).type).toBe('gap');
      const last = await session.send('user', 'the newest');
      let event = (await stream.next()).value as SessionEvent;
      while (event.type !== 'conversation_added') event = (await stream.next()).value as SessionEvent;
      expect(event.message).toEqual(last);
      await stream.return?.();
    });

    it('reports a gap whatever its types are', async () => {
      const client = await open();
      const session = await client.createSession();
      const stream = client.events({ buffer: 2, types: ['working_context_updated'] });
      for (let i = 0; i < 10; i++) await session.context.put('k', i);
      await settle();
      expect(((await stream.next()).value as SessionEvent).type).toBe('gap');
      await stream.return?.();
    });

    it('does not count events of other types or other sessions', async () => {
      const client = await open();
      const [a, b] = [await client.createSession({ id: 'a' }), await client.createSession({ id: 'b' })];
      const stream = a.events({ buffer: 2, types: ['conversation_added'] });
      for (let i = 0; i < 20; i++) await Promise.all([b.send('user', `${i}`), a.context.put('k', i)]);
      await a.send('user', '1');
      await a.send('user', '2');
      expect(steps(await drain(stream, 2))).toEqual(['conversation_added', 'conversation_added']);
    });

    it('with overflow error throws OVERLOADED, and is over', async () => {
      const client = await open();
      const session = await client.createSession();
      const stream = client.events({ buffer: 3, overflow: 'error' });
      for (let i = 0; i < 10; i++) await session.context.put('k', i);
      await settle();
      expect(await codeOf(drain(stream))).toBe('OVERLOADED');
      expect((await stream.next()).done).toBe(true);
    });

    it('slows nobody: calls and other streams go on', async () => {
      const client = await open();
      const session = await client.createSession();
      const [slow, fast] = [client.events({ buffer: 1 }), client.events()];
      for (let i = 0; i < 100; i++) await session.context.put('k', i);
      expect(await drain(fast, 100)).toHaveLength(100);
      await slow.return?.();
    });
  });

  describe('the arguments of a stream', () => {
    it.each([
      ['null', null],
      ['an array', []],
      ['a buffer that is a text', { buffer: '3' }],
      ['a buffer of NaN', { buffer: Number.NaN }],
      ['an unknown overflow', { overflow: 'explode' }],
      ['types that are no array', { types: 'x' }],
      ['a cursor that is a text', { from: '0' }],
      ['a signal that is none', { signal: {} }],
    ])('throw INVALID_ARGUMENT at once for %s', async (_title, options) => {
      const client = await open();
      expect(codeThrown(() => client.events(options as never))).toBe('INVALID_ARGUMENT');
    });

    it('throw INVALID_SESSION_ID at once for an invalid id', async () => {
      const client = await open();
      expect(codeThrown(() => client.events({ sessionId: '../x' }))).toBe('INVALID_SESSION_ID');
    });
  });
}
