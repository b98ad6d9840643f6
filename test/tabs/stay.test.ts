import { createSessionManager, memoryStore } from 'chartroom';
import { describe, expect, it } from 'vitest';
import type { Timekeeper } from '../../src/clock.ts';
import { namesOf } from '../../src/tabs/lobby.ts';
import { Stay } from '../../src/tabs/stay.ts';
import { codeOf, strays } from '../support/errors.ts';
import { World } from '../support/tabs.ts';
import { turns, until } from '../support/turns.ts';

const names = namesOf('rooms');

function setUp() {
  const world = new World();
  const store = memoryStore();
  /** A stay, and what its host is told. */
  const join = (page = world.page()) => {
    const told: string[] = [];
    const stay = new Stay<never>({
      platform: page.platform,
      names,
      opening: { create: () => createSessionManager({ store }), time: {} as Timekeeper, patienceMs: 0 },
      reached: (_line, manager) => told.push(manager ? 'owns' : 'follows'),
      vacant: () => told.push('vacant'),
      failed: ({ code }) => told.push(`failed ${code}`),
      refused: (error) => told.push(`refused ${error}`),
    });
    return { stay, told, ...page };
  };
  const owner = async () => {
    const joined = join();
    await until(() => joined.told.includes('owns'), Number.POSITIVE_INFINITY);
    return joined;
  };
  return { world, join, owner };
}

describe('a stay', () => {
  it('of the first begins with owning, of each other one with following', async () => {
    const { join, owner, world } = setUp();
    const first = await owner();
    const others = [join(), join()];
    await world.quiet();
    expect([first.told, ...others.map(({ told }) => told)]).toEqual([['owns'], ['follows'], ['follows']]);
  });

  it('of tabs that join at the same time has one owner', async () => {
    const { join, world } = setUp();
    const all = [join(), join(), join(), join()];
    await world.quiet();
    expect(all.map(({ told }) => told.at(-1)).sort()).toEqual(['follows', 'follows', 'follows', 'owns']);
  });

  it('that ends gives up every lock and channel, in whatever state', async () => {
    const { join, owner, world } = setUp();
    const [first, second, third] = [await owner(), join(), join()];
    await world.quiet();
    await third.stay.leave();
    await first.stay.leave();
    await world.quiet();
    expect(second.told).toEqual(['follows', 'vacant', 'owns']);
    await second.stay.leave();
    await second.stay.leave();
    expect([world.locks, world.channels]).toEqual([0, 0]);
  });

  it('of a follower hears that the owner is gone before there is another', async () => {
    const { join, owner, world } = setUp();
    const [first, ...others] = [await owner(), join(), join()];
    await world.quiet();
    await first.stay.leave();
    await world.quiet();
    expect(others.map(({ told }) => told).sort()).toEqual([
      ['follows', 'vacant', 'follows'],
      ['follows', 'vacant', 'owns'],
    ]);
  });
});

describe('an owner whose manager is closed by hand', () => {
  it('lets another take over, and follows that one', async () => {
    const world = new World();
    const store = memoryStore();
    const create = () => createSessionManager({ store });
    const [one, two] = [world.tab(create), world.tab(create)];
    await two.shared.createSession({ id: 'a' });
    await one.shared.manager?.close();
    expect(await two.shared.listSessions()).toHaveLength(1);
    await until(
      () => one.shared.state.is === 'follower' && two.shared.state.is === 'owner',
      Number.POSITIVE_INFINITY,
    );
  });

  it('is found out by a tab that joins, though that asks for nothing', async () => {
    const world = new World();
    const store = memoryStore();
    const create = () => createSessionManager({ store });
    const one = world.tab(create);
    await one.shared.createSession({ id: 'a' });
    await one.shared.manager?.close();
    const two = world.tab(create);
    await until(
      () => one.shared.state.is === 'follower' && two.shared.state.is === 'owner',
      Number.POSITIVE_INFINITY,
    );
  });

  it('alone makes itself another', async () => {
    const world = new World();
    const store = memoryStore();
    const { shared } = world.tab(() => createSessionManager({ store }));
    await shared.createSession({ id: 'a' });
    await shared.manager?.close();
    expect(await shared.listSessions()).toHaveLength(1);
    expect(shared.state.is).toBe('owner');
  });
});

describe('a tab of another version', () => {
  it('that owns the engine cannot be followed, and that is said', async () => {
    const { join, world } = setUp();
    const holder = world.page();
    void holder.platform.locks.request(
      names.ownerLock,
      new AbortController().signal,
      () => new Promise(() => {}),
    );
    const { told } = join();
    await world.quiet();
    world.shout(names.lobby, { chartroom: 99, kind: 'owner', epoch: 'e' });
    await world.quiet();
    expect(told).toEqual(['failed CONNECTION_LOST']);
    holder.crash();
    await world.quiet();
    expect(told).toEqual(['failed CONNECTION_LOST', 'owns']);
  });

  it('that looks for the owner is told which version that is', async () => {
    const { owner, world } = setUp();
    await owner();
    const heard: unknown[] = [];
    world.page().platform.channel(names.lobby).onMessage = (message) => heard.push(message);
    world.shout(names.lobby, { chartroom: 99, kind: 'hello', tab: 't' });
    await world.quiet();
    expect(heard).toContainEqual({ chartroom: 1, kind: 'owner', epoch: expect.any(String) });
  });
});

it.each([
  null,
  'owner',
  { chartroom: 1, kind: 'owner' },
  { chartroom: 1, kind: 'owner', epoch: 'nobody has it' },
  { chartroom: 1, kind: 'hello', tab: '../x' },
])('survives %j in the lobby and on its line, and goes on', async (message) => {
  const world = new World();
  const tabs = [world.tab(() => createSessionManager()), world.tab(() => createSessionManager())];
  await tabs[1]?.shared.createSession({ id: 'a' });
  const thrown = await strays(async () => {
    for (const name of world.names) world.shout(name, message);
    await world.quiet();
  });
  expect(thrown).toEqual([]);
  for (const { shared } of tabs) expect(await shared.listSessions()).toHaveLength(1);
});

describe('a browser that has locks and gives none', () => {
  const refusing = (page: ReturnType<World['page']>) => ({
    ...page.platform,
    locks: { request: () => Promise.reject(new DOMException('not here', 'SecurityError')) },
  });

  it('is told to whoever lives in the tab', async () => {
    const { join, world } = setUp();
    const page = world.page();
    const { told } = join({ ...page, platform: refusing(page) });
    await turns();
    expect(told).toEqual(['refused SecurityError: not here']);
  });

  it('leaves the tab alone with its engine', async () => {
    const { shareOver } = await import('../../src/tabs/share-sessions.ts');
    const world = new World();
    const page = world.page();
    await using shared = shareOver(
      () => refusing(page),
      'rooms',
      () => createSessionManager(),
      { logger: {} },
    );
    expect(await codeOf(shared.createSession({ id: 'a' }))).toBe('resolved instead');
    expect(shared.state).toMatchObject({
      is: 'alone',
      reason: { message: expect.stringContaining('not here') },
    });
  });
});
