import { describe, expect, it } from 'vitest';
import { promiseAgent, watchedAgent } from '../../support/agents.ts';
import { codeOf, failureOf, textOf } from '../../support/errors.ts';
import { gate } from '../../support/gate.ts';
import { turns } from '../../support/turns.ts';
import { forever, stage } from '../stage.ts';
import { storeUnderTest } from '../stores.ts';

const SLEEPY = { idleAfterMs: 100, sleepAfterMs: 1e9 };

describe('a write that the store refuses', () => {
  it('is no activity of its session', async () => {
    const store = storeUnderTest();
    const on = stage({ store });
    const session = await on.manager.createSession({ id: 's' });
    await on.clock.advance(50);
    store.refuse(() => true);
    expect(await codeOf(session.send('user', 'x'))).toBe('STORE_FAILED');
    expect(await session.info()).toMatchObject({ lastActivityAt: '2026-01-01T00:00:00.000Z' });
  });
});

describe('a write that waited for its turn behind the end of a session that starts', () => {
  it('is told that the session takes no more', async () => {
    const store = storeUnderTest();
    const on = stage({ store, hooks: { initialize: ({ id }) => (id === 's' ? forever() : undefined) } });
    await on.manager.createSession({ id: 'other' });
    const created = codeOf(on.manager.createSession({ id: 's' }));
    await turns();
    const held = store.hold();
    const busy = on.manager.sendMessage('other', 'user', 'keeps the journal busy');
    const killed = on.manager.killSession('s');
    const late = failureOf(on.manager.sendMessage('s', 'user', 'late'));
    held.open();
    await Promise.all([busy, killed]);
    expect(await late).toMatchObject({ code: 'SESSION_NOT_ACTIVE', sessionId: 's' });
    expect(await created).toBe('SESSION_TERMINATED');
  });
});

describe('a dispatch that wakes its session', () => {
  it('finds no agent when that completes before the waking is written down; the session goes on', async () => {
    const outcome = gate<unknown>();
    const store = storeUnderTest();
    const on = stage({
      store,
      agent: promiseAgent(({ session }) => (session.id === 's' ? outcome.promise : forever())),
    });
    const session = await on.manager.createSession({ id: 's', config: SLEEPY });
    await on.clock.advance(100);
    on.news();
    const held = store.hold();
    const dispatched = failureOf(session.dispatch({ type: 'ask' }));
    await turns();
    outcome.open('done');
    await turns();
    held.open();
    const error = await dispatched;
    expect(error).toMatchObject({ code: 'INVALID_TRANSITION', sessionId: 's' });
    expect(textOf(error)).toContain('"s"');
    await turns();
    expect(on.news()[0]).toBe('idle→active');
    expect(await session.info()).toMatchObject({ status: 'active', activeTasks: 0 });
  });

  it('names its session when the agent fails by then', async () => {
    const outcome = gate<unknown>();
    const store = storeUnderTest();
    const on = stage({ store, agent: promiseAgent(() => outcome.promise), hooks: { cleanup: forever } });
    const session = await on.manager.createSession({ id: 's', config: SLEEPY });
    await on.clock.advance(100);
    const held = store.hold();
    const dispatched = failureOf(session.dispatch({ type: 'ask' }));
    await turns();
    outcome.fail(new Error('boom'));
    await turns();
    held.open();
    const error = await dispatched;
    expect(error).toMatchObject({ code: 'SESSION_CRASHED', sessionId: 's', cause: { message: 'boom' } });
    expect(error.message).toContain('"s"');
  });
});

describe('a write that waits for its turn', () => {
  it('names the session that crashed meanwhile', async () => {
    const outcome = gate<unknown>();
    const store = storeUnderTest();
    const agent = promiseAgent(({ session }) => (session.id === 's' ? outcome.promise : forever()));
    const on = stage({ store, agent, hooks: { cleanup: forever } });
    await on.manager.createSession({ id: 'other' });
    const session = await on.manager.createSession({ id: 's' });
    const held = store.hold();
    const busy = on.manager.sendMessage('other', 'user', 'keeps the journal busy');
    outcome.fail(new Error('boom'));
    await turns();
    const late = failureOf(session.send('user', 'late'));
    held.open();
    await busy;
    const error = await late;
    expect(error).toMatchObject({ code: 'SESSION_CRASHED', sessionId: 's' });
    expect(error.message).toContain('"s"');
  });
});

describe('the cache of a session', () => {
  it('tells when an analysis was put in, by the clock of the manager', async () => {
    const on = stage({ agent: watchedAgent().logic });
    const session = await on.manager.createSession({ id: 's' });
    await session.cache.cacheFile('a', 'A');
    await on.clock.advance(250);
    await session.cache.cacheAnalysis('a', 'kind', { lines: 1 });
    expect(await session.cache.getAnalysis('a', 'kind')).toMatchObject({
      cachedAt: '2026-01-01T00:00:00.250Z',
    });
  });
});
