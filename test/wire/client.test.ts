import { createSessionManager, memoryStore, SessionError } from 'chartroom';
import { describe, expect, it } from 'vitest';
import { codeOf, codeThrown } from '../support/errors.ts';
import { collect, drain, seqs } from '../support/events.ts';
import { stateOf, turns } from '../support/turns.ts';
import { wired } from '../support/wire.ts';

/** An engine that dies, and the next one on the same store. */
function setUp() {
  const store = memoryStore();
  let manager = createSessionManager({ store });
  const wire = wired(manager);
  let { cut } = wire;
  return {
    ...wire,
    /** From one moment to the next nothing is heard of it. What it has committed is kept. */
    async die() {
      cut();
      wire.client.detach();
      await manager.close();
    },
    async follow() {
      manager = createSessionManager({ store });
      await manager.ready;
      ({ cut } = wire.attach(manager));
      return manager;
    },
  };
}

describe('a client whose engine is replaced', () => {
  it('keeps its handles, listeners and streams: nothing is missed, nothing comes twice', async () => {
    const { client, die, follow, network } = setUp();
    const seen = collect(client);
    const stream = client.events();
    const session = await client.createSession({ id: 'a' });
    await session.send('user', '1');
    await die();
    const manager = await follow();
    await manager.sendMessage('a', 'user', '2');
    await session.send('user', '3');
    await network.quiet();
    expect(seen.of('conversation_added').map(({ message }) => message.content)).toEqual(['1', '2', '3']);
    const whole = collect(manager, { from: 0 });
    await turns();
    expect(seqs(seen.events)).toEqual(seqs(whole.events));
    expect(await drain(stream, seen.events.length)).toEqual(seen.events);
  });

  it('hears what was committed when the last one died, though that could not tell any more', async () => {
    const { client, die, follow, near, network } = setUp();
    const session = await client.createSession({ id: 'a' });
    const seen = collect(client);
    const told = near.onMessage;
    near.onMessage = undefined;
    const sent = session.send('user', 'kept', { idempotencyKey: 'k' });
    await network.quiet();
    expect([told !== undefined, seen.events]).toEqual([true, []]);
    await die();
    await follow();
    const message = await sent;
    await network.quiet();
    expect(seen.of('conversation_added').map(({ message: { id, seq } }) => [id, seq])).toEqual([
      [message.id, message.seq],
    ]);
    expect(await session.context.history()).toEqual([message]);
  });

  it('asks what it was asked meanwhile of the next one, in order', async () => {
    const { client, die, follow } = setUp();
    await client.createSession({ id: 'a' });
    await die();
    const sends = ['1', '2', '3'].map((text) => client.sendMessage('a', 'user', text));
    const history = client.session('a').context.history();
    expect(await stateOf(history)).toBe('pending');
    await follow();
    await Promise.all(sends);
    expect((await history).map(({ content }) => content)).toEqual(['1', '2', '3']);
  });

  it('goes on with a replay that was under way', async () => {
    const { client, die, follow, network } = setUp();
    const session = await client.createSession({ id: 'a' });
    for (let n = 0; n < 600; n++) await session.context.put('k', n);
    const seen = collect(client, { from: 0 });
    await turns(3);
    expect(seen.events.length).toBeLessThan(600);
    await die();
    await follow();
    await session.context.put('k', 'last');
    await network.quiet();
    expect(seqs(seen.events)).toEqual(Array.from({ length: 603 }, (_, n) => n + 1));
  });
});

describe('a client that is refused', () => {
  const locked = () => new SessionError('STORE_LOCKED', 'locked');

  it('rejects what waits and what comes, until there is a line again', async () => {
    const { client, die, follow } = setUp();
    await die();
    const waiting = codeOf(client.listSessions());
    client.refuse(locked);
    expect(await waiting).toBe('STORE_LOCKED');
    expect(await codeOf(client.listSessions())).toBe('STORE_LOCKED');
    expect(codeThrown(() => client.session('a'))).toBe('STORE_LOCKED');
    expect(codeThrown(() => client.subscribeToAllSessions(() => {}))).toBe('STORE_LOCKED');
    await follow();
    expect(await client.listSessions()).toEqual([]);
  });

  it('can be closed, and terminates nothing then', async () => {
    const { client } = setUp();
    client.refuse(locked);
    await client.close({ terminate: true });
    expect(await codeOf(client.listSessions())).toBe('MANAGER_CLOSED');
  });
});

describe('close', () => {
  it('ends this end only', async () => {
    const manager = createSessionManager();
    const { client } = wired(manager);
    await client.createSession({ id: 'a' });
    await client.close();
    expect(await manager.listSessions()).toHaveLength(1);
  });

  it('with terminate ends all sessions, those of everybody, for the reason closed', async () => {
    const manager = createSessionManager();
    const { client } = wired(manager);
    const seen = collect(client, { types: ['session_terminated'] });
    await manager.createSession({ id: 'made-elsewhere' });
    await client.createSession({ id: 'a' });
    await client.close({ terminate: true });
    expect(seen.of('session_terminated').map(({ reason }) => reason)).toEqual(['closed', 'closed']);
    expect(await manager.listSessions()).toEqual([]);
  });

  it('is final: no line opens the client again', async () => {
    const { client, attach } = wired(createSessionManager());
    await client.close();
    attach();
    client.detach();
    expect(await codeOf(client.listSessions())).toBe('MANAGER_CLOSED');
  });
});

it('survives whatever comes over the line, and the call that it is about is answered', async () => {
  const { client, near } = wired(createSessionManager());
  const listed = client.listSessions();
  for (const message of [
    ...[null, 1, {}, { type: 'error', call: 9 }, { type: 'what' }],
    ...[
      { type: 'error', call: 1 },
      { type: 'error', call: 1, error: { message: 'm', code: 'X', cause: 'x' } },
    ],
    ...[{ type: 'events' }, { type: 'events', events: [null] }, { type: 'listening' }],
  ])
    expect(() => near.onMessage?.(message)).not.toThrow();
  expect(await listed).toEqual([]);
});
