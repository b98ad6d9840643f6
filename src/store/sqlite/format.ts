import { wrapThrown } from '../../error-info.ts';
import { SessionError } from '../../errors.ts';
import type { Connection } from './driver.ts';
import { isDamage, sqliteCode } from './faults.ts';

/** `chrt`, in SQLite's header: a file of ours. */
export const APPLICATION_ID = 0x63687274;

/** Takes a file from one format to the next, inside a transaction. */
export type Step = (database: Connection) => void;

/** Step `n` makes format `n + 1` of format `n`; format 0 is an empty file. Never change one that was released. */
export const steps: readonly Step[] = [createTables];

/**
 * `sessions` are the living, each under the `seq` of its first fact; `ended` knows whose the facts are that only
 * cursors still read. Facts up to `swept_seq` are there only when `load` needs them, and up to `cut_seq` no cursor
 * is given them. The unique index is the compare-and-set of a session's history.
 */
function createTables(database: Connection): void {
  database.exec(`
    CREATE TABLE store (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      epoch INTEGER NOT NULL,
      owner TEXT,
      pid INTEGER,
      last_seq INTEGER NOT NULL,
      cut_seq INTEGER NOT NULL,
      swept_seq INTEGER NOT NULL
    ) STRICT;
    INSERT INTO store VALUES (1, 0, NULL, NULL, 0, 0, 0);

    CREATE TABLE sessions (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      session_seq INTEGER NOT NULL,
      status TEXT NOT NULL,
      wake_at REAL,
      snapshot_seq INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX sessions_by_status ON sessions (status);
    CREATE INDEX sessions_by_wake ON sessions (wake_at) WHERE wake_at IS NOT NULL;

    CREATE TABLE ended (
      session INTEGER PRIMARY KEY,
      id TEXT NOT NULL,
      last_seq INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX ended_by_id ON ended (id);
    CREATE INDEX ended_by_last_seq ON ended (last_seq);

    CREATE TABLE facts (
      seq INTEGER PRIMARY KEY,
      session INTEGER NOT NULL,
      session_seq INTEGER NOT NULL,
      type TEXT NOT NULL,
      at TEXT NOT NULL,
      payload TEXT NOT NULL,
      checksum INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX facts_by_session ON facts (session, session_seq);

    CREATE TABLE snapshots (
      session INTEGER PRIMARY KEY,
      session_seq INTEGER NOT NULL,
      version INTEGER NOT NULL,
      data TEXT NOT NULL,
      checksum INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE saved (
      position INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      document TEXT NOT NULL,
      checksum INTEGER NOT NULL
    ) STRICT;
  `);
}

/**
 * The file's format, 0 for an empty one. Refuses what is no store of ours with `STORE_CORRUPT` and what a newer
 * chartroom has written with `STORE_VERSION`. Only reads.
 */
export function readFormat(database: Connection, path: string, newest = steps.length): number {
  try {
    const format = pragma(database, 'user_version');
    const applicationId = pragma(database, 'application_id');
    if (applicationId !== APPLICATION_ID) {
      if (format === 0 && applicationId === 0 && isEmpty(database)) return 0;
      throw new SessionError(
        'STORE_CORRUPT',
        `${path} is an SQLite database, but no store of chartroom; it was left as it is.`,
        { details: { path } },
      );
    }
    if (format > newest)
      throw new SessionError(
        'STORE_VERSION',
        `The store ${path} has format ${format}, from a newer chartroom; this one knows formats up to ${newest}. It was left as it is: update chartroom.`,
        { details: { path, format, newest } },
      );
    return format;
  } catch (error) {
    if (sqliteCode(error) !== 'SQLITE_NOTADB') throw error;
    throw new SessionError('STORE_CORRUPT', `${path} is no SQLite database; it was left as it is.`, {
      details: { path },
      cause: error,
    });
  }
}

/** All steps in one transaction: when one fails, the file is what it was. */
export function migrate(database: Connection, path: string, applied: readonly Step[] = steps): void {
  const format = readFormat(database, path, applied.length);
  if (format === applied.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const step of applied.slice(format)) step(database);
    database.pragma(`user_version = ${applied.length}`);
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    if (format === 0 || sqliteCode(error).startsWith('SQLITE_FULL') || isDamage(error)) throw error;
    const way = `format ${format} to ${applied.length}`;
    throw wrapThrown(
      'STORE_FAILED',
      `The store ${path} could not be taken from ${way}, and was left as it is`,
      error,
    );
  }
}

function pragma(database: Connection, name: string): number {
  return database.pragma(name, { simple: true }) as number;
}

function isEmpty(database: Connection): boolean {
  return database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
}
