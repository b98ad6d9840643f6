import { createSessionManager, memoryStore, type SessionManager } from 'chartroom';
import { describe, expect, it } from 'vitest';
import type { Port } from '../../src/wire/port.ts';
import type { Answer } from '../../src/wire/protocol.ts';
import { serveClient } from '../../src/wire/server.ts';
import { strays } from '../support/errors.ts';
import { gate } from '../support/gate.ts';
import { turns } from '../support/turns.ts';
import { wrappedStore } from '../support/wrapped-store.ts';

class DataCloneError extends Error {}

/** A manager that is served, and what it says. */
function setUp(options: Parameters<typeof createSessionManager>[0] = {}) {
  const manager = createSessionManager(options);
  const said: Answer[] = [];
  const port: Port = { onMessage: undefined, post: (answer) => said.push(structuredClone(answer) as Answer) };
  const closed: string[] = [];
  const served = serveClient(manager, port, { closed: () => closed.push('closed') });
  const ask = async (...messages: unknown[]) => {
    const before = said.length;
    for (const message of messages) port.onMessage?.(message);
    await turns();
    return said.slice(before);
  };
  let last = 0;
  const call = (op: string, ...args: unknown[]) => ({ type: 'call', call: ++last, op, args });
  return { manager, port, said, served, closed, ask, call };
}

/** What a listener is told first. */
function listening(manager: SessionManager<never>): Promise<{ journal: string }> {
  return new Promise((resolve) => {
    const port: Port = { onMessage: undefined, post: (answer) => resolve(answer as never) };
    serveClient(manager, port);
    port.onMessage?.({ type: 'listen' });
  });
}

describe('a call that is served', () => {
  it('is answered with its value, or with its error', async () => {
    const { ask, call } = setUp();
    const answers = await ask(call('createSession', { id: 'a' }), call('getSessionInfo', 'b'));
    expect(answers).toEqual([
      { type: 'value', call: 1, value: { id: 'a', seq: 1 } },
      {
        type: 'error',
        call: 2,
        error: expect.objectContaining({ code: 'SESSION_NOT_FOUND', sessionId: 'b' }),
      },
    ]);
  });

  it('is answered after the events that it has caused, which come in one message', async () => {
    const { ask, call } = setUp();
    await ask({ type: 'listen' });
    const answers = await ask(call('createSession', { id: 'a' }));
    expect(answers.map(({ type }) => type)).toEqual(['events', 'value']);
    expect(answers[0]).toMatchObject({ events: [{ type: 'session_created' }, { type: 'session_status' }] });
  });

  it('is aborted by its number', async () => {
    const begun = Promise.withResolvers<void>();
    const initialize = () => {
      begun.resolve();
      return new Promise<never>(() => {});
    };
    const { ask, call } = setUp({ hooks: { initialize } });
    const create = { ...call('createSession', { signal: null }), odd: [[[0, 'signal'], 'signal']] };
    expect(await ask(create)).toEqual([]);
    // The engine loads its hooks when they are needed, which is counted in no turns.
    await begun.promise;
    await ask();
    expect(await ask({ type: 'abort', call: 1 })).toMatchObject([{ call: 1, error: { code: 'ABORTED' } }]);
    expect(await ask({ type: 'abort', call: 1 }, { type: 'abort', call: 99 })).toEqual([]);
  });

  it('whose answer cannot be sent is answered with the reason', async () => {
    const manager = createSessionManager();
    const said: Answer[] = [];
    const port: Port = {
      onMessage: undefined,
      post(answer) {
        if ((answer as Answer).type === 'value') throw new DataCloneError('not this');
        said.push(answer as Answer);
      },
    };
    serveClient(manager, port);
    port.onMessage?.({ type: 'call', call: 1, op: 'listSessions', args: [] });
    await turns();
    expect(said).toMatchObject([{ type: 'error', call: 1, error: { message: 'not this' } }]);
  });
});

describe('the events of a wire', () => {
  it('begin with where the journal is, and which one', async () => {
    const { ask, manager } = setUp();
    await manager.createSession();
    expect(await ask({ type: 'listen' })).toEqual([
      { type: 'listening', from: 2, journal: expect.any(String), cutSeq: 0 },
    ]);
    expect(await ask({ type: 'listen' })).toEqual([]);
  });

  it('go on after a cursor of the same journal, without a gap or a repeat', async () => {
    const { ask, manager, said } = setUp();
    await manager.ready;
    await ask({ type: 'listen' });
    const [{ journal } = { journal: '' }] = said as unknown as { journal: string }[];
    const session = await manager.createSession({ id: 'a' });
    const again: Answer[] = [];
    const port: Port = { onMessage: undefined, post: (answer) => again.push(answer as Answer) };
    serveClient(manager, port);
    port.onMessage?.({ type: 'listen', journal, from: 1 });
    await session.send('user', 'x');
    await turns();
    expect(again[0]).toMatchObject({ type: 'listening', from: 1 });
    const events = again.slice(1).flatMap((answer) => (answer.type === 'events' ? answer.events : []));
    expect(events.map(({ seq }) => seq)).toEqual([2, 3]);
  });

  it('that have been are told before anything is answered, however slow the store', async () => {
    const opened = gate();
    const store = wrappedStore((lease) => ({
      async *facts(query) {
        await opened.promise;
        yield* lease.facts(query);
      },
    }));
    const { ask, call, manager, said } = setUp({ store });
    await manager.createSession({ id: 'a' });
    const { journal } = await listening(manager);
    await ask({ type: 'listen', journal, from: 0 }, call('sendMessage', 'a', 'user', 'x'));
    expect(said.map(({ type }) => type)).toEqual(['listening']);
    opened.open();
    await turns();
    const answers = said.slice(1);
    expect(answers.pop()).toMatchObject({ type: 'value', value: { id: 'a:1' } });
    const events = answers.flatMap((answer) => (answer.type === 'events' ? answer.events : []));
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('need not have been told for what was answered to be on its way at the end', async () => {
    const store = wrappedStore(() => ({
      facts: async function* () {
        await new Promise(() => {});
      },
    }));
    const { ask, call, manager, said, served } = setUp({ store });
    await manager.createSession({ id: 'a' });
    const { journal } = await listening(manager);
    await ask({ type: 'listen', journal, from: 0 }, call('sendMessage', 'a', 'user', 'x'));
    expect(said.map(({ type }) => type)).toEqual(['listening']);
    served.end();
    expect(said[1]).toMatchObject({ type: 'value', value: { id: 'a:1' } });
  });

  it('begin where the store was opened, for who has heard nothing and is to hear of the recovery', async () => {
    const store = memoryStore();
    const before = createSessionManager({ store });
    await before.createSession();
    await before.close();
    const manager = createSessionManager({ store });
    await manager.createSession();
    const said: Answer[] = [];
    const port: Port = { onMessage: undefined, post: (answer) => said.push(answer as Answer) };
    serveClient(manager, port, { sinceOpened: true });
    port.onMessage?.({ type: 'listen' });
    await turns();
    expect(said).toMatchObject([
      { type: 'listening', from: 2 },
      { events: [{ seq: 3 }] },
      { events: [{ seq: 4 }] },
    ]);
  });

  it.each([
    ['of another journal', { journal: 'another', from: 1 }],
    ['that is yet to come', { from: 99 }],
    ['that is none', { from: Number.NaN }],
  ])('begin anew for a cursor %s', async (_title, wish) => {
    const { ask, manager } = setUp();
    await manager.createSession();
    expect(await ask({ type: 'listen', ...wish })).toMatchObject([{ from: 2 }]);
  });
});

describe('a server', () => {
  it('that has stopped begins no call, and answers those in flight', async () => {
    const { ask, call, served } = setUp();
    const [create, list] = [call('createSession'), call('listSessions')];
    const answering = ask(create);
    served.stop();
    expect(await ask(list)).toContainEqual({ type: 'refused', call: 2 });
    expect(await answering).toContainEqual(expect.objectContaining({ type: 'value', call: 1 }));
  });

  it('that ends after that says last what it has begun and not answered', async () => {
    const { ask, call, served, said } = setUp({ hooks: { initialize: () => new Promise(() => {}) } });
    await ask(call('createSession'), call('listSessions'));
    served.stop();
    served.end();
    expect(said.at(-1)).toEqual({ type: 'over', begun: [1] });
  });

  it('that has ended says nothing more, and listens to nobody', async () => {
    const { ask, call, served, manager, port } = setUp();
    await ask({ type: 'listen' });
    expect(manager.stats().listeners).toBe(1);
    const answering = ask(call('createSession'));
    served.end();
    expect((await answering).filter(({ type }) => type === 'value')).toEqual([]);
    expect(port.onMessage).toBeUndefined();
    expect(manager.stats()).toMatchObject({ listeners: 0, sessions: { active: 1 } });
  });

  it('tells when its manager turns out to be closed', async () => {
    const { ask, call, manager, closed } = setUp();
    await manager.close();
    expect(await ask(call('listSessions'))).toMatchObject([{ error: { code: 'MANAGER_CLOSED' } }]);
    expect(closed).toEqual(['closed']);
  });

  it('tells so too when somebody only wants to listen', async () => {
    const { ask, manager, closed } = setUp();
    await manager.close();
    expect(await ask({ type: 'listen' })).toEqual([]);
    expect(closed).toEqual(['closed']);
  });

  it.each([
    null,
    undefined,
    'text',
    {},
    { type: 'call' },
    { type: 'call', call: 1, op: 'toString', args: [] },
    { type: 'call', call: 1, op: 'createSession', args: 'none' },
    { type: 'call', call: 1, op: 'createSession', args: [], odd: 'odd' },
    { type: 'call', call: 1, op: 'createSession', args: [], odd: [null] },
    { type: 'call', call: 1, op: 'past', args: [null] },
    { type: 'call', call: 1, op: 'past', args: [{ from: -1, limit: 1e9 }] },
    { type: 'call', call: 1, op: 'end', args: ['../x', 1] },
    { type: 'call', call: 1, op: 'put', args: [] },
    { type: 'listen', from: 'x', journal: {} },
    { type: 'abort' },
    { type: 'no such' },
  ])('survives %j, and goes on', async (message) => {
    const { ask, call, manager } = setUp({ store: memoryStore() });
    await manager.ready;
    const thrown = await strays(async () => {
      expect((await ask(message)).filter(({ type }) => type === 'value')).toEqual([]);
    });
    expect(thrown).toEqual([]);
    expect(await ask(call('listSessions'))).toMatchObject([{ type: 'value', value: [] }]);
  });
});
