import { realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SessionError } from '../../errors.ts';
import type { Connection, Driver } from './driver.ts';
import { toStoreError } from './faults.ts';
import { migrate, readFormat, steps as releasedSteps, type Step } from './format.ts';
import { takeLock } from './lock.ts';
import type { OpenRequest } from './protocol.ts';
import { StoreFile } from './store-file.ts';

/** How long a write waits for another program's transaction on the file. */
const BUSY_MS = 5000;
/** 16 MB: a page that many commits change is copied from the log into the file once for all of them. */
const LOG_PAGES = 4096;

/**
 * Locks, looks, and only then writes: what is damaged, foreign or too new is refused as it was found.
 * `STORE_LOCKED`, `STORE_CORRUPT`, `STORE_VERSION`, or `STORE_FAILED` with what is in the way.
 */
export function openStoreFile(
  driver: Driver,
  request: OpenRequest,
  steps: readonly Step[] = releasedSteps,
): StoreFile {
  const path = placeOf(request);
  const opened: Connection[] = [];
  const keep = (connection: Connection) => {
    opened.unshift(connection);
    return connection;
  };
  try {
    const lock = request.readOnly
      ? undefined
      : keep(takeLock(driver, path, () => recordedOwner(driver, path)));
    if (statOf(path)?.size) inspect(driver, path, steps.length);
    const connection = keep(
      new driver(path, {
        readonly: request.readOnly,
        fileMustExist: request.readOnly,
        timeout: BUSY_MS,
      }),
    );
    if (request.readOnly) checkReadable(connection, path, steps.length);
    else prepareForWriting(connection, path, steps);
    return new StoreFile({ ...request, path }, connection, lock);
  } catch (error) {
    for (const connection of opened) connection.close();
    throw toStoreError(error, path);
  }
}

/** One name for one file, whichever link leads to it: the lock lies beside the file itself. */
function placeOf({ path, readOnly }: OpenRequest): string {
  const folder = dirname(path);
  if (!statOf(folder)?.isDirectory())
    throw failure(path, `The folder ${folder} of the store does not exist; create it first.`);
  const stats = statOf(path);
  if (stats && !stats.isFile()) throw failure(path, `${path} is no file, and cannot be a store.`);
  if (stats) return realpathSync(path);
  if (readOnly)
    throw failure(
      path,
      `There is no store ${path}; { readOnly: true } opens one that exists, and creates none.`,
    );
  return join(realpathSync(folder), basename(path));
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function failure(path: string, message: string): SessionError {
  return new SessionError('STORE_FAILED', message, { details: { path } });
}

/** Through a connection that cannot write: one that can would empty a leftover log into the file when it closes. */
function inspect(driver: Driver, path: string, newest: number): void {
  const connection = new driver(path, { readonly: true, timeout: BUSY_MS });
  try {
    if (readFormat(connection, path, newest) === 0) return;
    connection.prepare('SELECT * FROM store').get();
  } catch (error) {
    // A journal that a crash has left wants to be rolled back first, which only a writer can do.
    if (!/^SQLITE_(READONLY|CANTOPEN)/.test((error as { code?: string }).code ?? '')) throw error;
  } finally {
    connection.close();
  }
}

function checkReadable(connection: Connection, path: string, newest: number): void {
  const format = readFormat(connection, path, newest);
  if (format === newest) return;
  throw new SessionError(
    'STORE_VERSION',
    `The store ${path} has format ${format}, and to read it this chartroom needs ${newest}: open it once without { readOnly: true }.`,
    { details: { path, format, newest } },
  );
}

function prepareForWriting(connection: Connection, path: string, steps: readonly Step[]): void {
  // In a log, NORMAL would sync at checkpoints alone, and a power cut would take what was acknowledged.
  if (connection.pragma('journal_mode = WAL', { simple: true }) !== 'wal')
    throw failure(path, `The store ${path} cannot have a write-ahead log; put it on a local file system.`);
  connection.pragma('synchronous = FULL');
  connection.pragma('temp_store = MEMORY');
  connection.pragma(`wal_autocheckpoint = ${LOG_PAGES}`);
  migrate(connection, path, steps);
}

/** Who holds the lock, as far as the file says. */
function recordedOwner(driver: Driver, path: string): string | undefined {
  try {
    const connection = new driver(path, { readonly: true, timeout: 0 });
    try {
      const owner = connection.prepare('SELECT owner FROM store').pluck().get();
      return typeof owner === 'string' ? owner : undefined;
    } finally {
      connection.close();
    }
  } catch {
    return undefined;
  }
}
