import { afterEach, describe, expect, it } from 'vitest';
import { createSessionManager as create, defaults, eventSchemas, memoryStore } from '../../src/index.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { ANSWER_TYPES, talkativeAgent, watchedAgent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { codeOf, codeThrown, strays } from '../support/errors.ts';
import { collect, drain } from '../support/events.ts';
import { gate } from '../support/gate.ts';
import { atRest } from '../support/leaks.ts';
import { turns } from '../support/turns.ts';

const opened: Array<{ close(): Promise<void> }> = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((manager) => manager.close()));
});
function createSessionManager(options?: SessionManagerOptions) {
  const manager = create(options);
  opened.push(manager);
  return manager;
}

describe('createSessionManager', () => {
  it('returns at once a manager that can be used at once', async () => {
    const manager = createSessionManager();
    expect(manager).not.toBeInstanceOf(Promise);
    expect((await manager.createSession({ id: 'a' })).id).toBe('a');
  });

  it('is ready with a report of what it recovered', async () => {
    const store = memoryStore();
    const first = createSessionManager({ store });
    expect(await first.ready).toEqual({ recovered: 0, quarantined: [] });
    await first.createSession();
    await first.createSession();
    await first.close();
    expect(await createSessionManager({ store }).ready).toEqual({ recovered: 2, quarantined: [] });
  });

  it('that cannot open its store rejects ready, without an unhandled rejection when nobody asks', async () => {
    const store = memoryStore();
    await createSessionManager({ store }).ready;
    const thrown = await strays(async () => {
      const second = createSessionManager({ store });
      await turns();
      expect(await codeOf(second.ready)).toBe('STORE_LOCKED');
      createSessionManager({ store });
      await turns();
    });
    expect(thrown).toEqual([]);
  });

  it.each([
    ['null', null],
    ['an array', []],
    ['a text', 'x'],
    ['a store that is none', { store: 42 }],
    ['limits that are a number', { limits: 5 }],
    ['a limit that is a text', { limits: { maxSessions: '5' } }],
    ['a limit of NaN', { limits: { maxPending: Number.NaN } }],
    ['a timeout that is a text', { timeouts: { terminateMs: '5' } }],
    ['an unknown restart policy', { supervision: { restart: 'sometimes' } }],
    ['restarts that are a text', { supervision: { maxRestarts: '3' } }],
    ['a hook that is no function', { hooks: { initialize: 'x' } }],
    ['session defaults of the wrong type', { sessionDefaults: { maxMessages: 'x' } }],
    ['a clock without now', { clock: {} }],
    ['generateId that is no function', { generateId: 'x' }],
    ['countTokens that is no function', { countTokens: 3 }],
    ['a file source without read', { files: { stat() {} } }],
    ['an agent that is no actor logic', { agent: {} }],
  ])('throws INVALID_ARGUMENT at once for %s', (_title, options) => {
    expect(codeThrown(() => createSessionManager(options as never))).toBe('INVALID_ARGUMENT');
  });

  it('documents its defaults', () => {
    expect(JSON.parse(JSON.stringify(defaults))).toBeTypeOf('object');
    const text = JSON.stringify(defaults);
    for (const known of [
      '"maxMessages":1000',
      '"maxTokens":100000',
      '"maxFiles":50',
      '"restart":"temporary"',
    ]) {
      expect(text).toContain(known);
    }
    for (const known of [
      '"maxRestarts":3',
      '"withinMs":5000',
      '"initializeMs":30000',
      '"terminateMs":5000',
    ]) {
      expect(text).toContain(known);
    }
  });
});

describe('in one process, the events of a call have reached every listener when its promise resolves:', () => {
  it('create, send, context calls, terminate and kill', async () => {
    const manager = createSessionManager();
    const seen = collect(manager);
    const counts: number[] = [];
    const note = () => counts.push(seen.events.length);
    const session = await manager.createSession();
    note();
    await session.send('user', 'x');
    note();
    await session.context.addFile('f');
    note();
    await session.context.put('k', 1);
    note();
    await session.terminate();
    note();
    const other = await manager.createSession();
    note();
    await other.kill();
    note();
    expect(counts).toEqual([2, 3, 4, 5, 8, 10, 13]);
  });

  it('a create that fails', async () => {
    const hooks = { initialize: () => Promise.reject(new Error('no')) };
    const manager = createSessionManager({ hooks, logger: {} });
    const seen = collect(manager);
    await codeOf(manager.createSession());
    expect(seen.types()).toEqual(['session_created', 'session_status', 'session_terminated']);
  });
});

describe('the root actor', () => {
  it('is shown by a frozen, read-only view without send', async () => {
    const manager = createSessionManager();
    await manager.ready;
    const { actor } = manager;
    expect(Object.isFrozen(actor)).toBe(true);
    expect(actor.id).toBeTypeOf('string');
    expect(actor.sessionId).toBeTypeOf('string');
    expect(actor.system).toBeTypeOf('object');
    expect(actor.getSnapshot()).toBeTypeOf('object');
    expect('send' in actor).toBe(false);
    expect('stop' in actor).toBe(false);
    expect(() => Object.assign(actor, { id: 'forged' })).toThrow(TypeError);
  });

  it('can be subscribed to and unsubscribed from', async () => {
    const manager = createSessionManager();
    const subscription = manager.actor.subscribe(() => {});
    const emitted = manager.actor.on('*', () => {});
    await manager.createSession();
    expect(() => {
      subscription.unsubscribe();
      emitted.unsubscribe();
    }).not.toThrow();
    expect(await manager.listSessions()).toHaveLength(1);
  });
});

describe('the global cache', () => {
  it('is a scope of its own beside those of the sessions', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession();
    await manager.cache.cacheFile('a', 'global');
    await session.cache.cacheFile('a', 'of the session');
    expect((await manager.cache.getFile('a'))?.content).toBe('global');
    expect((await session.cache.getFile('a'))?.content).toBe('of the session');
    await session.terminate();
    expect((await manager.cache.getFile('a'))?.content).toBe('global');
    expect(await manager.cache.stats()).toMatchObject({ files: 1, analyses: 0 });
  });

  it('rejects MANAGER_CLOSED after close', async () => {
    const manager = createSessionManager();
    await manager.close();
    expect(await codeOf(manager.cache.getFile('a'))).toBe('MANAGER_CLOSED');
  });
});

describe('stats', () => {
  it('counts sessions by status, synchronously', async () => {
    const [clock, starting, ending] = [testClock(), gate(), gate()];
    const manager = createSessionManager({
      clock,
      hooks: {
        initialize: ({ id }) => (id === 'starting' ? starting.promise : undefined),
        cleanup: ({ id }) => (id === 'ending' ? ending.promise : undefined),
      },
    });
    await manager.createSession({ id: 'idle', config: { idleAfterMs: 10 } });
    await clock.advance(10);
    await manager.createSession({ id: 'active' });
    await manager.createSession({ id: 'ending' });
    const calls = [manager.createSession({ id: 'starting' }), manager.terminateSession('ending')];
    await turns();
    expect(manager.stats().sessions).toEqual({
      initializing: 1,
      active: 1,
      idle: 1,
      terminating: 1,
      terminated: 0,
    });
    expect(manager.stats().pending).toBeGreaterThanOrEqual(1);
    starting.open();
    ending.open();
    await Promise.all(calls);
    expect(manager.stats().pending).toBe(0);
  });

  it('counts listeners and streams, and comes back to zero', async () => {
    const manager = createSessionManager();
    const [all, one] = [collect(manager), collect(manager, { session: 'a' })];
    const streams = [manager.events(), manager.session('a').events()];
    expect(manager.stats()).toMatchObject({ streams: 2 });
    expect(manager.stats().listeners).toBeGreaterThanOrEqual(2);
    all.stop();
    one.stop();
    for (const stream of streams) await stream.return?.();
    expect(manager.stats()).toMatchObject({ listeners: 0, streams: 0 });
  });

  it('counts a stream no longer when its loop was left, its signal aborted or its session ended', async () => {
    const manager = createSessionManager();
    const controller = new AbortController();
    const left = manager.events();
    manager.events({ signal: controller.signal });
    const ended = manager.session('a').events();
    const session = await manager.createSession({ id: 'a' });
    for await (const _event of left) break;
    controller.abort();
    await session.terminate();
    await drain(ended);
    expect(manager.stats()).toMatchObject({ listeners: 0, streams: 0 });
  });

  it('counts the deadlines that are set', async () => {
    const clock = testClock();
    const manager = createSessionManager({ clock });
    expect(manager.stats().deadlines).toBe(0);
    const session = await manager.createSession({ config: { idleAfterMs: 1_000 } });
    expect(manager.stats().deadlines).toBeGreaterThan(0);
    await session.terminate();
    expect(manager.stats().deadlines).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('counts who sleeps: idle for long enough, until the next write', async () => {
    const clock = testClock();
    const manager = createSessionManager({ clock });
    const session = await manager.createSession({ config: { idleAfterMs: 10, sleepAfterMs: 20 } });
    await clock.advance(10);
    expect(manager.stats().asleep).toBe(0);
    await clock.advance(10);
    expect(manager.stats()).toMatchObject({ asleep: 1, sessions: { idle: 1 } });
    expect(await session.info()).toMatchObject({ status: 'idle' });
    await session.send('user', 'wake up');
    expect(manager.stats()).toMatchObject({ asleep: 0, sessions: { active: 1 } });
    await clock.advance(20);
    expect(manager.stats().asleep).toBe(1);
    await session.terminate();
    expect(manager.stats()).toMatchObject({ asleep: 0, deadlines: 0, sessions: { idle: 0 } });
  });

  it('ends a sleeping session at its deadline', async () => {
    const clock = testClock();
    const manager = createSessionManager({ clock });
    const config = { idleAfterMs: 10, sleepAfterMs: 20, terminateAfterMs: 30 };
    const { id } = await manager.createSession({ config });
    await clock.advance(10);
    await clock.advance(10);
    expect(manager.stats().asleep).toBe(1);
    await clock.advance(10);
    expect(manager.stats().asleep).toBe(0);
    await expect(manager.getSessionInfo(id)).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
  });

  it('keeps a session awake whose agent is running', async () => {
    const [clock, agent] = [testClock(), watchedAgent()];
    const manager = createSessionManager({ clock, agent: agent.logic });
    await manager.createSession({ config: { idleAfterMs: 10, sleepAfterMs: 20 } });
    await clock.advance(10);
    await clock.advance(10);
    expect(manager.stats()).toMatchObject({ asleep: 0, sessions: { idle: 1 } });
    expect(agent.live()).toHaveLength(1);
  });

  it('agrees with listSessions through a life with every kind of end', async () => {
    const manager = createSessionManager();
    for (let i = 0; i < 6; i++) await manager.createSession({ id: `s${i}` });
    await manager.terminateSession('s0');
    await manager.killSession('s1');
    const listed = await manager.listSessions();
    expect(listed).toHaveLength(4);
    expect(manager.stats().sessions.active).toBe(4);
    expect(manager.stats()).toMatchObject({ asleep: 0, pending: 0, journalLag: 0 });
  });

  it('works after close, and shows nothing left', async () => {
    const clock = testClock();
    const manager = createSessionManager({ clock });
    collect(manager);
    manager.events();
    await manager.createSession({ config: { idleAfterMs: 5 } });
    await manager.close();
    expect(manager.stats()).toMatchObject(atRest({ sessions: false }));
    expect(clock.pending).toBe(0);
  });
});

describe('the schemas', () => {
  it('are Standard Schemas, one for each type, and accept every event that is published', async () => {
    const manager = createSessionManager({ agent: talkativeAgent });
    const seen = collect(manager);
    const session = await manager.createSession({ metadata: { m: 1 } });
    await session.send('user', [{ type: 'text', text: 'x' }], { idempotencyKey: 'k', metadata: { a: 1 } });
    await session.context.addFile('f');
    await session.context.updateFileIndex('f', { lines: 1 });
    await session.context.put('k', 1);
    await session.context.removeFile('f');
    await session.context.clearConversation();
    await session.dispatch({ type: 'answer' });
    await session.terminate();
    expect(seen.types()).toEqual(expect.arrayContaining([...ANSWER_TYPES]));
    for (const event of seen.events) {
      if (event.type === 'gap') throw new Error('a gap in a short life');
      const schema = eventSchemas[event.type]['~standard'];
      expect(schema.version).toBe(1);
      const result = await schema.validate(event);
      expect([event.type, result.issues]).toEqual([event.type, undefined]);
    }
  });

  it('refuse what is no such event', async () => {
    for (const schema of Object.values(eventSchemas)) {
      for (const wrong of [null, {}, 'x', { type: 'nothing' }]) {
        expect((await schema['~standard'].validate(wrong)).issues).toBeDefined();
      }
    }
  });
});
