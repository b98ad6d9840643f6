import { createSessionManager } from 'chartroom';
import { describe, expect, it } from 'vitest';
import { codeThrown } from '../support/errors.ts';
import { wired } from '../support/wire.ts';

const rooms = () => createSessionManager();

// What its calls do is in the contract that runs against it.
describe('a handle over a wire', () => {
  it('throws at once for options of a stream that are none', () => {
    const { client } = wired(rooms());
    expect(codeThrown(() => client.session('a').events(null as never))).toBe('INVALID_ARGUMENT');
  });

  it('that is owned ends the session that was created, not a later one of its id', async () => {
    const { client } = wired(rooms());
    const first = await client.createSession({ id: 'a' });
    await first.terminate();
    const second = await client.createSession({ id: 'a' });
    await first[Symbol.asyncDispose]();
    expect(await client.listSessions()).toHaveLength(1);
    await second[Symbol.asyncDispose]();
    expect(await client.listSessions()).toEqual([]);
    await expect(second[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  it('that is owned may be disposed of when its client is closed', async () => {
    const { client } = wired(rooms());
    const session = await client.createSession();
    await client.close();
    await expect(session[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  it('that is owned ends its session through the next engine too', async () => {
    const { memoryStore } = await import('chartroom');
    const store = memoryStore();
    const before = createSessionManager({ store });
    const { client, cut, attach } = wired(before);
    const session = await client.createSession({ id: 'a' });
    cut();
    await before.close();
    attach(createSessionManager({ store }));
    await session[Symbol.asyncDispose]();
    expect(await client.listSessions()).toEqual([]);
  });
});
