import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { checkInteger, checkOptions, checkString, invalidArgument } from '../check.ts';
import type { SessionStore } from './port.ts';
import { openLease } from './sqlite/lease.ts';

export interface SqliteStoreOptions {
  /** Events kept for cursors, over all sessions. Default 100,000. What a live session needs is always kept. */
  retainEvents?: number;
  /** Milliseconds that events are kept for cursors, measured against the newest one. Default without limit. */
  retainMs?: number;
  /**
   * Reads what is there, also while another process owns it; every write rejects `STORE_LOCKED`. Opening a file that
   * does not exist rejects `STORE_FAILED`. Default false.
   */
  readOnly?: boolean;
}

const RETAIN_EVENTS = 100_000;

/** As this module: TypeScript when it runs from its sources, JavaScript in the package. */
const WORKER = new URL(`./sqlite/worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * Sessions in one SQLite file, for as long as the disk keeps it: an acknowledged change outlives `kill -9` and a
 * power cut. Needs Node 22 and the package `better-sqlite3` 13. Its connection lives on a thread of its own, so
 * the event loop never waits for the disk.
 *
 * One owner at a time; it holds a lock on `FILE.lock` that the operating system frees when its process dies.
 * `open` rejects `STORE_LOCKED` while another owns it, `STORE_VERSION` for a file of a newer chartroom,
 * `STORE_CORRUPT` for one that is damaged or no store, and leaves those files as they are; `STORE_FAILED` for
 * whatever else is in the way, a missing folder or package included. A full disk rejects a write with
 * `STORE_FAILED` (`details.full`) and changes nothing; after a failed sync every call rejects `STORE_FAILED` until
 * the store is opened again.
 *
 * Each row carries a checksum. `load` and `saved.get` reject `STORE_CORRUPT` for what does not match, and so does
 * `facts` when it is asked for that session alone; among the facts of all sessions, and in `saved.list`, it is left
 * out.
 *
 * @param path of the file, created when it does not exist; beside it come `FILE-wal`, `FILE-shm` and `FILE.lock`
 */
export function sqliteStore(path: string, options?: SqliteStoreOptions): SessionStore {
  const file = resolve(checkFile(path));
  const {
    retainEvents = RETAIN_EVENTS,
    retainMs,
    readOnly = false,
  } = checkOptions(options, 'options', ['retainEvents', 'retainMs', 'readOnly']);
  checkInteger(retainEvents, 'options.retainEvents', { min: 0 });
  if (retainMs !== undefined) checkInteger(retainMs, 'options.retainMs', { min: 0 });
  if (typeof readOnly !== 'boolean') throw invalidArgument('options.readOnly', 'a boolean', readOnly);
  const request = { path: file, readOnly, retainEvents, retainMs: retainMs ?? Number.POSITIVE_INFINITY };
  return {
    open: ({ owner }) => openLease(startThread(), { ...request, owner }),
  };
}

/** Without the program's own flags: some, like `--input-type`, keep a thread from starting. */
function startThread(): Worker {
  return new Worker(WORKER, { name: 'chartroom sqlite', execArgv: [] });
}

/** SQLite gives some names a meaning of their own, and better-sqlite3 drops white space around a name. */
function checkFile(path: unknown): string {
  const name = checkString(path, 'path', { min: 1 });
  if (name.includes('\0') || name !== name.trim() || name === ':memory:' || name.startsWith('file:'))
    throw invalidArgument('path', "a file's path, without NUL and white space around it", path);
  return name;
}
