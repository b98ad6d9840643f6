import { describe, expect, it } from 'vitest';
import { Lobby, type LobbyMessage, namesOf, versionError } from '../../src/tabs/lobby.ts';
import { PROTOCOL_VERSION } from '../../src/wire/protocol.ts';
import { World } from '../support/tabs.ts';

function setUp() {
  const world = new World();
  const names = namesOf('rooms');
  const heard: LobbyMessage[] = [];
  const strangers: unknown[] = [];
  const lobby = () =>
    new Lobby(
      world.page().platform,
      names,
      (message) => heard.push(message),
      (...stranger) => strangers.push(stranger),
    );
  return { world, names, heard, strangers, lobby };
}

describe('the lobby', () => {
  it('lets each tab hear the others, and not itself', async () => {
    const { lobby, heard, world } = setUp();
    const [one] = [lobby(), lobby(), lobby()];
    one.say({ kind: 'hello', tab: 't' });
    await world.quiet();
    expect(heard).toEqual(Array(2).fill({ kind: 'hello', tab: 't' }));
  });

  it('is over when it is closed', async () => {
    const { lobby, heard, world } = setUp();
    const [one, two] = [lobby(), lobby()];
    two.close();
    one.say({ kind: 'vacant', epoch: 'e' });
    await world.quiet();
    expect(heard).toEqual([]);
    expect(world.channels).toBe(1);
  });

  it.each([
    null,
    'hello',
    42,
    [],
    {},
    { kind: 'hello', tab: 't' },
    { chartroom: 'one', kind: 'hello', tab: 't' },
    { chartroom: PROTOCOL_VERSION },
    { chartroom: PROTOCOL_VERSION, kind: 'hello' },
    { chartroom: PROTOCOL_VERSION, kind: 'owner', epoch: 4 },
    { chartroom: PROTOCOL_VERSION, kind: 'what', epoch: 'e', tab: 't' },
  ])('does not hear %j', async (message) => {
    const { lobby, heard, strangers, world, names } = setUp();
    lobby();
    world.shout(names.lobby, message);
    await world.quiet();
    expect([heard, strangers]).toEqual([[], []]);
  });

  it('notices whoever speaks another version', async () => {
    const { lobby, heard, strangers, world, names } = setUp();
    lobby();
    world.shout(names.lobby, { chartroom: 99, kind: 'owner', epoch: 'e', more: 'than now' });
    await world.quiet();
    expect([heard, strangers]).toEqual([[], [['owner', 99]]]);
    expect(versionError(99)).toMatchObject({ code: 'CONNECTION_LOST', details: { version: 99 } });
  });
});

it('what tabs share is named after their name, each thing otherwise', () => {
  const of = (name: string) => {
    const { lobby, ownerLock, tabLock, line } = namesOf(name);
    return [lobby, ownerLock, tabLock('t'), line('t')];
  };
  expect(new Set([...of('a'), ...of('b')]).size).toBe(8);
});
