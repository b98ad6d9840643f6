import { wrapThrown } from '../../error-info.ts';
import { SessionError } from '../../errors.ts';
import type { Connection, Driver } from './driver.ts';
import { isDamage, sqliteCode } from './faults.ts';

/**
 * Two who ask at the same moment can each be in the other's way on SQLite's steps to an exclusive lock. Whoever
 * waits a little lets the other through; without it both would be refused.
 */
const PATIENCE_MS = 250;

/**
 * An exclusive transaction on `FILE.lock`, open as long as the lock is held. The operating system ends it with its
 * process, however that dies; SQLite refuses a second one in the same process too. The file itself stays readable.
 *
 * Neither file may be opened by `node:fs` while the store is open: closing it there would drop the process's POSIX
 * locks on it, SQLite's with them.
 */
export function takeLock(driver: Driver, path: string, recordedOwner: () => string | undefined): Connection {
  const connection = new driver(`${path}.lock`, { timeout: PATIENCE_MS });
  try {
    connection.exec('BEGIN EXCLUSIVE');
    return connection;
  } catch (error) {
    connection.close();
    if (isDamage(error))
      throw wrapThrown('STORE_FAILED', `${path}.lock is no lock of a store; move it away`, error);
    if (!sqliteCode(error).startsWith('SQLITE_BUSY')) throw error;
    const owner = recordedOwner();
    throw new SessionError(
      'STORE_LOCKED',
      `The store ${path} belongs to ${owner === undefined ? 'another manager' : `"${owner}"`} until that one is closed; close it first, or open the store with { readOnly: true }.`,
      { details: { path, ...(owner !== undefined && { owner }) } },
    );
  }
}
