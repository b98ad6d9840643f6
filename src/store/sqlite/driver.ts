import { createRequire } from 'node:module';
import type Database from 'better-sqlite3';
import { wrapThrown } from '../../error-info.ts';
import { SessionError } from '../../errors.ts';

export type Driver = typeof Database;
export type Connection = Database.Database;

const OLDEST_NODE = 22;

/**
 * The peer dependency, or `STORE_FAILED` with what to do about it. Node's version is looked at first: the binary
 * of better-sqlite3 13 does not fail on Node 20, it takes the process down.
 */
export function loadDriver(
  load: (name: string) => unknown = createRequire(import.meta.url),
  nodeVersion: string = process.versions.node,
): Driver {
  if (Number.parseInt(nodeVersion, 10) < OLDEST_NODE)
    throw new SessionError(
      'STORE_FAILED',
      `sqliteStore needs Node ${OLDEST_NODE} or newer; this is Node ${nodeVersion}.`,
      { details: { node: nodeVersion } },
    );
  try {
    return load('better-sqlite3') as Driver;
  } catch (error) {
    throw wrapThrown(
      'STORE_FAILED',
      'sqliteStore needs the package better-sqlite3, which cannot be loaded. ' +
        `Install it with: npm install better-sqlite3@13 (it needs Node ${OLDEST_NODE} or newer). The reason`,
      error,
    );
  }
}
