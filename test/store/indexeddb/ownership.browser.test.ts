import { deleteDB, openDB } from 'idb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SessionError } from '../../../src/errors.ts';
import { steps } from '../../../src/store/indexeddb/format.ts';
import { Unavailable } from '../../../src/store/indexeddb/opening.ts';
import { openDurable } from '../../../src/store/indexeddb/ownership.ts';
import { StateTopic } from '../../../src/store/indexeddb/state.ts';
import { type IndexedDbStore, indexedDbStore, type StoreState } from '../../../src/store/indexeddb.ts';
import { fact, life, loadedSeqs } from '../../../src/testing/store/facts.ts';
import { codeOf, failureOf } from '../../support/errors.ts';
import { failNextCommit, openLease, silent, useDatabases } from './stage.ts';

const newName = useDatabases();

afterEach(() => vi.restoreAllMocks());

function watched(store: IndexedDbStore): StoreState[] {
  const states = [store.state];
  store.subscribe((state) => states.push(state));
  return states;
}
const reasonOf = (state: StoreState): SessionError | undefined =>
  'reason' in state ? state.reason : undefined;

async function opened(name = newName()) {
  const store = indexedDbStore(name);
  const states = watched(store);
  const lease = await store.open({ owner: 'test' });
  await lease.append(life(2));
  return { name, store, states, lease };
}

describe('a store that another tab upgrades or deletes', () => {
  it('is closed at once, says so, and refuses every call until the page is reloaded', async () => {
    const { name, store, states, lease } = await opened();
    (await openDB(name, 7)).close();
    expect(states.map(({ is }) => is)).toEqual(['closed', 'opening', 'durable', 'lost']);
    const reason = reasonOf(store.state);
    expect(reason).toMatchObject({ code: 'STORE_FAILED', details: { lost: true } });
    expect(reason?.message).toContain('reload the page');
    expect(await failureOf(Promise.resolve(lease.append(life(3, 3))))).toBe(reason);
    expect(await failureOf(Promise.resolve(lease.load('a')))).toBe(reason);
    await lease[Symbol.asyncDispose]();
    expect(store.state).toEqual({ is: 'closed' });
  });

  it('keeps nobody waiting: it is deleted, and its lock is free for the next owner', async () => {
    const { name, lease } = await opened();
    await deleteDB(name);
    const next = await openLease(name);
    expect(next.lastSeq).toBe(0);
    expect(await codeOf(Promise.resolve(lease.append(life(3, 3))))).toBe('STORE_FAILED');
    await next[Symbol.asyncDispose]();
    await lease[Symbol.asyncDispose]();
  });
});

describe('a store that the browser closes, as when the data of the site is cleared', () => {
  it('is lost, and says so', async () => {
    const databases: IDBDatabase[] = [];
    const { transaction } = IDBDatabase.prototype;
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
      databases.push(this);
      return transaction.apply(this, args);
    });
    const { store, lease } = await opened();
    const [database] = databases.slice(-1);
    database?.close();
    database?.dispatchEvent(new Event('close'));
    expect(store.state).toMatchObject({ is: 'lost', reason: { code: 'STORE_FAILED' } });
    expect(await failureOf(Promise.resolve(lease.append(life(3, 3))))).toBe(reasonOf(store.state));
    await lease[Symbol.asyncDispose]();
  });
});

describe('a lock that another takes by force', () => {
  it('loses the store with STORE_LOCKED, so that nobody writes beside the new owner', async () => {
    const { name, store, lease } = await opened();
    await navigator.locks.request(`chartroom:store:${name}`, { steal: true }, () => {});
    await expect.poll(() => store.state.is).toBe('lost');
    expect(await codeOf(Promise.resolve(lease.append(life(3, 3))))).toBe('STORE_LOCKED');
    const next = await openLease(name);
    expect(await loadedSeqs(next, 'a')).toEqual([1, 2]);
    await next[Symbol.asyncDispose]();
    await lease[Symbol.asyncDispose]();
  });
});

describe('a full quota', () => {
  it('is flagged while the newest write was refused, and over when one works', async () => {
    const { store, states, lease } = await opened();
    failNextCommit('QuotaExceededError');
    const failure = await failureOf(Promise.resolve(lease.append([fact(3, 'b', 1)])));
    expect(failure.details?.full).toBe(true);
    expect(store.state).toEqual({ is: 'full', reason: failure });
    expect(await loadedSeqs(lease, 'a')).toEqual([1, 2]);
    expect(store.state.is).toBe('full');
    await lease.append([fact(3, 'b', 1)]);
    expect(states.map(({ is }) => is)).toEqual(['closed', 'opening', 'durable', 'full', 'durable']);
    await lease[Symbol.asyncDispose]();
  });

  it('when the store is opened leaves sessions in memory, announced', async () => {
    const store = indexedDbStore(newName());
    const states = watched(store);
    failNextCommit('QuotaExceededError');
    const lease = await store.open({ owner: 'test' });
    expect(states.map(({ is }) => is)).toEqual(['closed', 'opening', 'memory']);
    expect(reasonOf(store.state)?.details?.full).toBe(true);
    expect(lease.volatile).toBe(true);
    await lease[Symbol.asyncDispose]();
  });
});

describe('a write whose fate is unknown', () => {
  it('loses the store, and says so', async () => {
    const { store, lease } = await opened();
    failNextCommit('UnknownError');
    expect(await codeOf(Promise.resolve(lease.append(life(3, 3))))).toBe('STORE_FAILED');
    expect(store.state).toMatchObject({ is: 'lost', reason: { details: { poisoned: true } } });
    await lease[Symbol.asyncDispose]();
  });
});

describe('an upgrade that another tab blocks', () => {
  const request = {
    owner: 'test',
    steps: [...steps, () => {}],
    retainEvents: 10,
    retainMs: Number.POSITIVE_INFINITY,
  };

  /** A store of the format before, which another tab holds open and does not let go of. */
  async function held() {
    const { name, lease } = await opened();
    await lease[Symbol.asyncDispose]();
    const topic = new StateTopic();
    const states: string[] = [];
    topic.subscribe(({ is }) => states.push(is));
    return { name, topic, states, other: await openDB(name) };
  }

  it('is announced as blocked, waits, and goes on when that tab lets go', async () => {
    const { name, topic, states, other } = await held();
    topic.subscribe(({ is }) => {
      if (is === 'blocked') other.close();
    });
    const lease = await openDurable({ ...request, name, blockedMs: 2 ** 31 - 1 }, topic, silent);
    expect(states).toEqual(['blocked', 'opening', 'durable']);
    expect(await loadedSeqs(lease, 'a')).toEqual([1, 2]);
    await lease[Symbol.asyncDispose]();
  });

  it('is given up after its bound, and the lock is free again', async () => {
    const { name, topic, other } = await held();
    const opening = openDurable({ ...request, name, blockedMs: 1 }, topic, silent);
    expect(await failureOf(opening)).toBeInstanceOf(Unavailable);
    // The browser lets nobody past an upgrade that waits.
    const next = openLease(name);
    other.close();
    const lease = await next;
    expect(await loadedSeqs(lease, 'a')).toEqual([1, 2]);
    await lease[Symbol.asyncDispose]();
  });
});
