import { describe, expect, it } from 'vitest';
import { fragileAgent, promiseAgent, watchedAgent } from '../../support/agents.ts';
import { codeOf, failureOf } from '../../support/errors.ts';
import { gate } from '../../support/gate.ts';
import { stateOf, turns } from '../../support/turns.ts';
import { forever, stage } from '../stage.ts';
import { type StoreUnderTest, storeUnderTest } from '../stores.ts';

const STARTED = ['session_created', 'initializing→active'];
const ENDED = ['active→terminating', 'terminating→terminated'];
const AGAIN = ['terminated→initializing', 'initializing→active'];

/** A store that says no, at once or after a while, to whatever would make a session have this status. */
function refusing(store: StoreUnderTest, status: string): void {
  store.refuse((records) =>
    records.some(
      ({ type, payload }) => type === 'session_status' && 'status' in payload && payload.status === status,
    ),
  );
}

describe.each([
  ['at once', false],
  ['after a while', true],
])('a store that refuses %s', (_when, slow) => {
  function full(options: Parameters<typeof stage>[0] = {}) {
    const store = storeUnderTest({ slow });
    return { store, on: stage({ store, ...options }) };
  }
  const never = () => false;
  const all = () => true;

  it('the wake of a dispatch: the agent does not get the event', async () => {
    const { store, on } = full({ agent: fragileAgent as never });
    const session = await on.manager.createSession({ id: 's', config: { idleAfterMs: 100 } });
    await on.clock.advance(100);
    await turns();
    expect(on.news().at(-1)).toBe('active→idle');
    refusing(store, 'active');
    expect(await codeOf(session.dispatch({ type: 'boom' }))).toBe('STORE_FAILED');
    await turns();
    store.refuse(never);
    expect([on.news(), (await session.info()).status]).toEqual([[], 'idle']);
  });

  it('the wake by a cache write: the cache is as it was', async () => {
    const { store, on } = full();
    const session = await on.manager.createSession({ id: 's', config: { idleAfterMs: 100 } });
    await on.clock.advance(100);
    await turns();
    refusing(store, 'active');
    expect(await codeOf(session.cache.cacheFile('a.ts', 'refused'))).toBe('STORE_FAILED');
    store.refuse(never);
    expect(await session.cache.getFile('a.ts')).toBeUndefined();
    await session.cache.cacheFile('a.ts', 'kept');
    expect((await session.cache.getFile('a.ts'))?.content).toBe('kept');
    await on.clock.advance(100);
    expect(await codeOf(session.cache.cacheFile('a.ts', 'x', { mtimeMs: Number.NaN }))).toBe(
      'INVALID_ARGUMENT',
    );
  });

  it('the start and its end too: it ends once there is room, and its id is free', async () => {
    const { store, on } = full();
    await on.manager.ready;
    store.refuse((records) => records.some(({ type }) => type !== 'session_created'));
    expect(await codeOf(on.manager.createSession({ id: 's' }))).toBe('INITIALIZE_FAILED');
    store.refuse(never);
    await on.clock.advance(1000);
    await turns();
    expect(on.news().map((line) => line.split(':')[0])).toEqual([
      'session_created',
      'initializing→terminated',
      'gone (init_failed)',
    ]);
    expect(await codeOf(on.manager.createSession({ id: 's' }))).toBe('resolved instead');
  });

  it('a restart and that it has failed: it is tried again, and what waits for it is told', async () => {
    const { store, on } = full({ agent: fragileAgent as never, supervision: { restart: 'transient' } });
    const session = await on.manager.createSession({ id: 's' });
    await session.send('user', 'kept');
    let refused = 0;
    store.refuse((records) => {
      const starts = records.some(({ payload }) => 'status' in payload && payload.status === 'active');
      const fails = refused > 0 && records.some(({ type }) => type === 'session_crashed');
      if (starts || fails) refused += 1;
      return starts || fails;
    });
    session.dispatch({ type: 'boom' }).catch(() => {});
    await turns();
    expect((await session.info()).status).toBe('initializing');
    store.refuse(never);
    const sent = session.send('user', 'when it is back');
    await on.clock.advance(1000);
    await turns();
    expect((await sent).id).toBe('s:2');
    expect((await session.info()).status).toBe('active');
  });

  it('the last of an end that nobody called: it is tried again, and its id is free', async () => {
    const { store, on } = full({ agent: fragileAgent as never });
    const session = await on.manager.createSession({ id: 's' });
    refusing(store, 'terminated');
    session.dispatch({ type: 'boom' }).catch(() => {});
    await turns();
    expect((await session.info()).status).toBe('terminating');
    const again = on.manager.getOrCreateSession('s');
    store.refuse(never);
    await on.clock.advance(1000);
    await turns();
    expect((await again).created).toBe(true);
  });

  it('the creation: STORE_FAILED with the cause, nothing is registered, the next one works', async () => {
    const { store, on } = full();
    await on.manager.ready;
    store.refuse(all);
    const error = await failureOf(on.manager.createSession({ id: 's' }));
    expect(error).toMatchObject({ code: 'STORE_FAILED', cause: { message: 'the disk is full' } });
    expect(on.manager.stats()).toMatchObject({ pending: 0, sessions: { initializing: 0 } });
    expect(await codeOf(on.manager.getSessionInfo('s'))).toBe('SESSION_NOT_FOUND');
    store.refuse(never);
    expect((await on.manager.createSession({ id: 's' })).id).toBe('s');
    expect(on.news()).toEqual(STARTED);
  });

  it('the start: create is told, and the session ends where that can be written', async () => {
    const { store, on } = full();
    refusing(store, 'active');
    const error = await failureOf(on.manager.createSession({ id: 's' }));
    expect(error).toMatchObject({ code: 'INITIALIZE_FAILED', cause: { code: 'STORE_FAILED' } });
    await turns();
    expect(on.news().slice(0, 2)).toEqual(['session_created', 'initializing→terminated']);
    expect(on.manager.stats()).toMatchObject({ pending: 0, sessions: { initializing: 0 } });
  });

  it('the start and its end too: whoever waits is told, and the session can still be ended', async () => {
    const hold = gate();
    const { store, on } = full({ hooks: { initialize: () => hold.promise } });
    const created = codeOf(on.manager.createSession({ id: 's' }));
    await turns(16);
    const sent = codeOf(on.manager.sendMessage('s', 'user', 'waits'));
    await turns();
    store.refuse(all);
    hold.open();
    expect(await created).toBe('INITIALIZE_FAILED');
    expect(await sent).toBe('INITIALIZE_FAILED');
    expect(on.manager.stats().pending).toBe(0);
    expect((await on.manager.getSessionInfo('s')).status).toBe('initializing');
    store.refuse(never);
    await on.manager.terminateSession('s');
    expect(on.news()).toEqual(['session_created', 'initializing→terminated', 'gone (normal)']);
  });

  it('the end of a create that was aborted: the create is told, and the session can still be ended', async () => {
    const { store, on } = full({ hooks: { initialize: forever } });
    const stop = new AbortController();
    const created = codeOf(on.manager.createSession({ id: 's', signal: stop.signal }));
    await turns(16);
    store.refuse(all);
    stop.abort();
    expect(await created).toBe('ABORTED');
    expect((await on.manager.getSessionInfo('s')).status).toBe('initializing');
    store.refuse(never);
    await on.manager.terminateSession('s');
    expect(on.news()).toEqual(['session_created', 'initializing→terminated', 'gone (normal)']);
    expect(on.manager.stats()).toMatchObject({ pending: 0, deadlines: 0 });
  });

  it('a message: STORE_FAILED, nothing has changed, the next one is the first', async () => {
    const { store, on } = full();
    const session = await on.manager.createSession({ id: 's', config: { maxFiles: 1 } });
    await session.context.addFile('a');
    on.news();
    const before = await session.info();
    store.refuse(all);
    for (const call of [
      () => session.send('user', 'x', { idempotencyKey: 'k' }),
      () => session.context.addFile('b'),
      () => session.context.put('k', 1),
    ])
      expect(await codeOf(call())).toBe('STORE_FAILED');
    expect(await session.info()).toEqual(before);
    store.refuse(never);
    const message = await session.send('user', 'y', { idempotencyKey: 'k' });
    expect([message.id, message.content]).toEqual(['s:1', 'y']);
    expect(on.news()).toEqual(['conversation_added']);
    expect((await session.context.activeFiles()).map(({ path }) => path)).toEqual(['a']);
  });

  it('that an idle session wakes: it stays idle, and wakes the next time', async () => {
    const { store, on } = full();
    const session = await on.manager.createSession({ id: 's', config: { idleAfterMs: 100 } });
    await on.clock.advance(100);
    await turns();
    expect(on.news().at(-1)).toBe('active→idle');
    store.refuse(all);
    expect(await codeOf(session.send('user', 'x'))).toBe('STORE_FAILED');
    expect((await session.info()).status).toBe('idle');
    store.refuse(never);
    await session.send('user', 'x');
    expect(on.news()).toEqual(['idle→active', 'conversation_added']);
  });

  it('a termination at its beginning: STORE_FAILED, and the session goes on as if nobody had asked', async () => {
    const agent = watchedAgent();
    const { store, on } = full({ agent: agent.logic });
    const session = await on.manager.createSession({ id: 's' });
    on.news();
    store.refuse(all);
    expect(await codeOf(session.terminate())).toBe('STORE_FAILED');
    expect(await codeOf(session.kill())).toBe('STORE_FAILED');
    expect(on.manager.stats().pending).toBe(0);
    expect(agent.live()).toHaveLength(1);
    store.refuse(never);
    await session.dispatch({ type: 'ask' });
    expect(agent.of('s').received).toEqual([{ type: 'ask' }]);
    await session.terminate();
    expect(on.news()).toEqual([...ENDED, 'gone (normal)']);
  });

  it('a termination at its end: STORE_FAILED, it stays terminating, and may be tried again', async () => {
    const { store, on } = full({ hooks: { cleanup: async () => {} } });
    const session = await on.manager.createSession({ id: 's' });
    on.news();
    refusing(store, 'terminated');
    const calls = [session.terminate({ reason: 'done' }), session.terminate()].map(codeOf);
    expect(await Promise.all(calls)).toEqual(['STORE_FAILED', 'STORE_FAILED']);
    expect((await session.info()).status).toBe('terminating');
    expect(await codeOf(session.terminate())).toBe('STORE_FAILED');
    expect(await codeOf(session.kill())).toBe('STORE_FAILED');
    store.refuse(never);
    await session.terminate();
    expect(on.news()).toEqual([...ENDED, 'gone (done)']);
    expect(on.manager.stats()).toMatchObject({ pending: 0, deadlines: 0 });
  });

  it('a crash: it is told again after a second, until it can be written', async () => {
    for (const status of ['active', 'idle']) {
      const { store, on } = full({ agent: fragileAgent, supervision: { restart: 'transient' } });
      const session = await on.manager.createSession({ id: 's', config: { idleAfterMs: 100 } });
      if (status === 'idle') await on.clock.advance(100);
      await turns();
      // The dispatch itself is activity, which an idle session has to write down first.
      store.refuse((records) => records.some(({ type }) => type === 'session_crashed'));
      on.news();
      expect(await codeOf(session.dispatch({ type: 'boom' }))).toBe('SESSION_CRASHED');
      await turns();
      expect((await session.info()).status).toBe('active');
      expect(await codeOf(session.dispatch({ type: 'ask' }))).toBe('SESSION_CRASHED');
      await on.clock.advance(1000);
      expect(on.heard.of('session_crashed')).toEqual([]);
      store.refuse(never);
      await on.clock.advance(999);
      expect(on.heard.of('session_crashed')).toEqual([]);
      await on.clock.advance(1);
      await turns();
      expect(on.news().slice(-5)).toEqual(['crashed, restarting: the agent hit a mine', ...ENDED, ...AGAIN]);
      expect(await codeOf(session.dispatch({ type: 'ask' }))).toBe('resolved instead');
    }
  });

  it('a crash of an idle session that is then woken by a write: the crash is not forgotten', async () => {
    const outcome = gate<unknown>();
    const { store, on } = full({ agent: promiseAgent(() => outcome.promise) });
    const session = await on.manager.createSession({ id: 's', config: { idleAfterMs: 100 } });
    await on.clock.advance(100);
    await turns();
    on.news();
    store.refuse(all);
    outcome.fail(new Error('boom'));
    await turns();
    store.refuse(never);
    await session.send('user', 'x');
    expect(on.news()).toEqual(['idle→active', 'conversation_added']);
    await on.clock.advance(1000);
    await turns();
    expect(on.news()).toEqual(['crashed, for good: boom', ...ENDED, 'gone (crashed): boom']);
  });

  it('a restart after its pause: it is tried again after a second', async () => {
    const { store, on } = full({ supervision: { restart: 'transient', backoffMs: 100 } });
    const session = await on.manager.createSession({ id: 's' });
    await session.kill();
    on.news();
    store.refuse(all);
    await on.clock.advance(100);
    await turns();
    expect((await session.info()).status).toBe('terminating');
    store.refuse(never);
    await on.clock.advance(999);
    expect(on.news()).toEqual([]);
    await on.clock.advance(1);
    await turns();
    expect(on.news()).toEqual(['terminating→terminated', ...AGAIN]);
  });

  it('a restart without a pause: it is tried again after a second too', async () => {
    const { store, on } = full({ supervision: { restart: 'transient' } });
    const session = await on.manager.createSession({ id: 's' });
    on.news();
    refusing(store, 'initializing');
    await session.kill();
    await turns();
    expect(on.news()).toEqual(['crashed, restarting: the session was killed', 'active→terminating']);
    store.refuse(never);
    await on.clock.advance(1000);
    await turns();
    expect(on.news()).toEqual(['terminating→terminated', ...AGAIN]);
  });

  it('a change that no call waits for: the logger hears of it', async () => {
    const { store, on } = full();
    await on.manager.createSession({ id: 's', config: { idleAfterMs: 100 } });
    refusing(store, 'idle');
    await on.clock.advance(100);
    await turns();
    expect(on.logged.map(([message]) => message)).toEqual([
      'chartroom: the store refused a change that no call waits for.',
    ]);
    expect((await on.manager.getSessionInfo('s')).status).toBe('active');
  });
});

describe('a store that takes its time', () => {
  it('holds up nobody who reads, and acknowledges nothing before it is written', async () => {
    const store = storeUnderTest();
    const on = stage({ store });
    const session = await on.manager.createSession({ id: 's' });
    on.news();
    const held = store.hold();
    const calls = [session.send('user', 'x'), session.terminate()];
    expect(await Promise.all(calls.map(stateOf))).toEqual(['pending', 'pending']);
    expect([on.news(), (await session.info()).status]).toEqual([[], 'active']);
    held.open();
    await Promise.all(calls);
    expect(on.news()).toEqual(['conversation_added', ...ENDED, 'gone (normal)']);
  });
});
