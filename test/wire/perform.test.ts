import { createSessionManager } from 'chartroom';
import { describe, expect, it } from 'vitest';
import { type OpName, ops } from '../../src/wire/ops.ts';
import { perform } from '../../src/wire/perform.ts';
import { finishingAgent } from '../support/agents.ts';
import { codeOf } from '../support/errors.ts';

function setUp(options: Parameters<typeof createSessionManager>[0] = {}) {
  const manager = createSessionManager(options);
  const ask = (name: OpName, ...args: unknown[]) => perform(manager as never, name, ops[name], args);
  return { manager, ask };
}

describe('a call', () => {
  it('goes to the object that it is a method of', async () => {
    const { ask } = setUp();
    expect(await ask('createSession', { id: 'a' })).toEqual({ id: 'a', seq: 1 });
    expect(await ask('getOrCreateSession', 'a')).toEqual({ created: false });
    expect(await ask('sendMessage', 'a', 'user', 'hello')).toMatchObject({ id: 'a:1' });
    expect(await ask('snapshot', 'a')).toMatchObject({ messages: [{ content: 'hello' }] });
    expect(await ask('put', 'a', 'k', 1)).toBeUndefined();
    expect(await ask('keys', 'a')).toEqual(['k']);
    expect(await ask('stats', 'a')).toMatchObject({ files: 0 });
    await ask('saveSession', 'a');
    await ask('killSession', 'a');
    expect(await ask('restoreSession', 'a')).toEqual({ id: 'a' });
  });

  it('rejects as its method does', async () => {
    const { ask } = setUp();
    expect(await codeOf(ask('put', '../x', 'k', 1))).toBe('INVALID_SESSION_ID');
    expect(await codeOf(ask('put', 'a', 'k', 1))).toBe('SESSION_NOT_FOUND');
  });
});

describe('past events', () => {
  it('come as a page after a cursor, of one session or of all', async () => {
    const { ask, manager } = setUp();
    for (const id of ['a', 'b']) await manager.createSession({ id });
    expect(await ask('past', { from: 1, limit: 2 })).toMatchObject({
      cutSeq: 0,
      events: [
        { type: 'session_status', seq: 2, sessionId: 'a', status: 'active' },
        { type: 'session_created', seq: 3, sessionId: 'b' },
      ],
    });
    expect(await ask('past', { from: 0, limit: 9, sessionId: 'b' })).toMatchObject({
      events: [{ seq: 3 }, { seq: 4 }],
    });
  });

  it('count what has no event, and show nothing of it', async () => {
    const { deferredStore } = await import('../support/deferred-store.ts');
    const { ask, manager } = setUp({ agent: finishingAgent, store: deferredStore() });
    const session = await manager.createSession({ id: 'a' });
    await session.dispatch({ type: 'finish' } as never);
    const { events } = (await ask('past', { from: 0, limit: 100 })) as { events: unknown[] };
    expect(events.filter((event) => typeof event === 'number').length).toBeGreaterThan(0);
    expect(JSON.stringify(events)).not.toContain('agent_saved');
  });
});

it('all sessions end, of whatever status', async () => {
  const { ask, manager } = setUp();
  const ends: unknown[] = [];
  manager.subscribeToAllSessions(({ reason }) => ends.push(reason), { types: ['session_terminated'] });
  for (const id of ['a', 'b']) await manager.createSession({ id });
  await ask('endAll');
  expect(ends).toEqual(['closed', 'closed']);
});

it('one incarnation can be ended alone: a later one of its id goes on', async () => {
  const { ask, manager } = setUp();
  const { seq } = (await ask('createSession', { id: 'a' })) as { seq: number };
  await ask('end', 'a', seq + 1);
  expect(await manager.listSessions()).toHaveLength(1);
  await ask('end', 'a', seq);
  expect(await manager.listSessions()).toEqual([]);
  expect(await codeOf(ask('end', 'a', seq))).toBe('SESSION_NOT_FOUND');
  await manager.createSession({ id: 'a' });
  await ask('end', 'a', seq);
  expect(await manager.listSessions()).toHaveLength(1);
});
