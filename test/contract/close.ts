import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/index.ts';
import { watchedAgent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { codeOf, codeThrown } from '../support/errors.ts';
import { collect, ENDED, increases, seqs } from '../support/events.ts';
import { gate } from '../support/gate.ts';
import { callsOf, clientCallsOf } from './calls.ts';
import type { Subject } from './subject.ts';

export function closeContract({ open, settle }: Subject): void {
  describe('after close', () => {
    it('every call rejects MANAGER_CLOSED, those of old handles too', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      await client.close();
      for (const [name, call] of [...clientCallsOf(client, 'a'), ...callsOf(session)]) {
        expect([name, await codeOf(call())]).toEqual([name, 'MANAGER_CLOSED']);
      }
    });

    it('every call rejects MANAGER_CLOSED even when its arguments are wrong', async () => {
      const client = await open();
      await client.close();
      expect(await codeOf(client.createSession(null as never))).toBe('MANAGER_CLOSED');
      expect(await codeOf(client.getSessionInfo('../x'))).toBe('MANAGER_CLOSED');
    });

    it('session, subscribe and events throw MANAGER_CLOSED at once', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      await client.close();
      for (const call of [
        () => client.session('a'),
        () => client.subscribeToSession('a', () => {}),
        () => client.subscribeToAllSessions(() => {}),
        () => client.events(),
        () => session.subscribe(() => {}),
        () => session.events(),
      ]) {
        expect(codeThrown(call)).toBe('MANAGER_CLOSED');
      }
    });

    it('an unsubscribe function still may be called', async () => {
      const client = await open();
      const seen = collect(client);
      await client.close();
      expect(() => seen.stop()).not.toThrow();
    });
  });

  describe('close', () => {
    it('resolves however often it is called, at once or one after the other', async () => {
      const client = await open();
      await client.createSession();
      await Promise.all([client.close(), client.close(), client[Symbol.asyncDispose]()]);
      await expect(client.close()).resolves.toBeUndefined();
      await expect(client.close({ terminate: true })).resolves.toBeUndefined();
    });

    it('comes with the end of an `await using` scope', async () => {
      let outer: Awaited<ReturnType<typeof open>>;
      {
        await using client = await open();
        await client.createSession();
        outer = client;
      }
      expect(await codeOf(outer.listSessions())).toBe('MANAGER_CLOSED');
    });

    it('terminates no session and publishes no event', async () => {
      const client = await open();
      await client.createSession();
      const seen = collect(client);
      await client.close();
      await settle();
      expect(seen.events).toEqual([]);
    });

    it('settles every call in flight', async () => {
      const client = await open({
        hooks: { initialize: ({ id }) => (id === 'slow' ? new Promise(() => {}) : undefined) },
      });
      const session = await client.createSession({ id: 'a' });
      const calls = [
        client.createSession({ id: 'slow' }),
        client.getOrCreateSession('slow'),
        client.sendMessage('slow', 'user', 'waits'),
        client.session('slow').context.put('k', 1),
        session.send('user', 'x'),
        session.info(),
        session.terminate(),
        client.listSessions(),
      ].map(codeOf);
      await client.close();
      const codes = await Promise.all(calls);
      expect(codes[0]).toBe('MANAGER_CLOSED');
      expect(codes[2]).toBe('MANAGER_CLOSED');
      for (const code of codes) expect(code).not.toMatch(/Error/);
    });

    it('settles a terminate whose cleanup hangs, and does not wait for the cleanup', async () => {
      let signal: AbortSignal | undefined;
      const client = await open({
        clock: testClock(),
        hooks: {
          cleanup: (session) => {
            signal = session.signal;
            return new Promise(() => {});
          },
        },
      });
      const session = await client.createSession();
      const terminated = codeOf(session.terminate());
      await settle();
      await client.close();
      await terminated;
      expect(signal?.aborted).toBe(true);
    });

    it('aborts the signal of an initialize hook', async () => {
      let signal: AbortSignal | undefined;
      const client = await open({
        hooks: {
          initialize: (session) => {
            signal = session.signal;
            return new Promise(() => {});
          },
        },
      });
      const created = codeOf(client.createSession());
      await settle();
      await client.close();
      expect(await created).toBe('MANAGER_CLOSED');
      expect(signal?.aborted).toBe(true);
    });

    it('stops the agents, and runs no cleanup hook', async () => {
      const agent = watchedAgent();
      let cleanups = 0;
      const client = await open({ agent: agent.logic, hooks: { cleanup: () => void cleanups++ } });
      await Promise.all([client.createSession(), client.createSession()]);
      await client.close();
      expect(agent.live()).toEqual([]);
      expect(agent.runs.every(({ input }) => input.signal.aborted)).toBe(true);
      expect(cleanups).toBe(0);
    });

    it('leaves no timer on the clock', async () => {
      const clock = testClock();
      const client = await open({ clock, sessionDefaults: { idleAfterMs: 1_000, terminateAfterMs: 9_000 } });
      await Promise.all([client.createSession(), client.createSession()]);
      await client.close();
      expect(clock.pending).toBe(0);
    });

    it.each([[null], [[]], ['x'], [{ terminate: 'yes' }]])('refuses the options %j', async (options) => {
      const client = await open();
      expect(await codeOf(client.close(options as never))).toBe('INVALID_ARGUMENT');
      expect(await client.listSessions()).toEqual([]);
    });
  });

  describe('close({ terminate: true })', () => {
    it('terminates every session first, for the reason closed, with the cleanup hooks', async () => {
      const cleaned: string[] = [];
      const client = await open({ hooks: { cleanup: ({ id }) => void cleaned.push(id) } });
      for (const id of ['a', 'b']) await client.createSession({ id });
      const seen = collect(client);
      await client.close({ terminate: true });
      await settle();
      expect(cleaned.sort()).toEqual(['a', 'b']);
      for (const id of ['a', 'b']) {
        const events = seen.session(id);
        expect(events.map(({ type }) => type)).toEqual([
          'session_status',
          'session_status',
          'session_terminated',
        ]);
        expect(events.at(-1)).toMatchObject({ reason: 'closed' });
      }
    });

    it('leaves nothing in the store', async () => {
      const store = memoryStore();
      const client = await open({ store });
      await client.createSession();
      await client.close({ terminate: true });
      expect(await (await open({ store })).listSessions()).toEqual([]);
    });

    it('waits no longer than terminateMs for a cleanup that hangs', async () => {
      const clock = testClock();
      const client = await open({ clock, hooks: { cleanup: () => new Promise(() => {}) } });
      await Promise.all([client.createSession(), client.createSession()]);
      const seen = collect(client);
      const closed = client.close({ terminate: true });
      await clock.advance(5_000);
      await closed;
      expect(seen.of('session_terminated')).toHaveLength(2);
    });
  });

  describe('a manager opened later on the same store', () => {
    it('finds every session with all it had', async () => {
      const store = memoryStore();
      const first = await open({ store });
      const session = await first.createSession({
        id: 'a',
        metadata: { m: [1] },
        llmConfig: { l: 1 },
        config: { maxMessages: 9 },
      });
      await session.send('user', 'x', { idempotencyKey: 'k' });
      await session.context.addFile('a.ts');
      await session.context.updateFileIndex('a.ts', { lines: 1 });
      await session.context.put('k', { deep: ['v'] });
      await first.createSession({ id: 'b' });
      const [info, history] = [await session.info(), await session.context.history()];
      await first.close();

      const second = await open({ store });
      const found = second.session('a');
      expect((await second.listSessions()).map(({ id }) => id)).toEqual(['a', 'b']);
      expect(await found.info()).toMatchObject({
        id: 'a',
        seq: info.seq,
        status: 'active',
        metadata: { m: [1] },
        llmConfig: { l: 1 },
        config: info.config,
        createdAt: info.createdAt,
        messageCount: 1,
        activeFileCount: 1,
      });
      expect(await found.context.history()).toEqual(history);
      expect((await found.context.activeFiles()).map(({ path }) => path)).toEqual(['a.ts']);
      expect(await found.context.fileIndex()).toEqual({ 'a.ts': { lines: 1 } });
      expect(await found.context.get('k')).toEqual({ deep: ['v'] });
      expect(await found.send('user', 'again', { idempotencyKey: 'k' })).toEqual(history[0]);
      expect((await found.send('user', 'y')).id).toBe('a:2');
    });

    it('has an empty cache and running agents', async () => {
      const [store, agent] = [memoryStore(), watchedAgent()];
      const first = await open({ store, agent: agent.logic });
      await (await first.createSession({ id: 'a' })).cache.cacheFile('f', 'F');
      await first.close();
      const second = await open({ store, agent: agent.logic });
      expect(await second.session('a').cache.getFile('f')).toBeUndefined();
      await second.session('a').dispatch({ type: 'hello' });
      expect(agent.of('a').received).toEqual([{ type: 'hello' }]);
      expect(agent.live()).toHaveLength(1);
    });

    it('finds nothing that was terminated', async () => {
      const store = memoryStore();
      const first = await open({ store });
      for (const id of ['a', 'b', 'c']) await first.createSession({ id });
      await first.terminateSession('a');
      await first.killSession('c');
      await first.close();
      expect((await (await open({ store })).listSessions()).map(({ id }) => id)).toEqual(['b']);
    });

    it('finds the saved sessions', async () => {
      const store = memoryStore();
      const first = await open({ store });
      const session = await first.createSession({ id: 'a' });
      await session.send('user', 'x');
      await first.saveSession('a');
      await session.terminate();
      await first.close();
      const second = await open({ store });
      expect((await second.listSavedSessions()).map(({ id }) => id)).toEqual(['a']);
      expect(await (await second.restoreSession('a')).context.history()).toHaveLength(1);
    });

    it('goes on with the seq, and can replay what was published before', async () => {
      const store = memoryStore();
      const first = await open({ store });
      const before = collect(first);
      await (await first.createSession({ id: 'a' })).send('user', '1');
      await settle();
      await first.close();
      const second = await open({ store });
      const replayed = collect(second, { from: 0 });
      await second.sendMessage('a', 'user', '2');
      await settle();
      expect(replayed.events.slice(0, before.events.length)).toEqual(before.events);
      expect(increases(seqs(replayed.events))).toBe(true);
      expect(replayed.of('conversation_added')).toHaveLength(2);
    });

    it('ends a session it found like any other', async () => {
      const store = memoryStore();
      const first = await open({ store });
      await first.createSession({ id: 'a' });
      await first.close();
      const second = await open({ store });
      await second.listSessions();
      const seen = collect(second);
      await second.terminateSession('a');
      await settle();
      expect(seen.steps()).toEqual(ENDED);
      expect(await codeOf(second.createSession({ id: 'a' }))).toBe('resolved instead');
    });

    it('is refused with STORE_LOCKED while the first is open, and the first goes on', async () => {
      const store = memoryStore();
      const first = await open({ store });
      await first.createSession({ id: 'a' });
      const second = await open({ store });
      expect(await codeOf(second.listSessions())).toBe('STORE_LOCKED');
      expect((await first.sendMessage('a', 'user', 'mine')).id).toBe('a:1');
    });
  });

  describe('a manager that is opened while a session was being started', () => {
    it('lists only sessions that were acknowledged or can be used', async () => {
      const store = memoryStore();
      const ready = gate();
      const first = await open({
        store,
        hooks: { initialize: ({ id }) => (id === 'slow' ? ready.promise : undefined) },
      });
      await first.createSession({ id: 'a' });
      const created = codeOf(first.createSession({ id: 'slow' }));
      await settle();
      await first.close();
      expect(await created).toBe('MANAGER_CLOSED');
      const second = await open({ store });
      await settle();
      for (const { id } of await second.listSessions()) {
        expect(await codeOf(second.sendMessage(id, 'user', 'works'))).toBe('resolved instead');
      }
      expect((await second.listSessions()).map(({ id }) => id)).toContain('a');
    });
  });
}
