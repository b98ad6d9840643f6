import { openDB } from 'idb';
import { isSessionError, SessionError } from '../../errors.ts';
import { faultName, isFull, toStoreError } from './faults.ts';
import { checkFormat, type Database, migrate, newerFormat, type Schema, type Step } from './format.ts';

export interface OpenRequest {
  readonly name: string;
  readonly steps: readonly Step[];
  /** How long other connections may keep it from opening, in milliseconds. */
  readonly blockedMs: number;
}

export interface OpenEvents {
  /** Another connection, of an older format, is in the way. */
  blocked(): void;
  /** It is no longer. */
  unblocked(): void;
  /** Another connection wants to upgrade or delete the database. */
  versionchange(): void;
  /** The browser has closed the database by itself. */
  closed(): void;
}

/**
 * What memory stands in for: a browser that gives no database, which is no trouble of what is stored in one. Thrown
 * as `STORE_FAILED`.
 */
export class Unavailable extends SessionError {
  constructor(message: string, details: Readonly<Record<string, unknown>>, cause?: unknown) {
    super('STORE_FAILED', message, { details, ...(cause !== undefined && { cause }) });
  }
}

/**
 * The database, in the newest of the formats. Rejects {@link Unavailable} when the browser gives none,
 * `STORE_VERSION`, `STORE_CORRUPT`, or `STORE_FAILED` for a migration that failed; what is there stays what it was.
 */
export async function openDatabase(request: OpenRequest, events: OpenEvents): Promise<Database> {
  const database = await begin(request, events);
  try {
    await checkFormat(database, request.steps.length);
    return database;
  } catch (error) {
    database.close();
    throw toStoreError(error, request.name);
  }
}

async function begin({ name, steps, blockedMs }: OpenRequest, events: OpenEvents): Promise<Database> {
  let failure: unknown;
  /** Of the upgrade, when the browser gave it up: the request itself says only that it was. */
  let aborted: unknown;
  let isGivenUp = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const givenUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      isGivenUp = true;
      reject(blockedFor(name, blockedMs));
    }, blockedMs);
  });
  const opened = open();
  // One that comes late is in nobody's hands.
  const late = (database: Database) => {
    if (isGivenUp) database.close();
  };
  opened.then(late, () => {});
  try {
    return await Promise.race([opened, givenUp]);
  } catch (error) {
    throw refusal(error);
  } finally {
    clearTimeout(timer);
  }

  async function open(): Promise<Database> {
    return openDB<Schema>(name, steps.length, {
      upgrade(database, from, _to, transaction) {
        transaction.done.catch((error) => {
          aborted = error;
        });
        if (isGivenUp) return transaction.abort();
        clearTimeout(timer);
        events.unblocked();
        migrate(database, transaction, from, steps).catch((error) => {
          failure = error;
          transaction.abort();
        });
      },
      blocked: () => {
        if (!isGivenUp) events.blocked();
      },
      blocking: () => events.versionchange(),
      terminated: () => events.closed(),
    });
  }

  function refusal(error: unknown): SessionError {
    if (faultName(error) === 'VersionError') return newerFormat(name, steps.length);
    if (isSessionError(error)) return error;
    if (isSessionError(failure)) return failure;
    const cause = aborted ?? error;
    const { message, details } = toStoreError(cause, name);
    return new Unavailable(
      `This browser does not open a database for this page. ${message}`,
      { ...details, ...(!isFull(cause) && { missing: 'indexedDB' }) },
      cause,
    );
  }
}

function blockedFor(name: string, blockedMs: number): SessionError {
  return new Unavailable(
    `The store "${name}" did not open within ${blockedMs} ms, since another tab holds it open, in an older format or while it is to be deleted; close the other tabs of this site and reload this page.`,
    { name, blocked: true },
  );
}
