import { unwrap } from 'idb';
import { SessionError } from '../../errors.ts';
import { isPoison, poisoned, toStoreError } from './faults.ts';
import { type Database, ONE, type Reading, STORES, type Writing } from './format.ts';
import type { StoreRow } from './rows.ts';

/** Hears what becomes of the database while a lease is on it. */
export interface Watcher {
  /** A write was refused for want of room; nothing was changed. */
  full(reason: SessionError): void;
  written(): void;
  /** Every call is refused with `reason` from now on. */
  lost(reason: SessionError): void;
}

/**
 * An open database under a lease. A write is one transaction, durable when it resolves. Transactions take effect in
 * the order of the calls, since each of them is on all object stores.
 */
export class Connection {
  readonly #database: Database;
  readonly #watcher: Watcher;
  readonly #writing = new Set<Promise<unknown>>();
  #epoch = 0;
  /** What a write was told that came after the claim of another owner. */
  #fenced: SessionError | undefined;
  /** The answer to every call: the lease was given back, or the database is lost. */
  #end: SessionError | undefined;

  constructor(database: Database, watcher: Watcher) {
    this.#database = database;
    this.#watcher = watcher;
  }

  get name(): string {
    return this.#database.name;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Makes this the owner that all others before are fenced by. */
  claim(owner: string): Promise<StoreRow> {
    return this.#transact(async (transaction) => {
      const row = await rowOf(transaction);
      const claimed = { ...row, epoch: row.epoch + 1, owner };
      put(transaction, claimed);
      this.#epoch = claimed.epoch;
      return claimed;
    });
  }

  async read<T>(work: (transaction: Reading) => Promise<T>): Promise<T> {
    const transaction = this.#begin('readonly');
    transaction.done.catch(() => {});
    try {
      return await work(transaction);
    } catch (error) {
      throw this.#end ?? toStoreError(error, this.name);
    }
  }

  /**
   * Nobody who has been followed by another owner gets through: a write that comes late, by whatever way the lock
   * was lost, is `STORE_LOCKED` and changes nothing.
   */
  write<T>(work: (transaction: Writing, row: StoreRow) => Promise<T>): Promise<T> {
    return this.#transact(async (transaction) => {
      const row = await rowOf(transaction);
      if (row.epoch === this.#epoch) return work(transaction, row);
      this.#fenced = new SessionError(
        'STORE_LOCKED',
        `The store "${this.name}" was opened by another owner meanwhile; this one may not write any more.`,
        { details: { name: this.name, lost: true } },
      );
      throw this.#fenced;
    });
  }

  /** Closes at once; what is on its way to the disk still gets there. */
  lose(reason: SessionError): void {
    if (this.#end) return;
    this.#end = reason;
    this.#database.close();
    this.#watcher.lost(reason);
  }

  /** Waits for the writes in flight. */
  async close(): Promise<void> {
    this.#end = new SessionError('STORE_LOCKED', `This lease on the store "${this.name}" was given back.`);
    await Promise.allSettled(this.#writing);
    this.#database.close();
  }

  async #transact<T>(work: (transaction: Writing) => Promise<T>): Promise<T> {
    const transaction = this.#begin('readwrite');
    const written = this.#run(transaction, work);
    this.#writing.add(written);
    try {
      const result = await written;
      if (!this.#end) this.#watcher.written();
      return result;
    } catch (error) {
      throw this.#refusal(error);
    } finally {
      this.#writing.delete(written);
    }
  }

  async #run<T>(transaction: Writing, work: (transaction: Writing) => Promise<T>): Promise<T> {
    const native = unwrap(transaction) as IDBTransaction;
    const committed = ended(native);
    // Told by `committed`, with the reason.
    transaction.done.catch(() => {});
    let result: T;
    try {
      result = await work(transaction);
      native.commit();
    } catch (error) {
      // Undone by us, whatever it was; or given up by the browser, which has the reason.
      const isUndone = abort(native);
      const reason = await committed.then(
        () => error,
        (why) => why,
      );
      throw isUndone ? toStoreError(error, this.name) : reason;
    }
    await committed;
    return result;
  }

  #refusal(error: unknown): SessionError {
    const refusal = toStoreError(error, this.name);
    // Room says nothing about a connection that has ended.
    if (refusal.details?.full === true) {
      if (!this.#end) this.#watcher.full(refusal);
    } else if (refusal === this.#fenced) this.lose(refusal);
    else if (refusal !== error && isPoison(error)) this.lose(poisoned(refusal));
    return refusal;
  }

  #begin(mode: 'readonly'): Reading;
  #begin(mode: 'readwrite'): Writing;
  #begin(mode: 'readonly' | 'readwrite'): Reading | Writing {
    if (this.#end) throw this.#end;
    try {
      return this.#database.transaction(STORES, mode, { durability: 'strict' }) as Reading | Writing;
    } catch (error) {
      // Closed under us, without the event that says so.
      const refusal = toStoreError(error, this.name);
      this.lose(poisoned(refusal));
      throw refusal;
    }
  }
}

export function put(transaction: Writing, row: StoreRow): void {
  native(transaction, 'store').put(row, ONE);
}

/**
 * The object store without promises, for writes that nobody waits for one by one: when one fails, the transaction
 * does.
 */
export function native(transaction: Writing, name: (typeof STORES)[number]): IDBObjectStore {
  return unwrap(transaction.objectStore(name)) as IDBObjectStore;
}

async function rowOf(transaction: Writing): Promise<StoreRow> {
  const row = await transaction.objectStore('store').get(ONE);
  if (row) return row;
  const { name } = transaction.db;
  throw new SessionError('STORE_CORRUPT', `The store "${name}" has lost what it knows of itself.`, {
    details: { name },
  });
}

/** Rejects with the reason when the transaction comes to nothing. */
function ended(transaction: IDBTransaction): Promise<void> {
  const promise = new Promise<void>((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () =>
      reject(transaction.error ?? new DOMException('The transaction was aborted.', 'AbortError')),
    );
  });
  promise.catch(() => {});
  return promise;
}

/** False when that had come about already. */
function abort(transaction: IDBTransaction): boolean {
  try {
    transaction.abort();
    return true;
  } catch {
    return false;
  }
}
