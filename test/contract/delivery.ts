import { describe, expect, it } from 'vitest';
import type { SessionEvent } from '../../src/events/types.ts';
import { codeThrown, strays } from '../support/errors.ts';
import { collect, ENDED, STARTED } from '../support/events.ts';
import { rejectingListener, throwingListener } from '../support/listeners.ts';
import type { Client, Subject } from './subject.ts';

export function deliveryContract({ open, settle }: Subject): void {
  describe('subscribing', () => {
    it('to one session: all its events, created and terminated included, and no others', async () => {
      const client = await open();
      const seen = collect(client, { session: 'a' });
      const [a, b] = [await client.createSession({ id: 'a' }), await client.createSession({ id: 'b' })];
      await b.send('user', 'not for you');
      await a.send('user', 'for you');
      await Promise.all([a.terminate(), b.terminate()]);
      await settle();
      expect(seen.steps()).toEqual([...STARTED, 'conversation_added', ...ENDED]);
      expect(new Set(seen.events.map(({ sessionId }) => sessionId))).toEqual(new Set(['a']));
    });

    it('to all sessions: all events of every session', async () => {
      const client = await open();
      const seen = collect(client);
      for (const id of ['a', 'b', 'c']) await (await client.createSession({ id })).send('user', id);
      await settle();
      for (const id of ['a', 'b', 'c']) {
        expect(seen.session(id).map(({ type }) => type)).toEqual([
          'session_created',
          'session_status',
          'conversation_added',
        ]);
      }
      expect(seen.events).toHaveLength(9);
    });

    it('by a handle is subscribing to that session', async () => {
      const client = await open();
      const session = client.session('a');
      const seen: SessionEvent[] = [];
      session.subscribe((event) => seen.push(event));
      await client.createSession({ id: 'b' });
      await client.createSession({ id: 'a' });
      await settle();
      expect(seen.map(({ type }) => type)).toEqual(['session_created', 'session_status']);
    });

    it('belongs to the id: it goes on with the next incarnation', async () => {
      const client = await open();
      const first = await client.createSession({ id: 'a' });
      const seen = collect(client, { session: 'a' });
      await first.terminate();
      await client.createSession({ id: 'a' });
      await settle();
      expect(seen.steps()).toEqual([...ENDED, ...STARTED]);
    });

    it('brings nothing that was published before', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.send('user', 'before');
      const seen = collect(client);
      await session.send('user', 'after');
      await settle();
      expect(seen.of('conversation_added').map(({ message }) => message.content)).toEqual(['after']);
      expect(seen.events).toHaveLength(1);
    });

    it('ends with the function it returned, which may be called twice', async () => {
      const client = await open();
      const session = await client.createSession();
      const [stopped, other] = [collect(client), collect(client)];
      await session.send('user', '1');
      await settle();
      stopped.stop();
      stopped.stop();
      await session.send('user', '2');
      await settle();
      expect([stopped.events.length, other.events.length]).toEqual([1, 2]);
    });

    it('with types brings those types only', async () => {
      const client = await open();
      const seen = collect(client, { types: ['session_terminated', 'conversation_added'] });
      const ofOne = collect(client, { session: 'a', types: ['file_added'] });
      const session = await client.createSession({ id: 'a' });
      await session.send('user', 'x');
      await session.context.addFile('f');
      await session.terminate();
      await settle();
      expect(seen.types()).toEqual(['conversation_added', 'session_terminated']);
      expect(ofOne.types()).toEqual(['file_added']);
    });

    it('with a signal ends when it aborts', async () => {
      const client = await open();
      const session = await client.createSession();
      const controller = new AbortController();
      const seen = collect(client, { signal: controller.signal });
      await session.send('user', '1');
      await settle();
      controller.abort();
      await session.send('user', '2');
      await settle();
      expect(seen.events).toHaveLength(1);
    });

    it('with a signal that was aborted before brings nothing', async () => {
      const client = await open();
      const seen = collect(client, { signal: AbortSignal.abort() });
      const unsubscribe = seen.stop;
      await client.createSession();
      await settle();
      expect(seen.events).toEqual([]);
      expect(() => unsubscribe()).not.toThrow();
    });

    it.each([
      ['no listener', (client: Client) => client.subscribeToAllSessions(undefined as never)],
      ['a listener that is no function', (client: Client) => client.subscribeToAllSessions({} as never)],
      ['options that are null', (client: Client) => client.subscribeToAllSessions(() => {}, null as never)],
      [
        'options that are an array',
        (client: Client) => client.subscribeToSession('a', () => {}, [] as never),
      ],
      [
        'types that are no array',
        (client: Client) => client.subscribeToAllSessions(() => {}, { types: 'x' as never }),
      ],
      [
        'an unknown type',
        (client: Client) => client.subscribeToAllSessions(() => {}, { types: ['x' as never] }),
      ],
      [
        'a cursor that is a text',
        (client: Client) => client.subscribeToAllSessions(() => {}, { from: '1' as never }),
      ],
      [
        'a cursor that is NaN',
        (client: Client) => client.subscribeToAllSessions(() => {}, { from: Number.NaN }),
      ],
      [
        'a signal that is none',
        (client: Client) => client.subscribeToAllSessions(() => {}, { signal: {} as never }),
      ],
      ['a handle and no listener', (client: Client) => client.session('a').subscribe(null as never)],
    ])('throws INVALID_ARGUMENT at once for %s', async (_title, subscribe) => {
      const client = await open();
      expect(codeThrown(() => subscribe(client))).toBe('INVALID_ARGUMENT');
    });

    it('throws INVALID_SESSION_ID at once for an invalid id', async () => {
      const client = await open();
      expect(codeThrown(() => client.subscribeToSession('../x', () => {}))).toBe('INVALID_SESSION_ID');
    });
  });

  describe('delivery', () => {
    it('goes in the order of subscription, across both topics', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      const order: string[] = [];
      client.subscribeToAllSessions(() => order.push('1 all'));
      client.subscribeToSession('a', () => order.push('2 one'));
      client.subscribeToAllSessions(() => order.push('3 all'));
      session.subscribe(() => order.push('4 one'));
      await session.send('user', 'x');
      await settle();
      expect(order).toEqual(['1 all', '2 one', '3 all', '4 one']);
    });

    it('calls a listener added twice to the same topic once, as EventTarget does', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      const calls: string[] = [];
      const listener = (event: SessionEvent) => calls.push(event.type);
      const stops = [client.subscribeToAllSessions(listener), client.subscribeToAllSessions(listener)];
      await session.send('user', 'x');
      await settle();
      expect(calls).toEqual(['conversation_added']);
      for (const stop of stops) stop();
      await session.send('user', 'y');
      await settle();
      expect(calls).toHaveLength(1);
    });

    it('calls the same listener once for each of two topics', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      const calls: string[] = [];
      const listener = (event: SessionEvent) => calls.push(event.type);
      client.subscribeToAllSessions(listener);
      client.subscribeToSession('a', listener);
      client.subscribeToSession('b', listener);
      await session.send('user', 'x');
      await settle();
      expect(calls).toEqual(['conversation_added', 'conversation_added']);
    });

    it('lets a listener subscribe again after it was unsubscribed', async () => {
      const client = await open();
      const session = await client.createSession();
      const calls: string[] = [];
      const listener = (event: SessionEvent) => calls.push(event.type);
      client.subscribeToAllSessions(listener)();
      client.subscribeToAllSessions(listener);
      await session.send('user', 'x');
      await settle();
      expect(calls).toHaveLength(1);
    });

    it('is the same for everybody when a listener makes calls: first in, first out', async () => {
      const client = await open();
      const session = await client.createSession();
      const first = collect(client);
      let sent = 0;
      client.subscribeToAllSessions(
        () => {
          if (++sent <= 3) void session.send('assistant', `echo ${sent}`);
        },
        { types: ['conversation_added'] },
      );
      const last = collect(client);
      await session.send('user', 'start');
      await settle();
      const texts = (seen: typeof first) =>
        seen.of('conversation_added').map(({ message }) => message.content);
      expect(texts(first)).toEqual(['start', 'echo 1', 'echo 2', 'echo 3']);
      expect(texts(last)).toEqual(texts(first));
    });

    it('never re-enters a listener: a call made in one is queued', async () => {
      const client = await open();
      const session = await client.createSession();
      let depth = 0;
      let deepest = 0;
      let budget = 5;
      session.subscribe(() => {
        depth++;
        deepest = Math.max(deepest, depth);
        if (budget-- > 0) void session.context.put('k', budget);
        depth--;
      });
      await session.context.put('k', 'start');
      await settle();
      expect(budget).toBeLessThan(0);
      expect(deepest).toBe(1);
    });

    it('gives a newcomer that subscribes during it the next event, not this one', async () => {
      const client = await open();
      const session = await client.createSession();
      const late: string[] = [];
      let subscribed = false;
      client.subscribeToAllSessions(() => {
        if (subscribed) return;
        subscribed = true;
        client.subscribeToAllSessions((event) => late.push(event.type));
      });
      await session.send('user', '1');
      await settle();
      expect(late).toEqual([]);
      await session.context.addFile('f');
      await settle();
      expect(late).toEqual(['file_added']);
    });

    it('goes on to the others when a listener unsubscribes itself during it', async () => {
      const client = await open();
      const session = await client.createSession();
      const [before, own] = [collect(client), [] as string[]];
      const stop = client.subscribeToAllSessions((event) => {
        own.push(event.type);
        stop();
      });
      const after = collect(client);
      await session.send('user', '1');
      await session.send('user', '2');
      await settle();
      expect([before.events.length, own.length, after.events.length]).toEqual([2, 1, 2]);
    });

    it.each([
      ['throws', throwingListener],
      ['rejects', rejectingListener],
    ])('is not disturbed by a listener that %s', async (_title, make) => {
      const client = await open({ logger: {} });
      const bad = make();
      const before = collect(client);
      client.subscribeToAllSessions(bad.listener);
      const after = collect(client);
      const thrown = await strays(async () => {
        const session = await client.createSession();
        await session.send('user', 'x');
        await session.terminate();
        await settle();
      });
      expect(thrown).toEqual([]);
      expect(bad.calls).toBe(6);
      expect(before.steps()).toEqual([...STARTED, 'conversation_added', ...ENDED]);
      expect(after.events).toEqual(before.events);
    });

    it('gives nobody the means to change what the next one sees', async () => {
      const client = await open();
      const attempts: boolean[] = [];
      client.subscribeToAllSessions((event) => {
        attempts.push(Reflect.set(event, 'type', 'forged') || Reflect.set(event, 'extra', 1));
      });
      const seen = collect(client);
      await client.createSession();
      await settle();
      expect(attempts).toEqual([false, false]);
      expect(seen.types()).toEqual(['session_created', 'session_status']);
    });
  });
}
