import { createSessionManager } from 'chartroom';
import { describe, expect, it } from 'vitest';
import { namesOf } from '../../src/tabs/lobby.ts';
import { Reign } from '../../src/tabs/reign.ts';
import { PROTOCOL_VERSION } from '../../src/wire/protocol.ts';
import { World } from '../support/tabs.ts';
import { turns } from '../support/turns.ts';

const names = namesOf('rooms');

function setUp() {
  const world = new World();
  const { platform } = world.page();
  const manager = createSessionManager<never>();
  const told: string[] = [];
  const reign = new Reign(manager, 'e1', () => told.push('closed by hand'));
  /** A tab that holds its lock and listens on its line. */
  const tab = async (id: string) => {
    const page = world.page();
    const heard: { epoch: string; message?: { type: string } }[] = [];
    const channel = page.platform.channel(names.line(id));
    channel.onMessage = (message) => heard.push(message as never);
    const leave = Promise.withResolvers<void>();
    void page.platform.locks.request(names.tabLock(id), new AbortController().signal, () => leave.promise);
    await world.quiet();
    const say = (message: unknown) =>
      channel.post({ chartroom: PROTOCOL_VERSION, kind: 'line', epoch: 'e1', message });
    return {
      ...page,
      heard,
      say,
      leave: leave.resolve,
      types: () => heard.map(({ message }) => message?.type),
    };
  };
  return { world, platform, manager, reign, told, tab };
}

describe('a reign', () => {
  it('greets a tab that it admits, and serves it', async () => {
    const { reign, tab, platform, world } = setUp();
    const one = await tab('one');
    reign.admit('one', platform, names);
    reign.admit('one', platform, names);
    await world.quiet();
    expect(one.heard).toEqual([{ chartroom: PROTOCOL_VERSION, kind: 'line', epoch: 'e1' }]);
    one.say({ type: 'call', call: 1, op: 'listSessions', args: [] });
    await world.quiet();
    expect(one.heard[1]?.message).toEqual({ type: 'value', call: 1, value: [] });
  });

  it.each(['leave', 'crash'] as const)(
    'lets go of all it had for a tab when that is gone: %s',
    async (way) => {
      const { reign, tab, platform, world, manager } = setUp();
      const [one, two] = [await tab('one'), await tab('two')];
      for (const id of ['one', 'two']) reign.admit(id, platform, names);
      await world.quiet();
      for (const each of [one, two]) each.say({ type: 'listen' });
      await world.quiet();
      const before = manager.stats().listeners;
      one[way]();
      await world.quiet();
      expect([reign.subjects, before, manager.stats().listeners]).toEqual([1, 2, 1]);
    },
  );

  it('that ends begins no call more, settles those in flight, and lets everybody go', async () => {
    const { reign, tab, platform, world, manager } = setUp();
    const one = await tab('one');
    reign.admit('one', platform, names);
    await world.quiet();
    const own: unknown[] = [];
    reign.own.onMessage = (answer) => own.push(answer);
    reign.own.post({ type: 'call', call: 1, op: 'createSession', args: [] });
    const ending = reign.end();
    reign.own.post({ type: 'call', call: 2, op: 'listSessions', args: [] });
    one.say({ type: 'call', call: 3, op: 'listSessions', args: [] });
    await ending;
    await world.quiet();
    expect(own).toMatchObject([
      { type: 'refused', call: 2 },
      { type: expect.stringMatching(/value|error/), call: 1 },
      { type: 'over', begun: [] },
    ]);
    expect(one.types().slice(1)).toEqual(['refused', 'over']);
    expect([reign.subjects, manager.stats().listeners]).toEqual([0, 0]);
    await expect(manager.listSessions()).rejects.toMatchObject({ code: 'MANAGER_CLOSED' });
    // Its watch over the tab is taken back: the tab still has its lock, and nobody waits for it.
    expect(world.locks).toBe(1);
  });

  it('that ends admits nobody any more: the next one will', async () => {
    const { reign, tab, platform, world } = setUp();
    const one = await tab('one');
    const ending = reign.end();
    reign.admit('one', platform, names);
    expect(reign.subjects).toBe(0);
    await ending;
    await world.quiet();
    expect(one.heard).toEqual([]);
  });

  it('that ends with terminate leaves no session', async () => {
    const { reign, manager } = setUp();
    const ends: string[] = [];
    manager.subscribeToAllSessions(({ reason }) => ends.push(reason), { types: ['session_terminated'] });
    await manager.createSession();
    await reign.end({ terminate: true });
    expect(ends).toEqual(['closed']);
  });

  it('hears when its manager was closed by somebody else', async () => {
    const { reign, manager, told } = setUp();
    await manager.close();
    reign.own.post({ type: 'call', call: 1, op: 'listSessions', args: [] });
    await turns();
    expect(told).toEqual(['closed by hand']);
  });
});
