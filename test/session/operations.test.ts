import { describe, expect, it } from 'vitest';
import { fromCallback } from 'xstate';
import type { SessionError } from '../../src/errors.ts';
import { finishingAgent, fragileAgent, promiseAgent, watchedAgent } from '../support/agents.ts';
import { codeOf, failureOf } from '../support/errors.ts';
import { gate } from '../support/gate.ts';
import { stateOf, turns } from '../support/turns.ts';
import { forever, stage } from './stage.ts';
import { storeUnderTest } from './stores.ts';

const ENDED = ['active→terminating', 'terminating→terminated'];

/** A session `s`, and `other`, whose writes keep the journal busy while the store is held. */
async function besideOther(options: Parameters<typeof stage>[0] = {}) {
  const store = storeUnderTest();
  const on = stage({ store, ...options });
  await on.manager.createSession({ id: 'other' });
  const session = await on.manager.createSession({ id: 's' });
  on.news();
  const whileBusy = async (ask: () => unknown) => {
    const held = store.hold();
    const busy = on.manager.sendMessage('other', 'user', 'keeps the journal busy');
    await ask();
    held.open();
    await busy;
    await turns();
  };
  return { on, store, session, whileBusy };
}

describe('a write', () => {
  it('to an idle session wakes it first, in one decision', async () => {
    const on = stage();
    const session = await on.manager.createSession({ id: 's', config: { idleAfterMs: 100 } });
    await on.clock.advance(100);
    expect(on.news().at(-1)).toBe('active→idle');
    await session.context.put('k', 1);
    expect(on.news()).toEqual(['idle→active', 'working_context_updated']);
    expect(on.manager.stats().sessions).toMatchObject({ idle: 0, active: 1 });
  });

  it('to an idle session that is refused wakes nobody', async () => {
    const on = stage({ sessionDefaults: { maxTokens: 1 } });
    const session = await on.manager.createSession({ id: 's', config: { idleAfterMs: 100 } });
    await on.clock.advance(100);
    on.news();
    expect(await codeOf(session.send('user', 'five tokens, or more'))).toBe('PAYLOAD_TOO_LARGE');
    expect(on.news()).toEqual([]);
    expect((await session.info()).status).toBe('idle');
  });

  it('to a session that is terminating is refused at once, while reads go on', async () => {
    const on = stage({ hooks: { cleanup: forever } });
    const session = await on.manager.createSession({ id: 's' });
    session.terminate().catch(() => {});
    await turns();
    const error = await failureOf(session.send('user', 'late'));
    expect(error).toMatchObject({ code: 'SESSION_NOT_ACTIVE', sessionId: 's' });
    expect(error.message).toContain('is terminating');
    expect(await session.context.history()).toEqual([]);
    expect((await session.info()).status).toBe('terminating');
  });

  it('that waited for its turn is told what it met: the end, or the crash with its cause', async () => {
    const outcome = gate<unknown>();
    const crashing = await besideOther({
      agent: promiseAgent(({ session }) => (session.id === 's' ? outcome.promise : forever())),
      hooks: { cleanup: forever },
    });
    await crashing.whileBusy(async () => {
      outcome.fail(new Error('boom'));
      await turns();
      const late = failureOf(crashing.session.send('user', 'late'));
      late.then((error) => {
        expect(error).toMatchObject({ code: 'SESSION_CRASHED', sessionId: 's' });
        expect(error.cause).toMatchObject({ message: 'boom' });
      });
    });
    expect(crashing.on.news()).toEqual(['crashed, for good: boom', 'active→terminating']);

    for (const end of ['killSession', 'terminateSession'] as const) {
      const { on, session, whileBusy } = await besideOther();
      const codes: Array<Promise<string>> = [];
      await whileBusy(() => {
        on.manager[end]('s').catch(() => {});
        codes.push(codeOf(session.send('user', 'late')), codeOf(session.cache.cacheFile('late', '')));
      });
      expect(await Promise.all(codes)).toEqual(['SESSION_NOT_ACTIVE', 'SESSION_NOT_ACTIVE']);
      expect(on.news().slice(0, 2)).toEqual(ENDED);
    }
  });

  it('whose signal fires while it waits for its turn takes no effect', async () => {
    const { on, session, whileBusy } = await besideOther();
    const stop = new AbortController();
    const codes: Array<Promise<string>> = [];
    await whileBusy(() => {
      codes.push(
        codeOf(session.send('user', 'a', { signal: stop.signal })),
        codeOf(session.send('user', 'b')),
      );
      stop.abort();
    });
    expect(await Promise.all(codes)).toEqual(['ABORTED', 'resolved instead']);
    expect((await session.context.history()).map(({ content }) => content)).toEqual(['b']);
    expect(on.news()).toEqual(['conversation_added']);
  });

  it('that can only be refused is refused at once, while the journal is busy', async () => {
    const { session, store, on } = await besideOther({ agent: fragileAgent, hooks: { cleanup: forever } });
    const held = store.hold();
    const busy = on.manager.sendMessage('other', 'user', 'keeps the journal busy');
    expect(await codeOf(session.send('user', 'x', { signal: AbortSignal.abort() }))).toBe('ABORTED');
    held.open();
    await busy;
    await codeOf(session.dispatch({ type: 'boom' }));
    await turns();
    const again = store.hold();
    const still = on.manager.sendMessage('other', 'user', 'keeps the journal busy');
    expect(await codeOf(session.send('user', 'x'))).toBe('SESSION_NOT_ACTIVE');
    again.open();
    await still;
  });

  it('whose signal has fired before, or that too many others wait with, is refused before it is looked at', async () => {
    const on = stage({ limits: { maxPending: 2 }, hooks: { initialize: forever } });
    on.manager.createSession({ id: 's' }).catch(() => {});
    await turns();
    const session = on.manager.session('s');
    expect(await codeOf(session.send('user', 'x', { signal: AbortSignal.abort() }))).toBe('ABORTED');
    const waits = session.send('user', 'waits');
    waits.catch(() => {});
    await turns();
    expect(on.manager.stats().pending).toBe(2);
    const error = await failureOf(session.send('user', 'too many'));
    expect(error).toMatchObject({ code: 'OVERLOADED', details: { limit: 2 } });
    expect(await session.context.history()).toEqual([]);
  });

  it('that changes nothing publishes nothing, and moves no time of update', async () => {
    const on = stage();
    const session = await on.manager.createSession({ id: 's' });
    await session.context.addFile('a');
    const before = await session.info();
    on.news();
    await on.clock.advance(1000);
    await session.context.addFile('a');
    await session.context.removeFile('b');
    await session.context.delete('k');
    expect(on.news()).toEqual([]);
    expect(await session.info()).toMatchObject({ updatedAt: before.updatedAt, seq: before.seq });
  });
});

describe('a read', () => {
  it('waits for nothing: not for active, not for a store that takes its time', async () => {
    const { on, session, store } = await besideOther();
    await session.send('user', 'there');
    const held = store.hold();
    const sent = session.send('user', 'on its way');
    expect(await stateOf(sent)).toBe('pending');
    expect((await session.context.history()).map(({ content }) => content)).toEqual(['there']);
    expect((await session.info()).messageCount).toBe(1);
    held.open();
    await sent;
    expect((await session.info()).messageCount).toBe(2);
    expect(on.manager.stats()).toMatchObject({ pending: 0, journalLag: 0 });
  });
});

describe('a dispatch', () => {
  it('resolves once the agent has taken the event, and is activity of its session', async () => {
    const agent = watchedAgent();
    const on = stage({ agent: agent.logic });
    const session = await on.manager.createSession({ id: 's', config: { idleAfterMs: 100 } });
    await on.clock.advance(100);
    on.news();
    await session.dispatch({ type: 'ask', about: 'x' });
    expect(agent.of('s').received).toEqual([{ type: 'ask', about: 'x' }]);
    expect(on.news()).toEqual(['idle→active']);
    expect((await session.info()).lastActivityAt).toBe('2026-01-01T00:00:00.100Z');
  });

  it('is a task of its session until it has settled', async () => {
    const agent = watchedAgent();
    const { on, session, store } = await besideOther({ agent: agent.logic });
    await on.manager.createSession({ id: 'idle', config: { idleAfterMs: 100 } });
    await on.clock.advance(100);
    const held = store.hold();
    // Waking it has to be written down first.
    const dispatched = on.manager.session('idle').dispatch({ type: 'ask' });
    await turns();
    expect((await on.manager.getSessionInfo('idle')).activeTasks).toBe(1);
    expect(agent.of('idle').received).toEqual([]);
    held.open();
    await dispatched;
    expect((await on.manager.getSessionInfo('idle')).activeTasks).toBe(0);
    expect((await session.info()).activeTasks).toBe(0);
  });

  it('is activity at the time at which the agent has it, however long that took', async () => {
    const { on, store } = await besideOther({ agent: watchedAgent().logic });
    const idle = await on.manager.createSession({ id: 'idle', config: { idleAfterMs: 100 } });
    await on.clock.advance(100);
    const held = store.hold();
    const dispatched = idle.dispatch({ type: 'ask' });
    await on.clock.advance(50);
    held.open();
    await dispatched;
    expect((await idle.info()).lastActivityAt).toBe('2026-01-01T00:00:00.150Z');
  });

  it('needs an agent that runs: there is none without one, and none once it has completed', async () => {
    const without = stage();
    const session = await without.manager.createSession({ id: 's' });
    const error = await failureOf(session.dispatch({ type: 'ask' }));
    expect(error).toMatchObject({ code: 'INVALID_TRANSITION', sessionId: 's' });
    const completing = stage({ agent: finishingAgent });
    const completed = await completing.manager.createSession({ id: 's' });
    await completed.dispatch({ type: 'finish' });
    await turns();
    expect(await codeOf(completed.dispatch({ type: 'finish' }))).toBe('INVALID_TRANSITION');
  });

  it('on which the agent fails rejects SESSION_CRASHED with the cause, and so do those behind it', async () => {
    const { on, session, whileBusy } = await besideOther({
      agent: fragileAgent,
      hooks: { cleanup: forever },
    });
    const errors: Array<Promise<SessionError>> = [];
    await whileBusy(() => {
      errors.push(...['boom', 'ask', 'ask'].map((type) => failureOf(session.dispatch({ type }))));
    });
    for (const error of await Promise.all(errors)) {
      expect(error).toMatchObject({ code: 'SESSION_CRASHED', sessionId: 's' });
      expect(error.cause).toMatchObject({ message: 'the agent hit a mine' });
    }
    expect(on.news()).toEqual(['crashed, for good: the agent hit a mine', 'active→terminating']);
    expect((await session.info()).activeTasks).toBe(0);
  });

  it('takes effect before a kill that was asked for after it, and not after one', async () => {
    const agent = watchedAgent();
    const { session, whileBusy } = await besideOther({ agent: agent.logic });
    const codes: Array<Promise<string>> = [];
    await whileBusy(() => {
      codes.push(codeOf(session.dispatch({ type: 'ask' })));
      session.kill().catch(() => {});
      codes.push(codeOf(session.dispatch({ type: 'late' })));
    });
    expect(await codes[0]).toBe('resolved instead');
    expect(await codes[1]).toMatch(/^(INVALID_TRANSITION|SESSION_NOT_ACTIVE|SESSION_TERMINATED)$/);
    const received = agent.runs.flatMap((each) => each.received) as Array<{ type: string }>;
    expect(received.map(({ type }) => type)).toEqual(['ask']);
  });

  it('to an agent that gives no snapshot, which breaks XState’s own rules, crashes its session too', async () => {
    const lawless = {
      ...fromCallback(() => {}),
      getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined }),
      transition: () => undefined,
    };
    const { on, session } = await besideOther({ agent: lawless as never });
    const error = await failureOf(session.dispatch({ type: 'ask' }));
    expect(error).toMatchObject({ code: 'SESSION_CRASHED', cause: expect.any(TypeError) });
    await turns();
    expect(on.news().slice(1)).toEqual([...ENDED, expect.stringMatching(/^gone \(crashed\)/)]);
  });

  it('that finds no agent leaves an idle session idle', async () => {
    const on = stage();
    const session = await on.manager.createSession({ id: 's', config: { idleAfterMs: 100 } });
    await on.clock.advance(100);
    expect(await codeOf(session.dispatch({ type: 'ask' }))).toBe('INVALID_TRANSITION');
    expect((await session.info()).status).toBe('idle');
  });

  it('starts anew after a restart: what the last agent failed on is forgotten', async () => {
    const on = stage({ agent: fragileAgent, supervision: { restart: 'transient' } });
    const session = await on.manager.createSession({ id: 's' });
    expect(await codeOf(session.dispatch({ type: 'boom' }))).toBe('SESSION_CRASHED');
    await turns();
    expect(await codeOf(session.dispatch({ type: 'ask' }))).toBe('resolved instead');
  });
});

describe('the cache of a session', () => {
  it('is made when it is first used, is activity, and goes with the session', async () => {
    const on = stage();
    const session = await on.manager.createSession({ id: 's' });
    expect(await session.cache.stats()).toEqual({ files: 0, analyses: 0, bytes: 0, hits: 0, misses: 0 });
    await on.clock.advance(500);
    await session.cache.cacheFile('a', 'A');
    expect((await session.info()).lastActivityAt).toBe('2026-01-01T00:00:00.500Z');
    await session.terminate();
    const again = await on.manager.createSession({ id: 's' });
    expect(await again.cache.getFile('a')).toBeUndefined();
  });
});
