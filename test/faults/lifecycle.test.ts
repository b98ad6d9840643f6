import { afterEach, describe, expect, it } from 'vitest';
import { createSessionManager as create } from '../../src/index.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { fragileAgent, watchedAgent } from '../support/agents.ts';
import { testClock } from '../support/clock.ts';
import { codeOf, strays } from '../support/errors.ts';
import { collect, ENDED, STARTED } from '../support/events.ts';
import { gate } from '../support/gate.ts';
import { atRest } from '../support/leaks.ts';
import { stateOf, turns } from '../support/turns.ts';

const opened: Array<{ close(): Promise<void> }> = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((manager) => manager.close()));
});
function createSessionManager(options?: SessionManagerOptions) {
  const manager = create(options);
  opened.push(manager);
  return manager;
}
const forever = () => new Promise<void>(() => {});

describe('lifecycle faults: create', () => {
  it('two creates of one id: one wins, the other is refused and frees nothing', async () => {
    const ready = gate();
    const manager = createSessionManager({ hooks: { initialize: () => ready.promise } });
    const first = manager.createSession({ id: 'a' });
    for (let i = 0; i < 3; i++) {
      expect(await codeOf(manager.createSession({ id: 'a' }))).toBe('DUPLICATE_SESSION');
    }
    ready.open();
    expect((await (await first).info()).status).toBe('active');
    expect(await codeOf(manager.createSession({ id: 'a' }))).toBe('DUPLICATE_SESSION');
  });

  it('while terminating it is refused, as often as it is tried', async () => {
    const cleaned = gate();
    const manager = createSessionManager({ hooks: { cleanup: () => cleaned.promise } });
    const session = await manager.createSession({ id: 'a' });
    const terminated = session.terminate();
    for (let i = 0; i < 3; i++) {
      expect(await codeOf(manager.createSession({ id: 'a' }))).toBe('DUPLICATE_SESSION');
      await turns(1);
    }
    expect((await session.info()).status).toBe('terminating');
    cleaned.open();
    await terminated;
    expect(await codeOf(manager.createSession({ id: 'a' }))).toBe('resolved instead');
  });

  it('that fails while terminate waits: the id stays reserved until the termination ends', async () => {
    const ready = gate();
    let attempt = 0;
    const manager = createSessionManager({
      hooks: { initialize: () => (++attempt === 1 ? ready.promise : undefined) },
    });
    const seen = collect(manager);
    const created = codeOf(manager.createSession({ id: 'a' }));
    await turns();
    const terminated = codeOf(manager.terminateSession('a'));
    const during = codeOf(manager.createSession({ id: 'a' }));
    ready.fail(new Error('fails while terminate waits'));
    expect(await terminated).toBe('resolved instead');
    expect(['SESSION_TERMINATED', 'INITIALIZE_FAILED']).toContain(await created);
    // Either the termination had ended before, and the id was free, or it was refused. Never two at once.
    expect(['DUPLICATE_SESSION', 'resolved instead']).toContain(await during);
    await turns();
    const steps = seen.steps();
    const firstEnd = steps.indexOf('session_terminated');
    const created2 = steps.indexOf('session_created', 1);
    if (created2 !== -1) expect(firstEnd).toBeLessThan(created2);
    expect(firstEnd).toBeGreaterThan(0);
  });

  it('again after terminated starts fresh: no old history, files, working context, cache or keys', async () => {
    const manager = createSessionManager();
    const old = await manager.createSession({ id: 'a', metadata: { old: true }, config: { maxMessages: 3 } });
    const first = await old.send('user', 'old', { idempotencyKey: 'k' });
    await old.context.addFile('old.ts');
    await old.context.updateFileIndex('old.ts', { old: true });
    await old.context.put('old', true);
    await old.cache.cacheFile('old.ts', 'old');
    await old.cache.cacheAnalysis('old.ts', 'kind', 'old');
    await old.terminate();
    const fresh = await manager.createSession({ id: 'a' });
    expect(await fresh.context.history()).toEqual([]);
    expect(await fresh.context.activeFiles()).toEqual([]);
    expect(await fresh.context.fileIndex()).toEqual({});
    expect(await fresh.context.keys()).toEqual([]);
    expect(await fresh.cache.stats()).toEqual({ files: 0, analyses: 0, bytes: 0, hits: 0, misses: 0 });
    expect(await fresh.info()).toMatchObject({
      metadata: {},
      messageCount: 0,
      config: { maxMessages: 1000 },
    });
    const again = await fresh.send('user', 'new', { idempotencyKey: 'k' });
    expect(again.content).toBe('new');
    expect(again.seq).toBeGreaterThan(first.seq);
  });
});

describe('lifecycle faults: terminate', () => {
  it('during initializing: it resolves, create rejects, the hook is told, nothing is left', async () => {
    let signal: AbortSignal | undefined;
    const manager = createSessionManager({
      hooks: {
        initialize: (session) => {
          signal = session.signal;
          return forever();
        },
      },
    });
    const created = codeOf(manager.createSession({ id: 'a' }));
    await turns();
    await manager.terminateSession('a');
    expect(await created).toBe('SESSION_TERMINATED');
    expect(signal?.aborted).toBe(true);
    expect(manager.stats()).toMatchObject(atRest());
  });

  it('during initializing: a hook that goes on regardless cannot bring the session back', async () => {
    const ready = gate();
    const late: Array<Promise<string>> = [];
    const manager = createSessionManager({
      hooks: {
        async initialize({ context }) {
          await ready.promise;
          late.push(codeOf(context.put('late', true)));
        },
      },
    });
    const created = codeOf(manager.createSession({ id: 'a' }));
    await turns();
    await manager.terminateSession('a');
    await created;
    const seen = collect(manager);
    ready.open();
    await turns();
    expect(await Promise.all(late)).not.toContain('resolved instead');
    expect(seen.events).toEqual([]);
    expect(await manager.listSessions()).toEqual([]);
  });

  it('twice: the second joins the first, cleanup runs once, each event is published once', async () => {
    let cleanups = 0;
    const cleaned = gate();
    const manager = createSessionManager({
      hooks: {
        cleanup: () => {
          cleanups++;
          return cleaned.promise;
        },
      },
    });
    const session = await manager.createSession();
    const seen = collect(manager);
    const [first, second] = [session.terminate(), session.terminate()];
    expect(await stateOf(first)).toBe('pending');
    expect(await stateOf(second)).toBe('pending');
    cleaned.open();
    await Promise.all([first, second]);
    expect(cleanups).toBe(1);
    expect(seen.steps()).toEqual(ENDED);
  });

  it('inside its own terminating listener: it joins, and nothing deadlocks', async () => {
    const manager = createSessionManager();
    const session = await manager.createSession();
    const inner: Array<Promise<string>> = [];
    session.subscribe(
      ({ status }) => {
        if (status === 'terminating') inner.push(codeOf(session.terminate()));
      },
      { types: ['session_status'] },
    );
    const seen = collect(manager);
    await session.terminate();
    expect(inner).toHaveLength(1);
    expect(['resolved instead', 'SESSION_NOT_FOUND']).toContain(await inner[0]);
    expect(seen.steps()).toEqual(ENDED);
  });

  it('whose cleanup never ends is forced after terminateMs, and the id is free', async () => {
    const clock = testClock();
    const manager = createSessionManager({
      clock,
      timeouts: { terminateMs: 700 },
      hooks: { cleanup: forever },
    });
    const session = await manager.createSession({ id: 'a' });
    const seen = collect(manager);
    const terminated = session.terminate();
    await clock.advance(699);
    expect((await session.info()).status).toBe('terminating');
    await clock.advance(1);
    await terminated;
    expect(seen.of('session_terminated').map(({ reason }) => reason)).toEqual(['timeout']);
    expect(clock.pending).toBe(0);
    expect(await codeOf(manager.createSession({ id: 'a' }))).toBe('resolved instead');
  });
});

describe('lifecycle faults: send', () => {
  it('while initializing waits for active and is applied once', async () => {
    const ready = gate();
    const manager = createSessionManager({ hooks: { initialize: () => ready.promise } });
    const created = manager.createSession({ id: 'a' });
    const sent = manager.sendMessage('a', 'user', 'early');
    expect(await stateOf(sent)).toBe('pending');
    expect(await manager.session('a').context.history()).toEqual([]);
    ready.open();
    await created;
    expect((await sent).id).toBe('a:1');
    expect(await manager.session('a').context.history()).toHaveLength(1);
  });

  it('against terminate is committed before it or refused, never both, from every distance', async () => {
    const manager = createSessionManager({ hooks: { cleanup: () => turns(1) } });
    for (let distance = 0; distance < 12; distance++) {
      const session = await manager.createSession({ id: `d${distance}` });
      const seen = collect(manager, { session: session.id });
      const terminated = session.terminate();
      for (let i = 0; i < distance; i++) await Promise.resolve();
      const code = await codeOf(session.send('user', 'x'));
      await terminated;
      const added = seen.of('conversation_added');
      expect(added).toHaveLength(code === 'resolved instead' ? 1 : 0);
      const end = seen.of('session_status').find(({ status }) => status === 'terminating');
      for (const { seq } of added) expect(seq).toBeLessThan(end?.seq ?? Number.NaN);
      if (code !== 'resolved instead') expect(['SESSION_NOT_ACTIVE', 'SESSION_NOT_FOUND']).toContain(code);
    }
  });

  it('in the same tick as the idle deadline: the session is active, the message applied once', async () => {
    const clock = testClock();
    const manager = createSessionManager({ clock, sessionDefaults: { idleAfterMs: 1_000 } });
    const [before, after] = [await manager.createSession(), await manager.createSession()];
    await clock.advance(999);
    const seen = collect(manager);
    const first = before.send('user', 'just before');
    const moved = clock.advance(1);
    const second = after.send('user', 'just after');
    await Promise.all([first, moved, second]);
    await turns();
    for (const session of [before, after]) {
      expect(await session.info()).toMatchObject({ status: 'active', messageCount: 1 });
      expect(seen.session(session.id).filter(({ type }) => type === 'conversation_added')).toHaveLength(1);
    }
    await clock.advance(1_000);
    expect((await before.info()).status).toBe('idle');
  });
});

describe('lifecycle faults: kill', () => {
  it('in initializing, active, idle and terminating ends the session once; in terminated finds nobody', async () => {
    const clock = testClock();
    const manager = createSessionManager({
      clock,
      hooks: {
        initialize: ({ id }) => (id === 'initializing' ? forever() : undefined),
        cleanup: ({ id }) => (id === 'terminating' ? forever() : undefined),
      },
    });
    const seen = collect(manager);
    await manager.createSession({ id: 'idle', config: { idleAfterMs: 5 } });
    await clock.advance(5);
    for (const id of ['active', 'terminating', 'terminated']) await manager.createSession({ id });
    const waiting = [
      codeOf(manager.createSession({ id: 'initializing' })),
      codeOf(manager.terminateSession('terminating')),
    ];
    await manager.terminateSession('terminated');
    await turns();
    const states = (await manager.listSessions()).map(({ id, status }) => [id, status]);
    expect(states).toEqual(
      ['idle', 'active', 'terminating', 'initializing'].map((status) => [status, status]),
    );
    for (const id of ['idle', 'active', 'terminating', 'initializing']) await manager.killSession(id);
    expect(await codeOf(manager.killSession('terminated'))).toBe('SESSION_NOT_FOUND');
    expect(await Promise.all(waiting)).toEqual(['SESSION_TERMINATED', 'resolved instead']);
    for (const id of ['idle', 'active', 'terminating', 'terminated', 'initializing']) {
      const ends = seen.session(id).filter(({ type }) => type === 'session_terminated');
      expect([id, ends.length]).toEqual([id, 1]);
    }
    seen.stop();
    expect(manager.stats()).toMatchObject(atRest());
  });
});

describe('lifecycle faults: close', () => {
  it('with calls of every kind in flight: all settle', async () => {
    const agent = watchedAgent();
    const manager = createSessionManager({
      agent: agent.logic,
      clock: testClock(),
      hooks: {
        initialize: ({ id }) => (id === 'starting' ? forever() : undefined),
        cleanup: ({ id }) => (id === 'ending' ? forever() : undefined),
      },
    });
    const session = await manager.createSession({ id: 'running' });
    await manager.createSession({ id: 'ending' });
    const stream = manager.events();
    const calls: Array<Promise<unknown>> = [
      manager.createSession({ id: 'starting' }),
      manager.sendMessage('starting', 'user', 'waits'),
      manager.session('starting').context.addFile('waits'),
      manager.terminateSession('ending'),
      manager.getOrCreateSession('ending'),
      session.send('user', 'x'),
      session.dispatch({ type: 'x' }),
      session.context.put('k', 1),
      session.snapshot(),
      session.cache.cacheFile('f', 'F'),
      manager.saveSession('running'),
      manager.listSessions(),
    ];
    const thrown = await strays(async () => {
      const codes = calls.map(codeOf);
      await manager.close();
      const settled = await Promise.all(codes);
      expect(settled.filter((code) => code.includes('Error'))).toEqual([]);
    });
    expect(thrown).toEqual([]);
    for await (const event of stream) expect(event.sessionId).toBeTypeOf('string');
    expect(agent.live()).toEqual([]);
    expect(manager.stats()).toMatchObject(atRest({ sessions: false }));
  });

  it('called by a listener in the middle of a create: all settle', async () => {
    const manager = createSessionManager();
    let closed: Promise<void> | undefined;
    manager.subscribeToAllSessions(() => {
      closed ??= manager.close();
    });
    const code = await codeOf(manager.createSession());
    expect(['resolved instead', 'MANAGER_CLOSED']).toContain(code);
    await closed;
    expect(await codeOf(manager.listSessions())).toBe('MANAGER_CLOSED');
  });
});

describe('lifecycle faults: many', () => {
  it('4,000 sessions crash in one tick: each is reported once, and the manager answers throughout', async () => {
    const manager = createSessionManager({ agent: fragileAgent, logger: {} });
    const bystander = await manager.createSession({ id: 'bystander' });
    const ids = Array.from({ length: 4_000 }, (_, i) => `s${i}`);
    await Promise.all(ids.map((id) => manager.createSession({ id })));
    const crashed = collect(manager, { types: ['session_crashed'] });
    const ended = collect(manager, { types: ['session_terminated'] });
    const thrown = await strays(async () => {
      const crashes = ids.map((id) => codeOf(manager.session(id).dispatch({ type: 'boom' })));
      const answers = [
        codeOf(bystander.send('user', 'in the middle')),
        codeOf(manager.getSessionInfo('bystander')),
        codeOf(manager.listSessions({ limit: 10 })),
        codeOf(manager.createSession({ id: 'newcomer' })),
      ];
      expect(new Set(await Promise.all(answers))).toEqual(new Set(['resolved instead']));
      expect(new Set(await Promise.all(crashes))).toEqual(new Set(['SESSION_CRASHED']));
    });
    expect(thrown).toEqual([]);
    for (const seen of [crashed, ended]) {
      expect(seen.events).toHaveLength(4_000);
      expect(new Set(seen.events.map(({ sessionId }) => sessionId)).size).toBe(4_000);
    }
    expect((await manager.listSessions()).map(({ id }) => id)).toEqual(['bystander', 'newcomer']);
    expect(await bystander.info()).toMatchObject({ status: 'active', messageCount: 1 });
  });

  it('a session of a thousand lives publishes a thousand lives and no more', async () => {
    const manager = createSessionManager();
    const seen = collect(manager, { session: 'a' });
    for (let i = 0; i < 1_000; i++) await (await manager.createSession({ id: 'a' })).terminate();
    expect(seen.events).toHaveLength(1_000 * (STARTED.length + ENDED.length));
  });
});
