import { describe, expect, it } from 'vitest';
import { engineOf } from '../../src/engine-of.ts';
import { createSessionManager, memoryStore } from '../../src/index.ts';
import { readPast } from '../../src/inspect/past.ts';
import { testClock } from '../support/clock.ts';
import { deferredStore } from '../support/deferred-store.ts';
import { codeOf } from '../support/errors.ts';
import { turns } from '../support/turns.ts';

async function managed(store = memoryStore()) {
  const clock = testClock(1_000);
  const sessionDefaults = { idleAfterMs: 1_000, sleepAfterMs: 2_000 };
  const manager = createSessionManager({ store, clock, sessionDefaults });
  await manager.ready;
  const engine = engineOf(manager);
  return { manager, clock, engine, past: (id: string) => readPast(engine, id, manager.ready) };
}

describe.each([
  ['a store that answers at once', (retainEvents: number) => memoryStore({ retainEvents })],
  ['a store that takes its time', (retainEvents: number) => deferredStore(memoryStore({ retainEvents }))],
])('the past of a session, in %s', (_, storeOf) => {
  it('is all its facts, as long as they are all retained', async () => {
    const { manager, past } = await managed(storeOf(1_000));
    await manager.createSession({ id: 'other' });
    await manager.createSession({ id: 'a' });
    await manager.sendMessage('a', 'user', 'hello');
    const found = await past('a');
    expect(found?.facts.map(({ type }) => type)).toEqual([
      'session_created',
      'session_status',
      'conversation_added',
    ]);
    expect(found).toMatchObject({ seq: found?.facts[0]?.seq, sessionSeq: 3 });
    expect(found?.base).toBeUndefined();
    await manager.close();
  });

  it('is what they came to, when some are not retained any more', async () => {
    const { manager, past } = await managed(storeOf(2));
    await manager.createSession({ id: 'a' });
    for (const text of ['one', 'two']) await manager.sendMessage('a', 'user', text);
    const found = await past('a');
    expect(found).toMatchObject({
      facts: [],
      sessionSeq: 4,
      base: { sessionSeq: 4, data: { messageNumber: 2 } },
    });
    await manager.close();
  });

  it('is the same while it sleeps, and nobody wakes it', async () => {
    const { manager, clock, engine, past } = await managed(storeOf(1_000));
    await manager.createSession({ id: 'a' });
    await clock.advance(1_000);
    await clock.advance(5_000);
    await turns();
    expect(engine.dormant.size).toBe(1);
    expect((await past('a'))?.facts).toHaveLength(3);
    expect([engine.dormant.size, engine.registry.size]).toEqual([1, 0]);
    await manager.close();
  });

  it('is that of the last of its id, when all have ended', async () => {
    const { manager, past } = await managed(storeOf(1_000));
    await manager.createSession({ id: 'a' });
    await manager.killSession('a');
    const { seq } = await manager.createSession({ id: 'a' }).then((session) => session.info());
    await manager.killSession('a');
    const found = await past('a');
    expect(found?.seq).toBe(seq);
    expect(found?.facts.at(-1)?.type).toBe('session_terminated');
    await manager.close();
  });

  it('is none of one that was never there', async () => {
    const { manager, past } = await managed(storeOf(1_000));
    expect(await past('nobody')).toBeUndefined();
    expect(await codeOf(past('no/body'))).toBe('INVALID_SESSION_ID');
    await manager.close();
    expect(await codeOf(past('a'))).toBe('MANAGER_CLOSED');
  });
});

describe('a past that goes on while it is read', () => {
  it('ends where the session was when it was asked for', async () => {
    const { manager, past } = await managed(deferredStore());
    await manager.createSession({ id: 'a' });
    const reading = past('a');
    const sending = manager.sendMessage('a', 'user', 'hello');
    expect((await reading)?.sessionSeq).toBe(2);
    expect((await reading)?.facts).toHaveLength(2);
    await sending;
    await manager.close();
  });
});
