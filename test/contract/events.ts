import { describe, expect, it } from 'vitest';
import { fragileAgent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { codeOf } from '../support/errors.ts';
import { collect, ENDED, increases, STARTED, seqs } from '../support/events.ts';
import { thawed } from '../support/frozen.ts';
import type { Subject } from './subject.ts';

export function eventsContract({ open, settle }: Subject): void {
  describe('the events of a session', () => {
    it('tell a life in order, and nothing comes after session_terminated', async () => {
      const client = await open();
      const seen = collect(client);
      const session = await client.createSession({ id: 'a', metadata: { m: 1 } });
      await session.send('user', 'hello');
      await session.context.addFile('a.ts');
      await session.context.updateFileIndex('a.ts', { lines: 1 });
      await session.context.put('k', 1);
      await session.context.removeFile('a.ts');
      await session.context.clearConversation();
      await session.terminate();
      await settle();
      expect(seen.steps()).toEqual([
        ...STARTED,
        'conversation_added',
        'file_added',
        'context_updated',
        'working_context_updated',
        'file_removed',
        'conversation_cleared',
        ...ENDED,
      ]);
    });

    it('carry type, sessionId, seq and at, and are deeply frozen', async () => {
      const client = await open({ clock: testClock(5_000) });
      const seen = collect(client);
      const session = await client.createSession({ id: 'a', metadata: { deep: { x: [1] } } });
      await session.send('user', [{ type: 'text', text: 'x' }]);
      await session.terminate();
      await settle();
      expect(seen.events).toHaveLength(6);
      for (const event of seen.events) {
        expect(event).toMatchObject({ sessionId: 'a', at: new Date(5_000).toISOString() });
        expect(Number.isSafeInteger(event.seq)).toBe(true);
        expect(thawed(event)).toBeUndefined();
      }
    });

    it('have a seq that strictly increases over all sessions', async () => {
      const client = await open();
      const seen = collect(client);
      const sessions = await Promise.all(Array.from({ length: 10 }, () => client.createSession()));
      await Promise.all(
        sessions.flatMap((session) => [session.send('user', 'a'), session.context.put('k', 1)]),
      );
      await Promise.all(sessions.map((session) => session.terminate()));
      await settle();
      expect(seen.events).toHaveLength(10 * 7);
      expect(increases(seqs(seen.events))).toBe(true);
      expect(seen.events[0]?.seq).toBeGreaterThan(0);
    });

    it('have a seq that goes on increasing when an id is used again', async () => {
      const client = await open();
      const seen = collect(client, { session: 'a' });
      for (let life = 0; life < 3; life++) await (await client.createSession({ id: 'a' })).terminate();
      await settle();
      expect(increases(seqs(seen.events))).toBe(true);
      expect(seen.steps()).toEqual([1, 2, 3].flatMap(() => [...STARTED, ...ENDED]));
    });

    it('give every change of status with the status before', async () => {
      const client = await open();
      const seen = collect(client, { types: ['session_status'] });
      await (await client.createSession()).terminate();
      await settle();
      expect(seen.of('session_status').map(({ previousStatus, status }) => [previousStatus, status])).toEqual(
        [
          ['initializing', 'active'],
          ['active', 'terminating'],
          ['terminating', 'terminated'],
        ],
      );
    });

    it('bring the whole message, the path, the key, the metadata', async () => {
      const client = await open();
      const seen = collect(client);
      const session = await client.createSession({ metadata: { owner: 'ada' } });
      const message = await session.send('user', 'x', { metadata: { m: 1 } });
      await session.context.addFile('a.ts');
      await session.context.put('k', 1);
      await settle();
      expect(seen.of('session_created')[0]?.metadata).toEqual({ owner: 'ada' });
      expect(seen.of('conversation_added')[0]?.message).toEqual(message);
      expect(seen.of('file_added')[0]?.path).toBe('a.ts');
      expect(seen.of('working_context_updated')[0]?.key).toBe('k');
    });

    it('are not published for a call that was refused', async () => {
      const client = await open();
      const session = await client.createSession();
      const seen = collect(client);
      await codeOf(session.send('robot' as 'user', 'x'));
      await codeOf(session.context.put('k', Number.NaN));
      await codeOf(session.context.updateFileIndex('a', [] as never));
      await codeOf(client.createSession({ id: session.id }));
      await codeOf(session.dispatch({ type: 'nobody' }));
      await settle();
      expect(seen.events).toEqual([]);
    });

    it('are not published for reads or for the cache', async () => {
      const client = await open();
      const session = await client.createSession();
      const seen = collect(client);
      await session.info();
      await session.snapshot();
      await session.context.history();
      await session.cache.cacheFile('a', 'A');
      await session.cache.getFile('a');
      await client.listSessions();
      await settle();
      expect(seen.events).toEqual([]);
    });
  });

  describe('when an event is delivered, a look-up already shows its effect:', () => {
    it('session_created: the session can be looked up and is listed', async () => {
      const client = await open();
      const found: Array<Promise<unknown>> = [];
      client.subscribeToAllSessions(
        ({ sessionId }) => {
          found.push(client.getSessionInfo(sessionId).then(({ id }) => id));
          found.push(client.listSessions().then((list) => list.map(({ id }) => id)));
        },
        { types: ['session_created'] },
      );
      await client.createSession({ id: 'a' });
      await settle();
      expect(await Promise.all(found)).toEqual(['a', ['a']]);
    });

    it('session_status active: the status is active', async () => {
      const client = await open();
      const found: Array<Promise<string>> = [];
      client.subscribeToAllSessions(
        ({ sessionId }) => {
          found.push(client.getSessionInfo(sessionId).then(({ status }) => status));
        },
        { types: ['session_status'] },
      );
      await client.createSession();
      await settle();
      expect(await Promise.all(found)).toEqual(['active']);
    });

    it('conversation_added: the message is in the history', async () => {
      const client = await open();
      const session = await client.createSession();
      const found: Array<Promise<boolean>> = [];
      session.subscribe(
        ({ message }) => {
          found.push(session.context.history().then((all) => all.some(({ id }) => id === message.id)));
        },
        { types: ['conversation_added'] },
      );
      await Promise.all([session.send('user', '1'), session.send('user', '2')]);
      await settle();
      expect(await Promise.all(found)).toEqual([true, true]);
    });

    it('file_added and working_context_updated: file and value are there', async () => {
      const client = await open();
      const session = await client.createSession();
      const found: Array<Promise<unknown>> = [];
      session.subscribe((event) => {
        if (event.type === 'file_added') found.push(session.context.activeFiles().then((all) => all.length));
        if (event.type === 'working_context_updated') found.push(session.context.get(event.key));
      });
      await session.context.addFile('a');
      await session.context.put('k', 'v');
      await settle();
      expect(await Promise.all(found)).toEqual([1, 'v']);
    });

    it('session_terminated: look-ups say not found, and the id is free', async () => {
      const client = await open();
      const found: Array<Promise<unknown>> = [];
      client.subscribeToSession(
        'a',
        () => {
          found.push(codeOf(client.getSessionInfo('a')));
          found.push(client.listSessions());
        },
        { types: ['session_terminated'] },
      );
      await (await client.createSession({ id: 'a' })).terminate();
      await settle();
      expect(await Promise.all(found)).toEqual(['SESSION_NOT_FOUND', []]);
    });

    it('session_terminated of a crash: look-ups say not found', async () => {
      const client = await open({ agent: fragileAgent, logger: {} });
      const found: Array<Promise<unknown>> = [];
      client.subscribeToAllSessions(
        ({ sessionId }) => {
          found.push(codeOf(client.getSessionInfo(sessionId)));
        },
        { types: ['session_terminated'] },
      );
      const session = await client.createSession();
      await session.dispatch({ type: 'boom' }).catch(() => {});
      await settle();
      expect(await Promise.all(found)).toEqual(['SESSION_NOT_FOUND']);
    });
  });
}
