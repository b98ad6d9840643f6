import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSessionManager, memoryStore, type SessionManagerOptions } from '../src/index.ts';
import { later } from '../src/later.ts';
import { watchedAgent } from './support/agents.ts';
import { testClock } from './support/clock.ts';
import { codeOf } from './support/errors.ts';
import { gate } from './support/gate.ts';
import { turns } from './support/turns.ts';

afterEach(() => void vi.restoreAllMocks());

type Name = keyof typeof later;

/** Notes which parts are loaded, and by a gate holds them up. */
function watched(hold?: Promise<unknown>) {
  const loaded: Name[] = [];
  for (const name of Object.keys(later) as Name[]) {
    const load = later[name];
    vi.spyOn(later, name).mockImplementation(async () => {
      loaded.push(name);
      await hold;
      return load() as never;
    });
  }
  return loaded;
}

const broken = (name: Name) =>
  vi.spyOn(later, name).mockImplementation(async () => {
    throw new TypeError('Failed to fetch dynamically imported module');
  });

describe('a manager loads', () => {
  it('nothing for sessions that live, talk and end in memory', async () => {
    const loaded = watched();
    await using rooms = createSessionManager();
    const session = await rooms.createSession({ config: { idleAfterMs: 1000 } });
    await session.send('user', 'hello');
    await session.context.history();
    await session.snapshot();
    await rooms.listSessions();
    await session.terminate();
    expect(loaded).toEqual([]);
  });

  it.each<[string, SessionManagerOptions, Name[]]>([
    ['the agents where there is one', { agent: watchedAgent().logic }, ['cache', 'agents']],
    ['a cache for hooks', { hooks: { initialize() {} } }, ['cache']],
    ['what sleep needs where all sessions may', { sessionDefaults: { sleepAfterMs: 1 } }, ['stored']],
  ])('%s, before it is ready', async (_what, options, parts) => {
    const loaded = watched();
    await using rooms = createSessionManager(options);
    await rooms.ready;
    expect(loaded).toEqual(parts);
  });

  it('what stored sessions need where there are any, and not for an empty store in memory', async () => {
    const loaded = watched();
    const store = memoryStore();
    const first = createSessionManager({ store });
    await first.createSession({ id: 's' });
    await first.close();
    expect(loaded).toEqual([]);
    await using rooms = createSessionManager({ store });
    expect(await rooms.ready).toEqual({ recovered: 1, quarantined: [] });
    expect(loaded).toEqual(['stored']);
  });

  it('a part once, and lets nobody past the call that needs it', async () => {
    const held = gate();
    const loaded = watched(held.promise);
    await using rooms = createSessionManager();
    const session = await rooms.createSession({ id: 's' });
    await session.send('user', 'before');
    const saving = rooms.saveSession('s');
    const sending = session.send('user', 'after');
    const more = rooms.listSavedSessions();
    await turns();
    expect(rooms.stats().pending).toBe(3);
    held.open();
    await sending;
    expect([(await saving).messageCount, (await more).length]).toEqual([1, 1]);
    expect(await session.context.history()).toHaveLength(2);
    expect([loaded, rooms.stats().pending]).toEqual([['stored'], 0]);
  });

  it.each(['a session’s', 'the manager’s'])(
    'caches with the first use of one, in order: %s',
    async (whose) => {
      const held = gate();
      const loaded = watched(held.promise);
      await using rooms = createSessionManager();
      const session = await rooms.createSession({ id: 's' });
      const cache = whose === 'a session’s' ? session.cache : rooms.cache;
      const metadata = { n: 1 };
      const calls = [cache.cacheFile('a', 'A', { metadata }), cache.cacheFile('a', 'B'), cache.getFile('a')];
      metadata.n = 2;
      const counted = cache.stats();
      await turns();
      held.open();
      expect((await Promise.all(calls))[2]).toMatchObject({ content: 'B' });
      expect([(await counted).files, loaded]).toEqual([1, ['cache']]);
    },
  );

  it('a cache in order too when another waits for the same part', async () => {
    await using rooms = createSessionManager();
    const session = await rooms.createSession({ id: 's' });
    const other = session.cache.stats();
    const [, file] = await Promise.all([rooms.cache.cacheFile('a', 'A'), rooms.cache.getFile('a'), other]);
    expect(file?.content).toBe('A');
  });

  it('what sleep needs before a session that may sleep comes into being', async () => {
    const held = gate();
    const loaded = watched(held.promise);
    const clock = testClock();
    await using rooms = createSessionManager({ clock });
    await rooms.ready;
    const creating = rooms.createSession({ id: 's', config: { idleAfterMs: 10, sleepAfterMs: 10 } });
    const sending = rooms.sendMessage('s', 'user', 'at once');
    await turns();
    expect([rooms.stats().sessions.active, loaded]).toEqual([0, ['stored']]);
    held.open();
    await Promise.all([creating, sending]);
    await clock.advance(10);
    await clock.advance(10);
    expect(rooms.stats().asleep).toBe(1);
    expect((await rooms.session('s').info()).messageCount).toBe(1);
  });
});

describe('a part that does not load', () => {
  it.each<[string, Name, SessionManagerOptions]>([
    ['the agents', 'agents', { agent: watchedAgent().logic }],
    ['the cache of hooks', 'cache', { hooks: { cleanup() {} } }],
    ['what sleep needs', 'stored', { sessionDefaults: { sleepAfterMs: 1 } }],
  ])('and that every session needs keeps the manager from opening: %s', async (_what, name, options) => {
    broken(name);
    const rooms = createSessionManager(options);
    const early = codeOf(rooms.createSession());
    expect(await codeOf(rooms.ready)).toBe('STORE_FAILED');
    expect([await early, await codeOf(rooms.createSession())]).toEqual(['STORE_FAILED', 'STORE_FAILED']);
    await rooms.close();
  });

  it('fails the calls that need it, and no other; it is tried again', async () => {
    const load = broken('stored');
    await using rooms = createSessionManager();
    const session = await rooms.createSession({ id: 's' });
    const calls = [
      rooms.saveSession('s'),
      rooms.restoreSession('t'),
      rooms.listSavedSessions(),
      rooms.deleteSavedSession('t'),
      rooms.createSession({ config: { sleepAfterMs: 1 } }),
      rooms.getOrCreateSession('u', { config: { sleepAfterMs: 1 } }),
    ];
    const sending = session.send('user', 'on');
    expect(await Promise.all(calls.map((call) => codeOf(call)))).toEqual(calls.map(() => 'STORE_FAILED'));
    expect((await sending).content).toBe('on');
    expect(rooms.stats()).toMatchObject({ pending: 0, sessions: { active: 1 } });
    load.mockRestore();
    expect((await rooms.saveSession('s')).messageCount).toBe(1);
  });

  it('fails the calls on caches, and no other', async () => {
    const load = broken('cache');
    await using rooms = createSessionManager();
    const { cache, context } = await rooms.createSession({ id: 's' });
    const calls = [cache, rooms.cache].flatMap((each) => [
      each.cacheFile('a', 'A'),
      each.getFile('a'),
      each.stats(),
    ]);
    const putting = context.put('k', 1);
    expect(await Promise.all(calls.map((call) => codeOf(call)))).toEqual(calls.map(() => 'STORE_FAILED'));
    await putting;
    load.mockRestore();
    for (const each of [cache, rooms.cache]) {
      await each.cacheFile('a', 'A');
      expect((await each.getFile('a'))?.content).toBe('A');
    }
  });

  it('in time keeps no manager from closing that opens', async () => {
    const loaded = watched(new Promise(() => {}));
    const rooms = createSessionManager({ agent: watchedAgent().logic });
    const creating = codeOf(rooms.createSession());
    await turns();
    expect(loaded).toEqual(['cache']);
    await rooms.close();
    expect([await codeOf(rooms.ready), await creating]).toEqual(['MANAGER_CLOSED', 'MANAGER_CLOSED']);
  });

  it('in time is not waited for by a manager that closes', async () => {
    watched(new Promise(() => {}));
    const rooms = createSessionManager();
    await rooms.createSession({ id: 's' });
    const calls = [rooms.saveSession('s'), rooms.cache.stats(), rooms.cache.getFile('a')].map(codeOf);
    await turns();
    expect(rooms.stats().pending).toBe(3);
    await rooms.close();
    expect(await Promise.all(calls)).toEqual(calls.map(() => 'MANAGER_CLOSED'));
    expect(rooms.stats().pending).toBe(0);
  });
});
