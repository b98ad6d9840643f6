import { SessionError } from '../../errors.ts';
import { faultName } from './faults.ts';

/** A page that is being reloaded may give its lock back a moment after the next one has begun. */
const PATIENCE_MS = 250;

/** Gives the lock back; resolves when it is free. */
export type Release = () => Promise<void>;

/**
 * The store's Web Lock, which the browser frees when the page or worker that holds it dies, however that comes.
 * Beside it a second one is held whose name tells the owner, for whoever is refused. `STORE_LOCKED` while another
 * holds it; `stolen` is called when another takes it by force.
 */
export async function takeLock(
  locks: LockManager,
  name: string,
  owner: string,
  stolen: () => void,
): Promise<Release> {
  const lockName = `chartroom:store:${name}`;
  const ownerPrefix = `${lockName}:owner:`;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  let release: Release;
  try {
    release = await hold(locks, lockName, { signal }, stolen);
  } catch (error) {
    // Not every browser rejects with the reason of the signal.
    if (!signal.aborted && faultName(error) !== 'TimeoutError') throw error;
    throw locked(name, await nameOfOwner(locks, ownerPrefix));
  }
  const releaseName = await hold(locks, ownerPrefix + owner, { mode: 'shared' }).catch(() => undefined);
  return async () => {
    await releaseName?.();
    await release();
  };
}

export function locked(name: string, owner: string | undefined): SessionError {
  return new SessionError(
    'STORE_LOCKED',
    `The store "${name}" belongs to ${owner === undefined ? 'another manager' : `"${owner}"`} until that one is closed, in this tab or another; close it first.`,
    { details: { name, ...(owner !== undefined && { owner }) } },
  );
}

function hold(
  locks: LockManager,
  name: string,
  options: LockOptions,
  stolen: () => void = () => {},
): Promise<Release> {
  return new Promise((granted, refused) => {
    let isHeld = false;
    const held = locks.request(name, options, () => {
      isHeld = true;
      return new Promise<void>((letGo) => {
        granted(async () => {
          isHeld = false;
          letGo();
          await held.catch(() => {});
        });
      });
    });
    held.catch((error) => {
      refused(error);
      if (isHeld) stolen();
    });
  });
}

async function nameOfOwner(locks: LockManager, prefix: string): Promise<string | undefined> {
  try {
    const { held = [] } = await locks.query();
    return held.find(({ name }) => name?.startsWith(prefix))?.name?.slice(prefix.length);
  } catch {
    return undefined;
  }
}
