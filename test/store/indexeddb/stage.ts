import { deleteDB, openDB } from 'idb';
import { afterEach } from 'vitest';
import { Connection, type Watcher } from '../../../src/store/indexeddb/connection.ts';
import {
  type Database,
  type Schema,
  STORES,
  steps,
  type Writing,
} from '../../../src/store/indexeddb/format.ts';
import { openDatabase } from '../../../src/store/indexeddb/opening.ts';
import { type IndexedDbStoreOptions, indexedDbStore } from '../../../src/store/indexeddb.ts';
import type { StoreLease } from '../../../src/store/port.ts';

let count = 0;

/** Names of databases that do not exist yet, and are deleted after the test. */
export function useDatabases(): () => string {
  const used: string[] = [];
  afterEach(async () => {
    await Promise.all(used.splice(0).map((name) => deleteDB(name)));
  });
  return () => {
    count += 1;
    // Tests of several files may share an origin.
    const name = `rooms ${count} ${crypto.randomUUID()}`;
    used.push(name);
    return name;
  };
}

/** Rejects instead of going on in memory. */
export function openLease(name: string, options: IndexedDbStoreOptions = {}): Promise<StoreLease> {
  return indexedDbStore(name, { fallback: 'none', ...options }).open({ owner: 'test' });
}

export function silent(): void {}

export const noEvents = { blocked: silent, unblocked: silent, versionchange: silent, closed: silent };

/** An open database under nobody's lock. */
export async function connectionTo(name: string, watcher: Partial<Watcher> = {}): Promise<Connection> {
  const database = await openDatabase({ name, steps, blockedMs: 60_000 }, noEvents);
  return new Connection(database, { full: silent, written: silent, lost: silent, ...watcher });
}

/** What another program would do to a database, also while it is open; resolves with what `work` gives. */
export async function tamper<T>(name: string, work: (transaction: Writing) => Promise<T>): Promise<T> {
  const database: Database = await openDB<Schema>(name);
  try {
    const transaction = database.transaction(STORES, 'readwrite');
    const result = await work(transaction);
    await transaction.done;
    return result;
  } finally {
    database.close();
  }
}

/** Everything that a database holds, whoever made it. */
export async function contentsOf(name: string): Promise<unknown> {
  const database = await openDB(name);
  try {
    const contents: unknown[] = [database.version];
    for (const store of database.objectStoreNames)
      contents.push([store, await database.getAllKeys(store), await database.getAll(store)]);
    return contents;
  } finally {
    database.close();
  }
}

/** The next transaction that is committed comes to nothing, for the reason with this name. */
export function failNextCommit(reason: string): void {
  const { commit } = IDBTransaction.prototype;
  IDBTransaction.prototype.commit = function (this: IDBTransaction) {
    IDBTransaction.prototype.commit = commit;
    Object.defineProperty(this, 'error', { value: new DOMException('the disk says no', reason) });
    this.abort();
  };
}
