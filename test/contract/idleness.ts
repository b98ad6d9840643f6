import { describe, expect, it } from 'vitest';
import { watchedAgent, workingAgent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { codeOf } from '../support/errors.ts';
import { collect } from '../support/events.ts';
import { readsOf, writesOf } from './calls.ts';
import type { Subject } from './subject.ts';

export function idlenessContract({ open, settle }: Subject): void {
  describe('idling', () => {
    it('is off by default', async () => {
      const clock = testClock();
      const client = await open({ clock });
      const session = await client.createSession();
      await clock.advance(30 * 24 * 3_600_000);
      expect((await session.info()).status).toBe('active');
    });

    it('starts idleAfterMs after the last activity, and not before', async () => {
      const clock = testClock();
      const client = await open({ clock });
      const session = await client.createSession({ config: { idleAfterMs: 1_000 } });
      const seen = collect(client);
      await clock.advance(999);
      expect((await session.info()).status).toBe('active');
      await clock.advance(1);
      expect((await session.info()).status).toBe('idle');
      await settle();
      expect(seen.events).toMatchObject([
        { type: 'session_status', status: 'idle', previousStatus: 'active', sessionId: session.id },
      ]);
    });

    it('ends with a write, and is counted anew from it', async () => {
      const clock = testClock();
      const client = await open({ clock });
      const session = await client.createSession({ config: { idleAfterMs: 1_000 } });
      await clock.advance(1_000);
      const seen = collect(client);
      await session.send('user', 'wake up');
      await settle();
      expect((await session.info()).status).toBe('active');
      expect(seen.steps().filter((step) => step.includes('→'))).toEqual(['idle→active']);
      expect(seen.of('conversation_added')).toHaveLength(1);
      await clock.advance(999);
      expect((await session.info()).status).toBe('active');
      await clock.advance(1);
      expect((await session.info()).status).toBe('idle');
    });

    it.each(writesOf({} as never).map(([name]) => name))('is put off by %s', async (name) => {
      const clock = testClock();
      const client = await open({ clock });
      const session = await client.createSession({ config: { idleAfterMs: 1_000 } });
      if (name !== 'context.addFile') await session.context.addFile('late.ts');
      await session.context.put('late', 1);
      await session.send('user', 'x');
      await clock.advance(900);
      await writesOf(session).find(([each]) => each === name)?.[1]();
      await clock.advance(900);
      expect((await session.info()).status).toBe('active');
      await clock.advance(100);
      expect((await session.info()).status).toBe('idle');
    });

    it('is not put off by reads, and reads do not wake an idle session', async () => {
      const clock = testClock();
      const client = await open({ clock });
      const session = await client.createSession({ config: { idleAfterMs: 1_000 } });
      await clock.advance(900);
      for (const [, read] of readsOf(session)) await read();
      await client.listSessions();
      await clock.advance(100);
      expect((await session.info()).status).toBe('idle');
      for (const [, read] of readsOf(session)) await read();
      expect((await session.info()).status).toBe('idle');
    });

    it('is put off by a dispatch and by an event of the agent', async () => {
      const [clock, agent] = [testClock(), watchedAgent()];
      const client = await open({ clock, agent: agent.logic });
      const session = await client.createSession({ config: { idleAfterMs: 1_000 } });
      await clock.advance(900);
      await session.dispatch({ type: 'anything' });
      await clock.advance(900);
      expect((await session.info()).status).toBe('active');
      agent.of(session.id).emit({ type: 'agent_status', agentName: 'a', status: 'busy' });
      await clock.advance(900);
      expect((await session.info()).status).toBe('active');
      await clock.advance(100);
      expect((await session.info()).status).toBe('idle');
    });

    it('waits for the running children of the agent, which activeTasks counts', async () => {
      const clock = testClock();
      const client = await open({ clock, agent: workingAgent });
      const session = await client.createSession({ config: { idleAfterMs: 1_000 } });
      await session.dispatch({ type: 'work' });
      expect((await session.info()).activeTasks).toBe(1);
      await clock.advance(10_000);
      expect((await session.info()).status).toBe('active');
      await session.dispatch({ type: 'rest' });
      expect((await session.info()).activeTasks).toBe(0);
      await clock.advance(1_000);
      expect((await session.info()).status).toBe('idle');
    });

    it('keeps the agent running', async () => {
      const [clock, agent] = [testClock(), watchedAgent()];
      const client = await open({ clock, agent: agent.logic });
      const session = await client.createSession({ config: { idleAfterMs: 1_000 } });
      await clock.advance(1_000);
      expect((await session.info()).status).toBe('idle');
      expect(agent.of(session.id).stopped).toBe(false);
      await session.dispatch({ type: 'still there?' });
      expect(agent.of(session.id).received).toEqual([{ type: 'still there?' }]);
      expect(agent.runs).toHaveLength(1);
    });

    it('comes to each session by its own configuration', async () => {
      const clock = testClock();
      const client = await open({ clock, sessionDefaults: { idleAfterMs: 500 } });
      const [a, b] = [
        await client.createSession(),
        await client.createSession({ config: { idleAfterMs: 900 } }),
      ];
      await clock.advance(500);
      expect([(await a.info()).status, (await b.info()).status]).toEqual(['idle', 'active']);
      await clock.advance(400);
      expect((await b.info()).status).toBe('idle');
    });

    it('ends in a termination like any other', async () => {
      const clock = testClock();
      const client = await open({ clock });
      const session = await client.createSession({ config: { idleAfterMs: 10 } });
      await clock.advance(10);
      const seen = collect(client);
      await session.terminate();
      await settle();
      expect(seen.steps()).toEqual(['idle→terminating', 'terminating→terminated', 'session_terminated']);
    });
  });

  describe('terminateAfterMs', () => {
    it('terminates the session for the reason idle', async () => {
      const clock = testClock();
      const client = await open({ clock });
      const session = await client.createSession({ config: { terminateAfterMs: 5_000 } });
      const seen = collect(client);
      await clock.advance(4_999);
      expect((await session.info()).status).toBe('active');
      await clock.advance(1);
      await settle();
      expect(await codeOf(session.info())).toBe('SESSION_NOT_FOUND');
      expect(seen.of('session_terminated').map((event) => event.reason)).toEqual(['idle']);
    });

    it('comes after idling, counted from the last activity, and the cleanup hook runs', async () => {
      const clock = testClock();
      const cleaned: string[] = [];
      const client = await open({ clock, hooks: { cleanup: ({ id }) => void cleaned.push(id) } });
      const session = await client.createSession({
        id: 'a',
        config: { idleAfterMs: 1_000, terminateAfterMs: 3_000 },
      });
      const seen = collect(client);
      await clock.advance(1_000);
      await clock.advance(1_999);
      expect((await session.info()).status).toBe('idle');
      await clock.advance(1);
      await settle();
      expect(seen.steps()).toEqual([
        'active→idle',
        'idle→terminating',
        'terminating→terminated',
        'session_terminated',
      ]);
      expect(cleaned).toEqual(['a']);
    });

    it('is put off by activity', async () => {
      const clock = testClock();
      const client = await open({ clock });
      const session = await client.createSession({ config: { terminateAfterMs: 1_000 } });
      for (let i = 0; i < 5; i++) {
        await clock.advance(900);
        await session.send('user', 'here I am');
      }
      expect((await session.info()).messageCount).toBe(5);
    });
  });

  describe('sleeping', () => {
    it('is invisible to callers: all is there, and a write goes on where the session was', async () => {
      const clock = testClock();
      const client = await open({ clock });
      const session = await client.createSession({
        id: 'a',
        metadata: { m: 1 },
        config: { idleAfterMs: 1_000, sleepAfterMs: 2_000 },
      });
      await session.send('user', 'before', { idempotencyKey: 'k' });
      await session.context.put('key', 'value');
      await session.context.addFile('a.ts');
      await clock.advance(1_000);
      await clock.advance(1_000);
      expect(await session.info()).toMatchObject({ id: 'a', messageCount: 1, metadata: { m: 1 } });
      expect((await client.listSessions()).map(({ id }) => id)).toEqual(['a']);
      expect(await session.context.get('key')).toBe('value');
      expect((await session.context.activeFiles()).map(({ path }) => path)).toEqual(['a.ts']);
      expect((await session.send('user', 'again', { idempotencyKey: 'k' })).content).toBe('before');
      expect((await session.send('user', 'after')).id).toBe('a:2');
      expect((await session.info()).status).toBe('active');
      expect((await session.context.history()).map(({ content }) => content)).toEqual(['before', 'after']);
    });

    it('does not come to a session whose agent has a running child', async () => {
      const clock = testClock();
      const client = await open({ clock, agent: workingAgent });
      const session = await client.createSession({ config: { idleAfterMs: 1_000, sleepAfterMs: 2_000 } });
      await session.dispatch({ type: 'work' });
      await clock.advance(5_000);
      expect(await session.info()).toMatchObject({ status: 'active', activeTasks: 1 });
    });
  });

  describe('lastActivityAt', () => {
    it('moves with a write and stays with a read', async () => {
      const clock = testClock();
      const client = await open({ clock });
      const session = await client.createSession();
      await clock.advance(5_000);
      for (const [, read] of readsOf(session)) await read();
      expect((await session.info()).lastActivityAt).toBe(new Date(0).toISOString());
      await session.send('user', 'x');
      const info = await session.info();
      expect(info.lastActivityAt).toBe(new Date(5_000).toISOString());
      expect(info.updatedAt).toBe(new Date(5_000).toISOString());
      expect(info.createdAt).toBe(new Date(0).toISOString());
    });
  });
}
