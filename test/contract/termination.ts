import { describe, expect, it } from 'vitest';
import { watchedAgent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { codeOf } from '../support/errors.ts';
import { collect, ENDED } from '../support/events.ts';
import { gate } from '../support/gate.ts';
import { stateOf } from '../support/turns.ts';
import { readsOf, writesOf } from './calls.ts';
import type { Subject } from './subject.ts';

export function terminationContract({ open, settle }: Subject): void {
  describe('terminating a session', () => {
    it('resolves once it is gone: look-ups say not found', async () => {
      const client = await open();
      const session = await client.createSession({ id: 'a' });
      expect(await client.terminateSession('a')).toBeUndefined();
      expect(await codeOf(client.getSessionInfo('a'))).toBe('SESSION_NOT_FOUND');
      expect(await codeOf(session.info())).toBe('SESSION_NOT_FOUND');
      expect(await client.listSessions()).toEqual([]);
    });

    it('goes by way of terminating, with the reason normal', async () => {
      const client = await open();
      const session = await client.createSession();
      const seen = collect(client);
      await session.terminate();
      await settle();
      expect(seen.steps()).toEqual(ENDED);
      expect(seen.of('session_terminated')[0]?.reason).toBe('normal');
    });

    it('publishes the reason it was given', async () => {
      const client = await open();
      const session = await client.createSession();
      const seen = collect(client);
      await session.terminate({ reason: 'user left' });
      await settle();
      expect(seen.of('session_terminated')[0]?.reason).toBe('user left');
      expect(seen.of('session_status')[0]).toMatchObject({ status: 'terminating', reason: 'user left' });
    });

    it('leaves every other session as it was', async () => {
      const client = await open();
      const [a, b] = [await client.createSession({ id: 'a' }), await client.createSession({ id: 'b' })];
      await b.send('user', 'still here');
      const before = await b.info();
      await a.terminate();
      expect(await b.info()).toEqual(before);
      expect(await b.context.history()).toHaveLength(1);
    });

    it('joins a termination that is under way', async () => {
      const cleaned = gate();
      const client = await open({ hooks: { cleanup: () => cleaned.promise } });
      const session = await client.createSession();
      const seen = collect(client);
      const calls = [session.terminate(), client.terminateSession(session.id), session.terminate()];
      expect(await stateOf(Promise.race(calls))).toBe('pending');
      cleaned.open();
      await Promise.all(calls);
      await settle();
      expect(seen.steps()).toEqual(ENDED);
    });

    it('rejects SESSION_NOT_FOUND for an unknown id and for one that is gone', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.terminate();
      expect(await codeOf(session.terminate())).toBe('SESSION_NOT_FOUND');
      expect(await codeOf(client.terminateSession('never'))).toBe('SESSION_NOT_FOUND');
    });

    it('never restarts the session, whatever the policy', async () => {
      const client = await open({ agent: watchedAgent().logic, supervision: { restart: 'permanent' } });
      const session = await client.createSession();
      await session.terminate();
      await settle();
      expect(await client.listSessions()).toEqual([]);
    });

    it('does nothing when its signal was aborted before', async () => {
      const client = await open();
      const session = await client.createSession();
      expect(await codeOf(session.terminate({ signal: AbortSignal.abort() }))).toBe('ABORTED');
      expect((await session.info()).status).toBe('active');
    });
  });

  describe('while a session is terminating', () => {
    it('look-ups and lists show it, reads work, writes reject SESSION_NOT_ACTIVE', async () => {
      const cleaned = gate();
      const client = await open({ hooks: { cleanup: () => cleaned.promise } });
      const session = await client.createSession({ id: 'a' });
      await session.send('user', 'kept');
      const terminated = session.terminate();
      await settle();
      expect((await client.getSessionInfo('a')).status).toBe('terminating');
      expect((await client.listSessions()).map((info) => info.status)).toEqual(['terminating']);
      expect(await session.context.history()).toHaveLength(1);
      for (const [name, read] of readsOf(session)) {
        expect([name, await codeOf(read())]).toEqual([name, 'resolved instead']);
      }
      for (const [name, write] of writesOf(session)) {
        expect([name, await codeOf(write())]).toEqual([name, 'SESSION_NOT_ACTIVE']);
      }
      expect(await session.context.history()).toHaveLength(1);
      cleaned.open();
      await terminated;
    });

    it('its id stays reserved: create rejects DUPLICATE_SESSION', async () => {
      const cleaned = gate();
      const client = await open({ hooks: { cleanup: () => cleaned.promise } });
      await client.createSession({ id: 'a' });
      const terminated = client.terminateSession('a');
      await settle();
      expect(await codeOf(client.createSession({ id: 'a' }))).toBe('DUPLICATE_SESSION');
      cleaned.open();
      await terminated;
      expect((await client.createSession({ id: 'a' })).id).toBe('a');
    });

    it('a dispatch is refused', async () => {
      const [cleaned, agent] = [gate(), watchedAgent()];
      const client = await open({ agent: agent.logic, hooks: { cleanup: () => cleaned.promise } });
      const session = await client.createSession();
      const terminated = session.terminate();
      await settle();
      const code = await codeOf(session.dispatch({ type: 'late' }));
      expect(['SESSION_NOT_ACTIVE', 'INVALID_TRANSITION']).toContain(code);
      expect(agent.of(session.id).received).toEqual([]);
      cleaned.open();
      await terminated;
    });
  });

  describe('the cleanup hook', () => {
    it('runs once, after terminating was published and before terminated, and can use the context', async () => {
      const log: string[] = [];
      const client = await open({
        hooks: {
          async cleanup({ id, metadata, context, cache, signal }) {
            const history = await context.history();
            await context.put('closing', true);
            log.push(`cleanup ${id} ${metadata.owner} ${history.length}`);
            log.push(
              `${await context.get('closing')} ${(await cache.getFile('a'))?.content} ${signal.aborted}`,
            );
          },
        },
      });
      const session = await client.createSession({ id: 'a', metadata: { owner: 'ada' } });
      await session.send('user', 'x');
      await session.cache.cacheFile('a', 'A');
      client.subscribeToSession('a', (event) => log.push(event.type), { types: ['session_terminated'] });
      await session.terminate();
      await settle();
      expect(log).toEqual(['cleanup a ada 1', 'true A false', 'session_terminated']);
    });

    it('longer than terminateMs (5 s) is cut off: signal aborted, reason timeout', async () => {
      const clock = testClock();
      let signal: AbortSignal | undefined;
      const client = await open({
        clock,
        hooks: {
          cleanup: (session) => {
            signal = session.signal;
            return new Promise(() => {});
          },
        },
      });
      const session = await client.createSession();
      const seen = collect(client);
      const terminated = session.terminate();
      await clock.advance(4_999);
      expect((await session.info()).status).toBe('terminating');
      expect(signal?.aborted).toBe(false);
      await clock.advance(1);
      await terminated;
      await settle();
      expect(signal?.aborted).toBe(true);
      expect(seen.steps()).toEqual(ENDED);
      expect(seen.of('session_terminated')[0]?.reason).toBe('timeout');
    });

    it('has terminateMs from the options, and timeoutMs from the call, which wins', async () => {
      const clock = testClock();
      const hooks = { cleanup: () => new Promise<void>(() => {}) };
      const client = await open({ clock, hooks, timeouts: { terminateMs: 100 } });
      const [a, b] = [await client.createSession({ id: 'a' }), await client.createSession({ id: 'b' })];
      const [first, second] = [a.terminate(), b.terminate({ timeoutMs: 300 })];
      await clock.advance(100);
      await first;
      expect((await client.listSessions()).map(({ id }) => id)).toEqual(['b']);
      await clock.advance(200);
      await second;
      expect(await client.listSessions()).toEqual([]);
    });

    it('that rejects does not keep the session from ending', async () => {
      const client = await open({
        hooks: { cleanup: () => Promise.reject(new Error('disk gone')) },
        logger: {},
      });
      const session = await client.createSession();
      const seen = collect(client);
      await session.terminate();
      await settle();
      expect(seen.steps()).toEqual(ENDED);
      expect(await client.listSessions()).toEqual([]);
    });
  });

  describe('killing a session', () => {
    it('ends it now, by way of terminating, with the reason killed', async () => {
      const client = await open();
      const session = await client.createSession();
      const seen = collect(client);
      await session.kill();
      await settle();
      expect(seen.steps()).toEqual(ENDED);
      expect(seen.of('session_terminated')[0]?.reason).toBe('killed');
      expect(seen.of('session_status')[0]).toMatchObject({ status: 'terminating', reason: 'killed' });
      expect(await codeOf(session.info())).toBe('SESSION_NOT_FOUND');
    });

    it('runs no cleanup hook, and stops the agent', async () => {
      const agent = watchedAgent();
      let cleanups = 0;
      const client = await open({ agent: agent.logic, hooks: { cleanup: () => void cleanups++ } });
      const session = await client.createSession();
      await client.killSession(session.id);
      await settle();
      expect(cleanups).toBe(0);
      expect(agent.of(session.id).stopped).toBe(true);
      expect(agent.of(session.id).input.signal.aborted).toBe(true);
    });

    it('does not wait for a cleanup that is under way', async () => {
      let signal: AbortSignal | undefined;
      const client = await open({
        hooks: {
          cleanup: (session) => {
            signal = session.signal;
            return new Promise(() => {});
          },
        },
      });
      const session = await client.createSession();
      const terminated = session.terminate();
      await settle();
      await session.kill();
      await terminated;
      expect(signal?.aborted).toBe(true);
      expect(await client.listSessions()).toEqual([]);
    });

    it('keeps the reason as the error of session_terminated', async () => {
      const client = await open();
      const session = await client.createSession();
      const seen = collect(client);
      await session.kill(new Error('out of budget'));
      await settle();
      expect(seen.of('session_terminated')[0]?.error?.message).toContain('out of budget');
    });

    it('rejects SESSION_NOT_FOUND for an unknown id and for one that is gone', async () => {
      const client = await open();
      const session = await client.createSession();
      await session.kill();
      expect(await codeOf(session.kill())).toBe('SESSION_NOT_FOUND');
      expect(await codeOf(client.killSession('never'))).toBe('SESSION_NOT_FOUND');
    });
  });

  describe('disposing a handle', () => {
    it('terminates the session when the scope of `await using` ends', async () => {
      const client = await open();
      const seen = collect(client);
      {
        await using session = await client.createSession({ id: 'scoped' });
        await session.send('user', 'inside');
      }
      await settle();
      expect(await client.listSessions()).toEqual([]);
      expect(seen.of('session_terminated').map((event) => event.reason)).toEqual(['normal']);
    });

    it('terminates it when the scope is left by an error', async () => {
      const client = await open();
      const scope = async () => {
        await using _session = await client.createSession();
        throw new Error('left early');
      };
      await expect(scope()).rejects.toThrow('left early');
      expect(await client.listSessions()).toEqual([]);
    });

    it('resolves when the session is gone, and when the manager is closed', async () => {
      const client = await open();
      const [a, b] = [await client.createSession(), await client.createSession()];
      await a.terminate();
      await expect(a[Symbol.asyncDispose]()).resolves.toBeUndefined();
      await client.close();
      await expect(b[Symbol.asyncDispose]()).resolves.toBeUndefined();
    });
  });
}
