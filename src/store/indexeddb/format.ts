import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import { wrapThrown } from '../../error-info.ts';
import { isSessionError, SessionError } from '../../errors.ts';
import { isFull } from './faults.ts';
import type { FactRow, HeadRow, SavedRow, SnapshotRow, StoreRow } from './rows.ts';

/** Each key of a fact is `[id, life, sessionSeq]`: to `add` one is the compare-and-set of a session's history. */
export interface Schema extends DBSchema {
  store: { key: string; value: StoreRow };
  sessions: {
    key: string;
    value: HeadRow;
    indexes: { seq: number; status: [string, number]; wake: [number, number] };
  };
  facts: { key: [string, number, number]; value: FactRow; indexes: { seq: number } };
  snapshots: { key: string; value: SnapshotRow };
  saved: { key: string; value: SavedRow; indexes: { position: number } };
}

export type Database = IDBPDatabase<Schema>;
export type Names = StoreNames<Schema>[];
export type Reading =
  | IDBPTransaction<Schema, Names, 'readonly'>
  | IDBPTransaction<Schema, Names, 'readwrite'>;
export type Writing = IDBPTransaction<Schema, Names, 'readwrite'>;
export type Upgrading = IDBPTransaction<Schema, Names, 'versionchange'>;

/** Every transaction is on all of them, so that they take effect in the order they were begun. */
export const STORES: Names = ['store', 'sessions', 'facts', 'snapshots', 'saved'];
/** Of the one row of `store`. */
export const ONE = 'one';

/** Takes a database from one format to the next, inside the transaction of the upgrade. */
export type Step = (database: Database, transaction: Upgrading) => void | Promise<void>;

/** Step `n` makes format `n + 1` of format `n`; format 0 is a new database. Never change one that was released. */
export const steps: readonly Step[] = [createStores];

async function createStores(database: Database, transaction: Upgrading): Promise<void> {
  database.createObjectStore('store');
  const sessions = database.createObjectStore('sessions', { keyPath: 'id' });
  sessions.createIndex('seq', 'seq', { unique: true });
  sessions.createIndex('status', ['status', 'seq']);
  // What is never to be woken has no number there, and so no place in this index.
  sessions.createIndex('wake', ['wakeAt', 'seq']);
  const facts = database.createObjectStore('facts', { keyPath: ['id', 'life', 'sessionSeq'] });
  facts.createIndex('seq', 'seq', { unique: true });
  database.createObjectStore('snapshots', { keyPath: 'id' });
  const saved = database.createObjectStore('saved', { keyPath: 'id' });
  saved.createIndex('position', 'position', { unique: true });
  const row: StoreRow = { format: 1, epoch: 0, owner: null, lastSeq: 0, cutSeq: 0, sweptSeq: 0 };
  await transaction.objectStore('store').put(row, ONE);
}

/** Rejects with what is to be told; the transaction has to be aborted then, and the database stays what it was. */
export async function migrate(
  database: Database,
  transaction: Upgrading,
  from: number,
  applied: readonly Step[],
): Promise<void> {
  const { name } = database;
  if (from > 0 && !isOurs(database)) throw foreign(name);
  try {
    for (const step of applied.slice(from)) await step(database, transaction);
    const store = transaction.objectStore('store');
    const row = await store.get(ONE);
    if (!row) throw foreign(name);
    await store.put({ ...row, format: applied.length }, ONE);
  } catch (error) {
    if (from === 0 || isSessionError(error) || isFull(error)) throw error;
    const message = `The store "${name}" could not be taken from format ${from} to ${applied.length}, and was left as it is`;
    throw wrapThrown('STORE_FAILED', message, error);
  }
}

/** Refuses what is no store of ours with `STORE_CORRUPT` and what a newer chartroom has written with `STORE_VERSION`. */
export async function checkFormat(database: Database, newest: number): Promise<void> {
  const { name } = database;
  if (!isOurs(database)) throw foreign(name);
  const row = await database.get('store', ONE);
  if (!row || !Number.isSafeInteger(row.format)) throw foreign(name);
  if (row.format > newest) throw newerFormat(name, newest, row.format);
}

/** `format` as far as it is known: a database of a newer version does not open. */
export function newerFormat(name: string, newest: number, format?: number): SessionError {
  const is = format === undefined ? 'a format' : `format ${format},`;
  return new SessionError(
    'STORE_VERSION',
    `The store "${name}" has ${is} from a newer chartroom; this one knows formats up to ${newest}. It was left as it is: reload the page with the newer chartroom.`,
    { details: { name, newest, ...(format !== undefined && { format }) } },
  );
}

function foreign(name: string): SessionError {
  return new SessionError(
    'STORE_CORRUPT',
    `The database "${name}" is no store of chartroom; it was left as it is. Give the store a name of its own.`,
    { details: { name } },
  );
}

function isOurs({ objectStoreNames }: Database): boolean {
  return STORES.every((name) => objectStoreNames.contains(name));
}
