import { toErrorInfo } from '../../error-info.ts';
import { isSessionError, SessionError } from '../../errors.ts';
import { Connection } from './connection.ts';
import { lost } from './faults.ts';
import { IndexedDbLease, type LeaseOptions } from './lease.ts';
import { type Release, takeLock } from './lock.ts';
import { type OpenRequest, openDatabase, Unavailable } from './opening.ts';
import { BLOCKED, DURABLE, OPENING, type StateTopic } from './state.ts';

export interface OwnerRequest extends OpenRequest, LeaseOptions {
  readonly owner: string;
}

/**
 * Locks, looks, and only then writes. Rejects {@link Unavailable} where the browser gives no durable store, and
 * otherwise as {@link openDatabase} and {@link takeLock} do. `released` is called when the lease was given back.
 */
export async function openDurable(
  request: OwnerRequest,
  topic: StateTopic,
  released: () => void,
): Promise<IndexedDbLease> {
  const { name, owner } = request;
  const { locks } = checkBrowser(name);
  let connection: Connection | undefined;
  let isOwner = false;
  let loss: SessionError | undefined;
  const lose = (reason: SessionError) => {
    loss ??= reason;
    connection?.lose(loss);
  };
  const release = await lockFor(locks, request, () => lose(stolen(name)));
  try {
    const database = await openDatabase(request, {
      blocked: () => topic.announce(BLOCKED),
      unblocked: () => topic.announce(OPENING),
      versionchange: () => lose(lost(name, 'Another tab upgrades or deletes the database')),
      closed: () => lose(lost(name, 'The browser has closed the database')),
    });
    connection = new Connection(database, {
      full: (reason) => {
        if (isOwner) topic.announce({ is: 'full', reason });
      },
      written: () => topic.announce(DURABLE),
      lost: (reason) => {
        topic.announce({ is: 'lost', reason });
        // Nothing more is written from here: whoever comes next need not wait for this page to end.
        release();
      },
    });
    if (loss) throw loss;
    const row = await claim(connection, owner);
    isOwner = true;
    return new IndexedDbLease(connection, row, request, async () => {
      await release();
      released();
    });
  } catch (error) {
    await connection?.close();
    await release();
    throw error;
  }
}

/** Without room for the claim there is none for anything. */
async function claim(connection: Connection, owner: string): ReturnType<Connection['claim']> {
  try {
    return await connection.claim(owner);
  } catch (error) {
    if (!isSessionError(error) || !error.details?.full) throw error;
    throw new Unavailable(error.message, error.details, error);
  }
}

function checkBrowser(name: string): { readonly locks: LockManager } {
  if (globalThis.indexedDB === undefined || globalThis.indexedDB === null)
    throw new Unavailable(
      'This browser has no IndexedDB for this page; a private window may be the reason.',
      {
        name,
        missing: 'indexedDB',
      },
    );
  const locks: LockManager | undefined = globalThis.navigator?.locks;
  if (!locks)
    throw new Unavailable(
      'This browser has no Web Locks for this page, without which two tabs would write over each other; they need a secure context, https or localhost.',
      { name, missing: 'locks' },
    );
  return { locks };
}

async function lockFor(locks: LockManager, request: OwnerRequest, stolen: () => void): Promise<Release> {
  const { name, owner } = request;
  try {
    return await takeLock(locks, name, owner, stolen);
  } catch (error) {
    if (isSessionError(error)) throw error;
    throw new Unavailable(
      `This browser does not give this page its lock: ${toErrorInfo(error).message}`,
      { name, missing: 'locks' },
      error,
    );
  }
}

function stolen(name: string): SessionError {
  return new SessionError(
    'STORE_LOCKED',
    `Another owner has taken the store "${name}" by force; reload the page to open it again.`,
    { details: { name, lost: true } },
  );
}
