import { createSessionManager, memoryStore, type SessionManagerOptions } from 'chartroom';
import { describe, expect, it } from 'vitest';
import { deferredStore } from '../support/deferred-store.ts';
import { codeOf, codeThrown } from '../support/errors.ts';
import { collect, seqs } from '../support/events.ts';
import { gate } from '../support/gate.ts';
import { World } from '../support/tabs.ts';
import { stateOf, turns, until } from '../support/turns.ts';

/** An engine loads some of its parts when they are needed, which is counted in no turns. */
const LOADING = Number.POSITIVE_INFINITY;

/** Tabs over one store, which outlives each of them. */
function setUp(options: SessionManagerOptions = {}) {
  const world = new World();
  const store = memoryStore();
  let made = 0;
  const create = () => {
    made += 1;
    return createSessionManager({ store, ...options });
  };
  const open = async (state = 'follower') => {
    const tab = world.tab(create);
    if (state) await until(() => tab.shared.state.is === state, LOADING);
    return tab;
  };
  return { world, store, create, open, made: () => made };
}
type Opened = Awaited<ReturnType<ReturnType<typeof setUp>['open']>>;
const states = (...tabs: Opened[]) => tabs.map(({ shared }) => shared.state.is);

/** Its engine goes with the tab: the store is free again, as the browser's is when a tab dies. */
async function kill(tab: Pick<Opened, 'shared' | 'crash'>): Promise<void> {
  const { manager } = tab.shared;
  tab.crash();
  await manager?.close();
}

/** Until one of them owns the engine, and all others follow it. */
async function takenOver(...tabs: Pick<Opened, 'shared'>[]): Promise<void> {
  // Until it is told, a follower still takes itself for that of the last owner.
  await turns();
  const count = (is: string) => tabs.filter(({ shared }) => shared.state.is === is).length;
  await until(() => count('owner') === 1 && count('follower') === tabs.length - 1, LOADING);
}

describe('the first tab', () => {
  it('takes calls at once, and owns the engine a little later', async () => {
    const { world, create, made } = setUp();
    const { shared } = world.tab(create);
    expect([shared.state, shared.manager, made()]).toEqual([{ is: 'joining' }, undefined, 0]);
    const seen = collect(shared);
    const session = await shared.createSession({ id: 'a' });
    await session.send('user', 'hello');
    await world.quiet();
    expect(seen.types()).toEqual(['session_created', 'session_status', 'conversation_added']);
    expect(shared.state.is).toBe('owner');
    expect(await shared.manager?.listSessions()).toHaveLength(1);
  });
});

describe('a listener that was there before the engine', () => {
  it('hears what recovery brings about', async () => {
    const world = new World();
    const store = memoryStore();
    const create = () => createSessionManager({ store, clock: world.clock });
    const before = create();
    await before.createSession({ id: 'a', config: { idleAfterMs: 100 } });
    await before.close();
    await world.clock.advance(200);
    const { shared } = world.tab(create);
    const seen = collect(shared);
    await until(() => shared.state.is === 'owner', LOADING);
    await world.quiet();
    expect(seen.steps()).toEqual(['active→idle']);
  });
});

describe('the tabs of one name', () => {
  it('have one engine, the same sessions and the same events', async () => {
    const { open, made, world } = setUp();
    const tabs = [await open('owner'), await open(), await open()];
    const seen = tabs.map(({ shared }) => collect(shared));
    for (const [n, { shared }] of tabs.entries()) await shared.createSession({ id: `s${n}` });
    await tabs[0]?.shared.sendMessage('s2', 'user', 'from the owner');
    await tabs[2]?.shared.sendMessage('s0', 'user', 'from a follower');
    await world.quiet();
    const infos = await Promise.all(tabs.map(({ shared }) => shared.listSessions()));
    expect(infos[1]).toEqual(infos[0]);
    expect(infos[2]).toEqual(infos[0]);
    expect(seen[0]?.events).toHaveLength(8);
    expect(seen[1]?.events).toEqual(seen[0]?.events);
    expect(seen[2]?.events).toEqual(seen[0]?.events);
    expect([made(), ...tabs.map(({ shared }) => shared.manager !== undefined)]).toEqual([
      1,
      true,
      false,
      false,
    ]);
  });

  it('of another name have another engine', async () => {
    const world = new World();
    const [one, other] = ['one', 'other'].map((name) => world.tab(() => createSessionManager(), { name }));
    await one?.shared.createSession();
    expect(await other?.shared.listSessions()).toEqual([]);
    expect([one?.shared.state.is, other?.shared.state.is]).toEqual(['owner', 'owner']);
  });
});

describe('when the owner crashes', () => {
  it('another takes over, with its handles and listeners: nothing is missed, nothing comes twice', async () => {
    const { open, world, made } = setUp();
    const tabs = [await open('owner'), await open(), await open()] as const;
    const [first, second, third] = tabs;
    const session = await second.shared.createSession({ id: 'a' });
    const seen = [second, third].map(({ shared }) => collect(shared));
    await session.send('user', '1');
    await kill(first);
    await takenOver(second, third);
    await session.send('user', '2');
    await third.shared.sendMessage('a', 'user', '3');
    await world.quiet();
    expect(states(second, third).sort()).toEqual(['follower', 'owner']);
    for (const each of seen)
      expect(each.of('conversation_added').map(({ message }) => message.content)).toEqual(['1', '2', '3']);
    expect(seqs(seen[0]?.events ?? [])).toEqual(seqs(seen[1]?.events ?? []));
    expect(made()).toBe(2);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    'after %i turns: whatever was acknowledged is there, and what carries a key is there once',
    async (after) => {
      const { open } = setUp({ store: deferredStore() });
      const [first, second] = [await open('owner'), await open()];
      await second.shared.createSession({ id: 'a' });
      const texts = Array.from({ length: 20 }, (_, n) => `${n}`);
      const sends = texts.map((text) =>
        second.shared.sendMessage('a', 'user', text, { idempotencyKey: text }),
      );
      await turns(after);
      await kill(first);
      const messages = await Promise.all(sends);
      await takenOver(second);
      expect(await second.shared.session('a').context.history()).toEqual(messages);
      expect(messages.map(({ content }) => content)).toEqual(texts);
    },
  );

  it('a call in flight that cannot be repeated is CONNECTION_LOST, and one that only reads is answered', async () => {
    const ready = gate();
    const { open } = setUp({
      hooks: { initialize: ({ id }) => (id === 'slow' ? ready.promise : undefined) },
    });
    const [first, second] = [await open('owner'), await open()];
    await second.shared.createSession({ id: 'a' });
    const created = codeOf(second.shared.createSession({ id: 'slow' }));
    await turns();
    const listed = second.shared.listSessions();
    await kill(first);
    expect(await created).toBe('CONNECTION_LOST');
    expect((await listed).map(({ id }) => id)).toContain('a');
    ready.open();
  });

  it('a stream goes on where it was', async () => {
    const { open } = setUp();
    const [first, second] = [await open('owner'), await open()];
    const stream = second.shared.events({ types: ['conversation_added'] });
    const session = await second.shared.createSession({ id: 'a' });
    await session.send('user', '1');
    await kill(first);
    await takenOver(second);
    await session.send('user', '2');
    const texts: unknown[] = [];
    for await (const event of stream) {
      texts.push(event.type === 'conversation_added' ? event.message.content : event.type);
      if (texts.length === 2) break;
    }
    expect(texts).toEqual(['1', '2']);
  });

  it('and its sessions were in memory only, listeners are told of the gap, and the tabs go on', async () => {
    const world = new World();
    const [first, second] = [
      world.tab(() => createSessionManager()),
      world.tab(() => createSessionManager()),
    ];
    await second.shared.createSession({ id: 'a' });
    await second.shared.sendMessage('a', 'user', 'x');
    const seen = collect(second.shared);
    await kill(first);
    await takenOver(second);
    await second.shared.createSession({ id: 'b' });
    await world.quiet();
    expect(seen.types()).toEqual(['gap', 'session_created', 'session_status']);
    expect(second.lines).toContainEqual(['warn', expect.stringContaining('in memory only')]);
    expect((await second.shared.listSessions()).map(({ id }) => id)).toEqual(['b']);
  });

  it('a follower that crashes leaves nothing at the owner', async () => {
    const { open, world } = setUp();
    const [owner, follower] = [await open('owner'), await open()];
    const before = owner.shared.manager?.stats().listeners;
    follower.crash();
    await world.quiet();
    expect([before, owner.shared.manager?.stats().listeners]).toEqual([2, 1]);
  });
});

describe('close', () => {
  it('of the owner hands over: what others have in flight is done by the next one', async () => {
    const { open, world } = setUp({ store: deferredStore() });
    const [owner, follower] = [await open('owner'), await open()];
    await follower.shared.createSession({ id: 'a' });
    // Without keys: each is either answered by the first owner or not begun by it.
    const sends = Array.from({ length: 10 }, (_, n) => follower.shared.sendMessage('a', 'user', `${n}`));
    await turns(2);
    await owner.shared.close();
    const messages = await Promise.all(sends);
    await takenOver(follower);
    expect(states(owner)).toEqual(['closed']);
    expect(await follower.shared.session('a').context.history()).toEqual(messages);
    await follower.shared.close();
    expect([world.locks, world.channels]).toEqual([0, 0]);
  });

  it('of the owner loses no call that it has not begun, whenever that is made', async () => {
    const { open } = setUp();
    const [owner, follower] = [await open('owner'), await open()];
    const created: Promise<string>[] = [];
    const closed = owner.shared.close();
    for (let n = 0; n < 12; n++) {
      created.push(codeOf(follower.shared.createSession()));
      await turns(1);
    }
    await closed;
    expect(new Set(await Promise.all(created))).toEqual(new Set(['resolved instead']));
  });

  it('of the owner settles its own calls, and is MANAGER_CLOSED from then on', async () => {
    const { open } = setUp({ hooks: { initialize: () => new Promise(() => {}) } });
    const { shared } = await open('owner');
    const created = codeOf(shared.createSession());
    await shared.close();
    expect([await created, await codeOf(shared.listSessions())]).toEqual([
      'MANAGER_CLOSED',
      'MANAGER_CLOSED',
    ]);
    expect(codeThrown(() => shared.events())).toBe('MANAGER_CLOSED');
    expect([shared.state.is, shared.manager]).toEqual(['closed', undefined]);
  });

  it('of a follower closes its connection only', async () => {
    const { open, world } = setUp();
    const [owner, follower] = [await open('owner'), await open()];
    await follower.shared.createSession({ id: 'a' });
    const locks = world.locks;
    const ended = follower.shared.events().next();
    await follower.shared.close();
    await world.quiet();
    expect(await ended).toEqual({ done: true, value: undefined });
    expect(await owner.shared.listSessions()).toHaveLength(1);
    expect([states(follower), owner.shared.manager?.stats().listeners, locks - world.locks]).toEqual([
      ['closed'],
      1,
      // Its own, that of the owner for which it was in the queue, and the owner's watch over it.
      3,
    ]);
  });

  it.each(['owner', 'follower'])('of the %s with terminate ends all sessions', async (who) => {
    const { open, store } = setUp();
    const tabs = { owner: await open('owner'), follower: await open() };
    for (const { shared } of Object.values(tabs)) await shared.createSession();
    await tabs[who as keyof typeof tabs].shared.close({ terminate: true });
    for (const { shared } of Object.values(tabs)) await shared.close();
    expect(await createSessionManager({ store }).listSessions()).toEqual([]);
  });

  it('before there is an owner leaves at once, though the store never opens', async () => {
    const world = new World();
    const store = { open: () => new Promise<never>(() => {}) };
    const tab = world.tab(() => createSessionManager({ store }));
    const listed = codeOf(tab.shared.listSessions());
    await turns();
    await tab.shared.close();
    expect([await listed, world.locks, world.channels]).toEqual(['MANAGER_CLOSED', 0, 0]);
  });

  it('comes with the end of an `await using` scope, however often it is called', async () => {
    const { open } = setUp();
    const { shared } = await open('owner');
    {
      await using _rooms = shared;
    }
    await Promise.all([shared.close(), shared.close()]);
    expect(shared.state.is).toBe('closed');
  });
});

describe('a page in the back-forward cache', () => {
  it('that owned the engine has handed over; when it is shown again it follows, and hears what it has missed', async () => {
    const { open, world } = setUp();
    const [owner, other] = [await open('owner'), await open()];
    const seen = collect(owner.shared);
    await owner.shared.createSession({ id: 'a' });
    owner.hide();
    expect([states(owner), owner.shared.manager]).toEqual([['joining'], undefined]);
    await until(() => other.shared.state.is === 'owner', LOADING);
    await other.shared.sendMessage('a', 'user', 'meanwhile');
    const waiting = owner.shared.session('a').context.history();
    expect(await stateOf(waiting)).toBe('pending');
    owner.show();
    expect((await waiting).map(({ content }) => content)).toEqual(['meanwhile']);
    await world.quiet();
    expect([states(owner, other), seen.types().at(-1)]).toEqual([
      ['follower', 'owner'],
      'conversation_added',
    ]);
  });

  it('holds no lock and no channel', async () => {
    const { open, world } = setUp();
    const tab = await open('owner');
    tab.hide();
    await turns();
    expect([world.locks, world.channels]).toEqual([0, 0]);
    tab.show();
    await until(() => tab.shared.state.is === 'owner', LOADING);
  });

  it('can be closed there, though it reaches no session to terminate', async () => {
    const { open } = setUp();
    const tab = await open('owner');
    tab.hide();
    expect(await stateOf(tab.shared.close({ terminate: true }))).toBe('fulfilled');
  });

  it('that was closed stays closed when it is shown', async () => {
    const { open } = setUp();
    const tab = await open('owner');
    await tab.shared.close();
    tab.show();
    await turns();
    expect(states(tab)).toEqual(['closed']);
  });
});

describe('when there is no engine to be had', () => {
  it('the tab has failed: its calls reject with the reason, and it says so', async () => {
    const world = new World();
    const store = { open: () => Promise.reject(new Error('no disk')) };
    const tab = world.tab(() => createSessionManager({ store }));
    const waiting = codeOf(tab.shared.listSessions());
    await until(() => tab.shared.state.is === 'failed', LOADING);
    expect(tab.shared.state).toMatchObject({ reason: { code: 'STORE_FAILED' } });
    expect([await waiting, await codeOf(tab.shared.listSessions())]).toEqual([
      'STORE_FAILED',
      'STORE_FAILED',
    ]);
    await turns();
    expect(tab.lines).toContainEqual(['warn', expect.stringMatching(/failed.*no disk/)]);
    await tab.shared.close();
    expect([world.locks, world.channels]).toEqual([0, 0]);
  });

  it('it follows as soon as another tab has one', async () => {
    const world = new World();
    const failing = world.tab(() => Promise.reject(new Error('not in this one')));
    await until(() => failing.shared.state.is === 'failed', LOADING);
    const other = world.tab(() => createSessionManager());
    await other.shared.createSession({ id: 'a' });
    await until(() => failing.shared.state.is === 'follower', LOADING);
    expect(await failing.shared.listSessions()).toHaveLength(1);
  });

  it('a store that is locked is waited for', async () => {
    const { world, store, create } = setUp();
    const stranger = createSessionManager({ store });
    await stranger.ready;
    const tab = world.tab(create);
    await turns();
    await world.clock.advance(100);
    expect(states(tab)).toEqual(['joining']);
    await stranger.close();
    await world.clock.advance(1000);
    expect(await tab.shared.listSessions()).toEqual([]);
  });
});
