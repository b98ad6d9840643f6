import { describe, expect, it } from 'vitest';
import { type EventObject, fromCallback } from 'xstate';
import { type AgentInput, createSessionManager, type HookContext } from '../src/index.ts';
import type { StoreLease } from '../src/store/port.ts';
import { fragileAgent } from './support/agents.ts';
import { testClock } from './support/clock.ts';
import { codeOf } from './support/errors.ts';
import { collect } from './support/events.ts';
import { gate } from './support/gate.ts';
import { atRest } from './support/leaks.ts';
import { keptLog } from './support/log.ts';
import { turns } from './support/turns.ts';
import { wrappedStore } from './support/wrapped-store.ts';

type Append = StoreLease['append'];
type Hook = (session: HookContext) => Promise<void>;

/** A store that refuses each batch with a record that `refuses` says so of. */
const storeThatRefuses = (refuses: (record: Parameters<Append>[0][number]) => boolean) =>
  wrappedStore((lease) => ({
    append(records) {
      if (records.some(refuses)) throw new Error('ENOSPC');
      return lease.append(records);
    },
  }));
const isIdling = ({ payload }: { payload: object }) => 'status' in payload && payload.status === 'idle';

describe('deadlines', () => {
  const sessionDefaults = { idleAfterMs: 100 };

  it('reach the session that they are of', async () => {
    const clock = testClock();
    const manager = createSessionManager({ clock, sessionDefaults });
    const session = await manager.createSession();
    await clock.advance(99);
    expect((await session.info()).status).toBe('active');
    await clock.advance(1);
    expect((await session.info()).status).toBe('idle');
    await manager.close();
  });

  it('of a session that ends in the same turn are not heard of', async () => {
    const clock = testClock();
    const { logger, lines } = keptLog();
    const manager = createSessionManager({ clock, sessionDefaults, logger });
    for (const id of ['a', 'b']) await manager.createSession({ id });
    const heard = collect(manager);
    manager.subscribeToAllSessions(({ type, sessionId }) => {
      if (type === 'session_status' && sessionId === 'a') manager.killSession('b');
    });
    await clock.advance(100);
    expect(heard.session('a').map(({ type }) => type)).toEqual(['session_status']);
    expect(heard.session('b').at(-1)?.type).toBe('session_terminated');
    expect([heard.of('session_status').filter(({ status }) => status === 'idle').length, lines]).toEqual([
      1,
      [],
    ]);
    await manager.close();
  });

  it('that lead to a change which the store refuses: that is logged, and nothing has changed', async () => {
    const clock = testClock();
    const { logger, lines } = keptLog();
    const store = storeThatRefuses(isIdling);
    const manager = createSessionManager({ clock, sessionDefaults, store, logger });
    const session = await manager.createSession();
    await clock.advance(100);
    expect(lines).toEqual([
      [
        'error',
        'chartroom: the store refused a change that no call waits for.',
        expect.objectContaining({ code: 'STORE_FAILED' }),
      ],
    ]);
    expect((await session.info()).status).toBe('active');
    await manager.close();
  });

  it('try a crash again that the store refused', async () => {
    const clock = testClock();
    let full = true;
    const store = storeThatRefuses(({ type }) => full && type === 'session_crashed');
    const manager = createSessionManager({ clock, store, agent: fragileAgent, logger: {} });
    const session = await manager.createSession({ id: 'a' });
    expect(await codeOf(session.dispatch({ type: 'boom' }))).toBe('SESSION_CRASHED');
    expect(manager.stats()).toMatchObject({ sessions: { active: 1 }, deadlines: 1 });
    full = false;
    const heard = collect(manager);
    await clock.advance(60_000);
    expect(heard.of('session_crashed')).toMatchObject([{ error: { message: 'the agent hit a mine' } }]);
    expect(heard.of('session_terminated')).toMatchObject([{ reason: 'crashed' }]);
    expect(manager.stats().deadlines).toBe(0);
    await manager.close();
  });
});

describe('limits.maxPending', () => {
  const limits = { maxPending: 2 };

  it('counts what waits for the manager to be ready', async () => {
    const { promise, open } = gate();
    const { under } = wrappedStore(() => ({}));
    const store = { open: (options: { owner: string }) => promise.then(() => under.open(options)) };
    const manager = createSessionManager({ store, limits });
    const waiting = [manager.createSession({ id: 'a' }), manager.createSession({ id: 'b' })];
    await expect(manager.createSession({ id: 'c' })).rejects.toMatchObject({
      code: 'OVERLOADED',
      message: '2 calls are waiting already (limits.maxPending); wait for some to settle, or raise it.',
      details: { limit: 2 },
    });
    open();
    expect((await Promise.all(waiting)).map(({ id }) => id)).toEqual(['a', 'b']);
    await manager.close();
  });

  it('holds for hooks too', async () => {
    const codes: string[] = [];
    const initialize: Hook = async ({ context }) => {
      codes.push(await codeOf(context.put('key', 1)));
    };
    const manager = createSessionManager({ hooks: { initialize }, limits: { maxPending: 1 } });
    await manager.createSession();
    expect(codes).toEqual(['OVERLOADED']);
    await manager.close();
  });
});

describe('hooks and agents', () => {
  it('read, write and cache while the manager is not ready yet, and while it ends its sessions', async () => {
    const seen: unknown[] = [];
    const hook =
      (name: string): Hook =>
      async ({ context, cache }) => {
        await context.put(name, 1);
        await cache.cacheFile(name, 'x');
        seen.push([name, await context.keys(), (await cache.getFile(name))?.content]);
      };
    const hooks = { initialize: hook('initialize'), cleanup: hook('cleanup') };
    const manager = createSessionManager({ hooks });
    await manager.createSession();
    await manager.close({ terminate: true });
    expect(seen).toEqual([
      ['initialize', ['initialize'], 'x'],
      ['cleanup', ['initialize', 'cleanup'], 'x'],
    ]);
  });

  it('take up a start that was under way when the last manager closed', async () => {
    const store = wrappedStore(() => ({})).under;
    const { promise } = gate();
    const first = createSessionManager({ store, hooks: { initialize: () => promise } });
    const creating = codeOf(first.createSession({ id: 'a' }));
    await turns();
    await first.close();
    expect(await creating).toBe('MANAGER_CLOSED');
    const second = createSessionManager({
      store,
      hooks: { initialize: ({ context }) => context.put('taken', 'up') },
    });
    await second.ready;
    await turns();
    expect(await second.session('a').context.get('taken')).toBe('up');
    expect((await second.getSessionInfo('a')).status).toBe('active');
    await second.close();
  });

  it('of a closed manager are refused', async () => {
    const codes: Array<Promise<string>> = [];
    const agent = fromCallback<EventObject, AgentInput>(({ input }) => () => {
      codes.push(codeOf(input.session.context.put('late', 1)));
    });
    const manager = createSessionManager({ agent });
    await manager.createSession();
    await manager.close();
    expect(await Promise.all(codes)).toEqual(['MANAGER_CLOSED']);
  });
});

it('the global cache is one of its own, behind the same door', async () => {
  const manager = createSessionManager();
  const session = await manager.createSession();
  await manager.cache.cacheFile('a', 'global');
  await session.cache.cacheFile('a', 'own');
  expect((await manager.cache.getFile('a'))?.content).toBe('global');
  expect((await session.cache.getFile('a'))?.content).toBe('own');
  await manager.close();
  expect(await codeOf(manager.cache.getFile('a'))).toBe('MANAGER_CLOSED');
});

it('a call that waits for another session to end settles when the manager closes', async () => {
  const { promise } = gate();
  const manager = createSessionManager({ hooks: { cleanup: () => promise } });
  await manager.createSession({ id: 'a' });
  const ending = codeOf(manager.terminateSession('a'));
  const waiting = codeOf(manager.getOrCreateSession('a'));
  await turns();
  await manager.close();
  expect([await ending, await waiting]).toEqual(['MANAGER_CLOSED', 'MANAGER_CLOSED']);
});

describe('the store', () => {
  it('is where sessions are saved, and where a long life is written down in short', async () => {
    const snapshots: unknown[] = [];
    const store = wrappedStore((lease) => ({
      putSnapshot(id, snapshot) {
        snapshots.push([id, snapshot.sessionSeq]);
        return lease.putSnapshot(id, snapshot);
      },
    }));
    const manager = createSessionManager({ store });
    const session = await manager.createSession({ id: 'a' });
    for (let n = 0; n < 1000; n++) await session.context.put('key', n);
    expect(await manager.saveSession('a')).toMatchObject({ id: 'a', messageCount: 0 });
    expect((await manager.listSavedSessions()).map(({ id }) => id)).toEqual(['a']);
    await manager.close();
    expect(snapshots).toHaveLength(1);
    const next = createSessionManager({ store: store.under });
    expect(await next.session('a').context.get('key')).toBe(999);
    await next.close();
  });
});

describe('closing', () => {
  it('settles what waits for the store, ends what listens, and clears what is due', async () => {
    const { promise } = gate();
    const clock = testClock();
    const store = wrappedStore((lease) => ({ saved: { ...lease.saved, put: () => promise } }));
    const manager = createSessionManager({ clock, store, sessionDefaults: { idleAfterMs: 1000 } });
    await manager.createSession({ id: 'a' });
    manager.subscribeToAllSessions(() => {});
    const next = manager.events().next();
    const saving = codeOf(manager.saveSession('a'));
    expect(manager.stats()).toMatchObject({ deadlines: 1, listeners: 1, streams: 1 });
    await manager.close();
    expect([await saving, await next]).toEqual(['MANAGER_CLOSED', { value: undefined, done: true }]);
    expect([manager.stats(), clock.pending]).toEqual([atRest(), 0]);
  });

  it('with terminate ends the sessions that are only just coming back', async () => {
    const { under } = wrappedStore(() => ({}));
    const first = createSessionManager({ store: under });
    await first.createSession({ id: 'a' });
    await first.close();
    const { promise, open } = gate();
    const store = { open: (options: { owner: string }) => promise.then(() => under.open(options)) };
    const second = createSessionManager({ store });
    const heard = collect(second);
    const closing = second.close({ terminate: true });
    open();
    await closing;
    expect(heard.of('session_terminated')).toMatchObject([{ sessionId: 'a', reason: 'closed' }]);
  });
});
