import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/index.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { finishingAgent, fragileAgent, promiseAgent, watchedAgent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { codeOf } from '../support/errors.ts';
import { collect, ENDED } from '../support/events.ts';
import { gate } from '../support/gate.ts';
import { until } from '../support/turns.ts';
import type { ClientSession, Subject } from './subject.ts';

const RESTARTED = [
  'session_crashed',
  'active→terminating',
  'terminating→terminated',
  'terminated→initializing',
  'initializing→active',
];
const quiet: SessionManagerOptions = { logger: {} };

export function supervisionContract({ open, settle }: Subject): void {
  const crash = async (session: ClientSession) => {
    await session.dispatch({ type: 'boom' }).catch(() => {});
    await settle();
  };

  describe('a crash', () => {
    it('ends the session by default: crashed, then the usual end with the reason crashed', async () => {
      const client = await open({ ...quiet, agent: fragileAgent });
      const session = await client.createSession();
      const seen = collect(client);
      await crash(session);
      expect(seen.steps()).toEqual(['session_crashed', ...ENDED]);
      expect(seen.of('session_crashed')[0]).toMatchObject({ restarting: false });
      expect(seen.of('session_crashed')[0]?.error.message).toContain('the agent hit a mine');
      expect(seen.of('session_terminated')[0]).toMatchObject({ reason: 'crashed' });
      expect(seen.of('session_terminated')[0]?.error?.message).toContain('the agent hit a mine');
      expect(seen.of('session_status')[0]).toMatchObject({ status: 'terminating', reason: 'crashed' });
      expect(await codeOf(session.info())).toBe('SESSION_NOT_FOUND');
      expect(await client.listSessions()).toEqual([]);
    });

    it('rejects what was in flight with SESSION_CRASHED', async () => {
      const client = await open({ ...quiet, agent: fragileAgent });
      const session = await client.createSession();
      expect(await codeOf(session.dispatch({ type: 'boom' }))).toBe('SESSION_CRASHED');
    });

    it('leaves the others alone', async () => {
      const client = await open({ ...quiet, agent: fragileAgent });
      const [a, b] = [await client.createSession(), await client.createSession()];
      const before = await b.info();
      await crash(a);
      expect(await b.info()).toEqual(before);
      expect((await b.send('user', 'fine')).role).toBe('user');
    });

    it('of an agent that is a rejected promise counts as one', async () => {
      const outcome = gate<unknown>();
      const client = await open({ ...quiet, agent: promiseAgent(() => outcome.promise) });
      await client.createSession();
      const seen = collect(client);
      outcome.fail('no Error at all');
      await until(() => seen.of('session_terminated').length === 1);
      expect(seen.steps()).toEqual(['session_crashed', ...ENDED]);
      expect(seen.of('session_crashed')[0]?.error.message).toContain('no Error at all');
    });
  });

  describe('restart: transient', () => {
    const transient: SessionManagerOptions = {
      ...quiet,
      agent: fragileAgent,
      supervision: { restart: 'transient' },
    };

    it('brings a crashed session back by the published steps, without session_terminated', async () => {
      const client = await open(transient);
      const session = await client.createSession();
      const seen = collect(client);
      await crash(session);
      await until(async () => (await session.info()).status === 'active');
      await settle();
      expect(seen.steps()).toEqual(RESTARTED);
      expect(seen.of('session_crashed')[0]).toMatchObject({ restarting: true, attempt: 1 });
      expect((await session.info()).restarts).toBe(1);
    });

    it('keeps the conversation, files, index, working context, cache and acknowledged keys', async () => {
      const client = await open(transient);
      const session = await client.createSession({ id: 'a', metadata: { m: 1 }, llmConfig: { l: 1 } });
      const first = await session.send('user', 'kept', { idempotencyKey: 'k' });
      await session.context.addFile('a.ts');
      await session.context.updateFileIndex('a.ts', { lines: 3 });
      await session.context.put('key', ['value']);
      await session.cache.cacheFile('a.ts', 'A');
      await crash(session);
      await until(async () => (await session.info()).status === 'active');
      expect(await session.context.history()).toEqual([first]);
      expect(await session.send('user', 'again', { idempotencyKey: 'k' })).toEqual(first);
      expect((await session.context.activeFiles()).map(({ path }) => path)).toEqual(['a.ts']);
      expect(await session.context.fileIndex()).toEqual({ 'a.ts': { lines: 3 } });
      expect(await session.context.get('key')).toEqual(['value']);
      expect((await session.cache.getFile('a.ts'))?.content).toBe('A');
      expect(await session.info()).toMatchObject({ metadata: { m: 1 }, llmConfig: { l: 1 } });
      expect((await session.send('user', 'next')).id).toBe('a:2');
    });

    it('restarts after a kill too, with session_crashed and the acknowledged data', async () => {
      const client = await open(transient);
      const session = await client.createSession();
      await session.send('user', 'kept');
      const seen = collect(client);
      await session.kill();
      await until(async () => (await session.info()).status === 'active');
      await settle();
      expect(seen.steps()).toEqual(RESTARTED);
      expect(seen.of('session_crashed')[0]).toMatchObject({ restarting: true });
      expect(await session.context.history()).toHaveLength(1);
    });

    it('runs a new agent, and the old one is stopped', async () => {
      const agent = watchedAgent();
      const client = await open({ ...transient, agent: agent.logic });
      const session = await client.createSession();
      await session.kill();
      await until(() => agent.runs.length === 2);
      await session.dispatch({ type: 'to the new one' });
      expect(agent.runs.map((run) => run.stopped)).toEqual([true, false]);
      expect(agent.runs.map((run) => run.received.length)).toEqual([0, 1]);
    });

    it('does not restart when the agent completes: the session stays, without an agent', async () => {
      const client = await open({ ...transient, agent: finishingAgent });
      const session = await client.createSession();
      const seen = collect(client);
      await session.dispatch({ type: 'finish' });
      await settle();
      expect(seen.of('session_status')).toEqual([]);
      expect((await session.info()).restarts).toBe(0);
      expect(await codeOf(session.dispatch({ type: 'finish' }))).toBe('INVALID_TRANSITION');
    });

    it('gives up after three restarts within 5 s: the fourth crash is the end', async () => {
      const client = await open({ ...transient, clock: testClock() });
      const session = await client.createSession();
      const seen = collect(client);
      for (let i = 0; i < 4; i++) {
        await until(async () => (await session.info()).status === 'active');
        await crash(session);
      }
      await until(() => seen.of('session_terminated').length === 1);
      const crashes = seen.of('session_crashed');
      expect(crashes.map((event) => event.restarting)).toEqual([true, true, true, false]);
      expect(crashes.slice(0, 3).map((event) => event.attempt)).toEqual([1, 2, 3]);
      expect(seen.of('session_terminated')[0]?.reason).toBe('crashed');
      expect(seen.steps().slice(-3)).toEqual(ENDED);
      expect(await client.listSessions()).toEqual([]);
    });

    it('counts the crashes of the last withinMs only', async () => {
      const clock = testClock();
      const client = await open({
        ...transient,
        clock,
        supervision: { restart: 'transient', maxRestarts: 1, withinMs: 1_000 },
      });
      const session = await client.createSession();
      for (let i = 0; i < 5; i++) {
        await crash(session);
        await until(async () => (await session.info()).status === 'active');
        await clock.advance(1_001);
      }
      expect((await session.info()).restarts).toBe(5);
    });

    it('waits backoffMs on the clock before each restart', async () => {
      const [clock, agent] = [testClock(), watchedAgent()];
      const client = await open({
        ...transient,
        clock,
        agent: agent.logic,
        supervision: { restart: 'transient', backoffMs: 250 },
      });
      const session = await client.createSession();
      const killed = session.kill();
      await clock.advance(249);
      expect(agent.runs).toHaveLength(1);
      expect(agent.live()).toHaveLength(0);
      await clock.advance(1);
      await until(() => agent.runs.length === 2);
      await killed;
      expect((await session.info()).status).toBe('active');
    });

    it('does not restart what is terminated while it waits for its restart', async () => {
      const [clock, agent] = [testClock(), watchedAgent()];
      const supervision = { restart: 'transient', backoffMs: 1_000 } as const;
      const client = await open({ ...transient, clock, agent: agent.logic, supervision });
      const session = await client.createSession();
      const seen = collect(client);
      const killed = codeOf(session.kill());
      await settle();
      await session.terminate();
      await killed;
      await clock.advance(10_000);
      expect(agent.runs).toHaveLength(1);
      expect(seen.steps().at(-1)).toBe('session_terminated');
      expect(await client.listSessions()).toEqual([]);
      expect(clock.pending).toBe(0);
    });

    it('brings back what was waiting for its restart when the manager was closed', async () => {
      const [clock, store] = [testClock(), memoryStore()];
      const options = {
        ...transient,
        clock,
        store,
        supervision: { restart: 'transient', backoffMs: 500 },
      } as const;
      const first = await open(options);
      const session = await first.createSession({ id: 'a' });
      await session.send('user', 'kept');
      await crash(session);
      await first.close();
      expect(clock.pending).toBe(0);
      const second = await open(options);
      await second.listSessions();
      await clock.advance(500);
      expect(await second.getSessionInfo('a')).toMatchObject({ status: 'active', messageCount: 1 });
    });

    it('keeps the id reserved over a restart', async () => {
      const client = await open(transient);
      const session = await client.createSession({ id: 'a' });
      const crashed = crash(session);
      expect(await codeOf(client.createSession({ id: 'a' }))).toBe('DUPLICATE_SESSION');
      await crashed;
      await until(async () => (await session.info()).status === 'active');
      expect(await codeOf(client.createSession({ id: 'a' }))).toBe('DUPLICATE_SESSION');
    });

    it('ends for good when it is terminated after a restart', async () => {
      const client = await open(transient);
      const session = await client.createSession();
      await crash(session);
      await until(async () => (await session.info()).status === 'active');
      const seen = collect(client);
      await session.terminate();
      await settle();
      expect(seen.steps()).toEqual(ENDED);
    });
  });

  describe('restart: permanent', () => {
    it('restarts also when the agent completes', async () => {
      const client = await open({ ...quiet, agent: finishingAgent, supervision: { restart: 'permanent' } });
      const session = await client.createSession();
      await session.dispatch({ type: 'finish' });
      await until(async () => (await session.info()).restarts === 1);
      await until(async () => (await session.info()).status === 'active');
      await session.dispatch({ type: 'ignored' });
      expect(await client.listSessions()).toHaveLength(1);
    });

    it('restarts after a crash as transient does', async () => {
      const client = await open({ ...quiet, agent: fragileAgent, supervision: { restart: 'permanent' } });
      const session = await client.createSession();
      const seen = collect(client);
      await crash(session);
      await until(async () => (await session.info()).status === 'active');
      await settle();
      expect(seen.steps()).toEqual(RESTARTED);
    });
  });
}
