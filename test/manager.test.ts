import { describe, expect, it } from 'vitest';
import { type AnyActorRef, fromCallback, type InspectionEvent, log, setup } from 'xstate';
import { createSessionManager, memoryStore } from '../src/index.ts';
import type { SessionStore, StoreLease } from '../src/store/port.ts';
import { testClock } from './support/clock.ts';
import { deferredStore } from './support/deferred-store.ts';
import { codeOf, codeThrown, strays } from './support/errors.ts';
import { createdFact } from './support/facts.ts';
import { gate } from './support/gate.ts';
import { atRest } from './support/leaks.ts';
import { keptLog } from './support/log.ts';
import { stateOf, turns } from './support/turns.ts';
import { wrappedStore } from './support/wrapped-store.ts';

const isFree = async (store: SessionStore) => {
  const lease = await store.open({ owner: 'test' });
  await lease[Symbol.asyncDispose]();
  return lease.lastSeq;
};
const changesTo = (status: string, records: Parameters<StoreLease['append']>[0]) =>
  records.some(({ payload }) => 'status' in payload && payload.status === status);

describe('a store that does not open', () => {
  const broken: SessionStore = { open: () => Promise.reject(new Error('EACCES')) };

  it('is what ready and every call reject with, those that waited too, as STORE_FAILED', async () => {
    const manager = createSessionManager({ store: broken, logger: {} });
    const waiting = codeOf(manager.createSession());
    await expect(manager.ready).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: 'The store did not open: EACCES',
      cause: new Error('EACCES'),
    });
    expect([await waiting, await codeOf(manager.listSessions())]).toEqual(['STORE_FAILED', 'STORE_FAILED']);
    expect(codeThrown(() => manager.session('a'))).toBe('STORE_FAILED');
    expect(manager.actor.getSnapshot().value).toBe('failed');
  });

  it('by an error of ours is that very error', async () => {
    const store = memoryStore();
    await store.open({ owner: 'somebody' });
    expect(await codeOf(createSessionManager({ store }).ready)).toBe('STORE_LOCKED');
  });

  it('ends the streams and frees the listeners that were there before', async () => {
    const manager = createSessionManager({ store: broken });
    manager.subscribeToAllSessions(() => {});
    const next = manager.events().next();
    await codeOf(manager.ready);
    expect(await next).toEqual({ value: undefined, done: true });
    expect(manager.stats()).toEqual(atRest());
  });

  it('can be closed; from then on calls reject with that', async () => {
    const manager = createSessionManager({ store: broken });
    await codeOf(manager.ready);
    await manager.close({ terminate: true });
    expect(await codeOf(manager.createSession())).toBe('MANAGER_CLOSED');
    expect(manager.actor.getSnapshot().status).toBe('done');
  });
});

describe('a recovery that fails', () => {
  it('gives the store back when the manager is closed', async () => {
    const store = wrappedStore(() => ({
      counts: () => {
        throw new Error('EIO');
      },
    }));
    const manager = createSessionManager({ store });
    expect(await codeOf(manager.ready)).toBe('STORE_FAILED');
    await manager.close();
    expect(await isFree(store.under)).toBe(0);
  });
});

describe('closing before the manager is ready', () => {
  it('rejects ready and what waits; a store that opens later is given back at once', async () => {
    const { promise, open } = gate();
    const under = memoryStore();
    const store: SessionStore = { open: (options) => promise.then(() => under.open(options)) };
    const manager = createSessionManager({ store });
    const waiting = codeOf(manager.createSession());
    await manager.close();
    expect([await codeOf(manager.ready), await waiting]).toEqual(['MANAGER_CLOSED', 'MANAGER_CLOSED']);
    open();
    await turns();
    expect(await isFree(under)).toBe(0);
    expect(manager.stats()).toEqual(atRest());
  });

  it('while sessions are read waits for that, and revives none', async () => {
    const loading = gate();
    const store = wrappedStore((lease) => ({
      load: async (id) => {
        await loading.promise;
        return lease.load(id);
      },
    }));
    const lease = await store.under.open({ owner: 'before' });
    await lease.append([createdFact({ seq: 1 })]);
    await lease[Symbol.asyncDispose]();
    const manager = createSessionManager({ store });
    await turns();
    const closing = manager.close();
    expect(await stateOf(closing)).toBe('pending');
    loading.open();
    await closing;
    expect(manager.stats()).toEqual(atRest());
    expect(await isFree(store.under)).toBe(1);
  });
});

describe('closing', () => {
  it('refuses wrong options, and then closes nothing', async () => {
    const manager = createSessionManager();
    await expect(manager.close({ terminate: 'yes' as never })).rejects.toThrow(
      'options.terminate must be true or false; received the string "yes".',
    );
    expect(await codeOf(manager.close({ force: true } as never))).toBe('INVALID_ARGUMENT');
    expect((await manager.createSession({ id: 'a' })).id).toBe('a');
    await manager[Symbol.asyncDispose]();
    expect(manager.actor.getSnapshot().value).toBe('closed');
  });

  it('is done once, whatever a second call asks for', async () => {
    let released = 0;
    const store = wrappedStore((lease) => ({
      async [Symbol.asyncDispose]() {
        released += 1;
        await lease[Symbol.asyncDispose]();
      },
    }));
    const manager = createSessionManager({ store });
    await manager.createSession();
    await Promise.all([manager.close(), manager.close({ terminate: true }), manager.close()]);
    await manager.close();
    expect([released, await isFree(store.under)]).toEqual([1, 2]);
  });

  it('waits for the batch in flight, and leaves no unhandled rejection of what waited for it', async () => {
    const writing = gate();
    const store = wrappedStore((lease) => ({
      append: async (records) => {
        if (changesTo('terminating', records)) await writing.promise;
        return lease.append(records);
      },
    }));
    const stray = await strays(async () => {
      const manager = createSessionManager({ store });
      await manager.createSession({ id: 'a' });
      const call = codeOf(manager.terminateSession('a'));
      await turns();
      const closing = manager.close();
      expect(await stateOf(closing)).toBe('pending');
      writing.open();
      await closing;
      expect(await call).toBe('MANAGER_CLOSED');
      expect(manager.stats()).toEqual(atRest());
    });
    expect(stray).toEqual([]);
  });

  it('rejects a list that waits for the store, which must not come out shorter', async () => {
    const [reading, writing] = [gate(), gate()];
    const under = memoryStore();
    const first = createSessionManager({ store: under });
    for (const id of ['a', 'b']) await first.createSession({ id });
    await first.close();
    let slow = false;
    const store = wrappedStore(
      (lease) => ({
        load: async (id) => {
          if (slow) await reading.promise;
          return lease.load(id);
        },
        append: async (records) => {
          await writing.promise;
          return lease.append(records);
        },
      }),
      under,
    );
    const manager = createSessionManager({ store });
    await manager.getSessionInfo('a');
    slow = true;
    const list = codeOf(manager.listSessions());
    const sent = codeOf(manager.sendMessage('a', 'user', 'x'));
    await turns();
    const closing = manager.close();
    await turns(1);
    reading.open();
    expect(await list).toBe('MANAGER_CLOSED');
    writing.open();
    await Promise.all([closing, sent]);
  });

  it('with terminate closes also when the store does not say who is there, and gives it back', async () => {
    let broken = false;
    const store = wrappedStore((lease) => ({
      heads: (query) => {
        if (broken) throw new Error('EIO');
        return lease.heads(query);
      },
    }));
    const first = createSessionManager({ store });
    await first.createSession({ id: 'a' });
    await first.close();
    const logged: unknown[] = [];
    const second = createSessionManager({ store, logger: (...line) => logged.push(...line) });
    await second.ready;
    broken = true;
    await second.close({ terminate: true });
    expect(logged.join()).toContain('not every session could be terminated');
    expect(await isFree(store.under)).toBe(2);
  });

  it('with terminate ends a session also whose creation is on its way', async () => {
    const store = deferredStore();
    const manager = createSessionManager({ store });
    await manager.ready;
    const created = codeOf(manager.createSession({ id: 'a' }));
    await turns(1);
    await manager.close({ terminate: true });
    expect(await created).toMatch(/SESSION_TERMINATED|MANAGER_CLOSED|resolved instead/);
    const next = createSessionManager({ store });
    expect((await next.ready).recovered).toBe(0);
    await next.close();
  });

  it('after a terminate that the store refused leaves nothing waiting', async () => {
    const store = wrappedStore((lease) => ({
      append: (records) => {
        if (changesTo('terminating', records)) throw new Error('ENOSPC');
        return lease.append(records);
      },
    }));
    const stray = await strays(async () => {
      const manager = createSessionManager({ store });
      await manager.createSession({ id: 'a' });
      expect(await codeOf(manager.terminateSession('a'))).toBe('STORE_FAILED');
      expect(manager.stats()).toMatchObject({ pending: 0, sessions: { active: 1 } });
      await manager.close();
    });
    expect(stray).toEqual([]);
  });

  it('reports a store that cannot be given back, and is closed all the same', async () => {
    const error = new Error('EIO');
    const { logger, lines } = keptLog();
    const store = wrappedStore(() => ({ [Symbol.asyncDispose]: () => Promise.reject(error) }));
    const manager = createSessionManager({ store, logger });
    await manager.createSession();
    await manager.close();
    expect(lines).toEqual([['error', 'chartroom: the store was not released.', error]]);
    expect(manager.actor.getSnapshot().value).toBe('closed');
  });
});

describe('the actor system', () => {
  it.each(['a function', 'an observer'])('is inspected by %s, all of it', async (kind) => {
    const ids = new Set<string>();
    const next = ({ actorRef }: InspectionEvent) => void ids.add((actorRef as AnyActorRef).id);
    const manager = createSessionManager({ inspect: kind === 'a function' ? next : { next } });
    await manager.createSession({ id: 'a' });
    await manager.close();
    expect([...ids]).toEqual(expect.arrayContaining(['supervisor', 'recovery', 'a', 'shutdown']));
  });

  it('goes on under an inspector that throws', async () => {
    const { logger, lines } = keptLog();
    const error = new Error('blind');
    const manager = createSessionManager({
      logger,
      inspect: () => {
        throw error;
      },
    });
    await manager.createSession();
    await manager.close();
    expect(lines[0]).toEqual(['error', 'chartroom: the inspector threw; nobody else is affected.', error]);
  });

  it('logs what agents log', async () => {
    const { logger, lines } = keptLog();
    const agent = setup({}).createMachine({ entry: log('hello', 'an agent') });
    const manager = createSessionManager({ agent, logger });
    await manager.createSession();
    await manager.close();
    expect(lines).toEqual([['info', 'chartroom: an actor logs', 'an agent', 'hello']]);
  });

  it('has its delays on the clock of the manager, and clears them', async () => {
    const clock = testClock();
    const seen: string[] = [];
    const agent = setup({}).createMachine({
      initial: 'waiting',
      states: {
        waiting: { after: { 1000: 'rested' } },
        rested: { entry: () => void seen.push('rested'), after: { 1000: 'never' } },
        never: {},
      },
    });
    const manager = createSessionManager({ agent, clock });
    await manager.createSession();
    await clock.advance(999);
    expect(seen).toEqual([]);
    await clock.advance(1);
    expect([seen, clock.pending]).toEqual([['rested'], 1]);
    await manager.close();
    expect(clock.pending).toBe(0);
  });

  it('reports a session that has used up its restarts', async () => {
    const { logger, lines } = keptLog();
    const agent = fromCallback(() => {
      throw new Error('no use');
    });
    const supervision = { restart: 'permanent', maxRestarts: 1 } as const;
    const manager = createSessionManager({ agent, supervision, logger });
    await manager.createSession({ id: 'a' });
    await turns();
    const report = 'chartroom: session "a" used up its restarts and ends.';
    expect(lines.filter(([, message]) => message === report)).toHaveLength(1);
    expect(manager.stats().sessions).toEqual(atRest().sessions);
    await manager.close();
  });

  it('reports a chart that fails: its session has crashed, and all others go on', async () => {
    const { logger, lines } = keptLog();
    let root: AnyActorRef | undefined;
    const inspect = ({ actorRef }: InspectionEvent) => {
      root ??= actorRef as AnyActorRef;
    };
    const manager = createSessionManager({ logger, inspect });
    await manager.createSession({ id: 'odd' });
    await manager.createSession({ id: 'a' });
    const heard: string[] = [];
    manager.subscribeToSession('odd', ({ type }) => heard.push(type));
    root?.send({ type: 'session.failed', id: 'odd', error: new Error('no such state') });
    await turns();
    expect(lines).toEqual([
      ['error', 'chartroom: the chart of session "odd" failed.', new Error('no such state')],
    ]);
    expect(heard).toEqual(['session_crashed', 'session_status', 'session_status', 'session_terminated']);
    root?.send({ type: 'session.failed', id: 'nobody', error: new Error('late') });
    expect((await manager.listSessions()).map(({ id }) => id)).toEqual(['a']);
    await manager.close();
  });
});
