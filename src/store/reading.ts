import { toErrorInfo } from '../error-info.ts';
import { isSessionError, SessionError, type SessionErrorCode } from '../errors.ts';
import { checkSessionId } from '../ids.ts';
import { recoverState, revivable } from '../session/recover.ts';
import { FORMAT_VERSION, sessionData } from '../session/snapshot.ts';
import type { SessionState } from '../session/state.ts';
import { checkDocument, fromSaved, type SessionDocument } from './document.ts';
import type { SavedDocument, StoreLease } from './port.ts';

/** What a store holds already was let in by some manager's limits, whatever they were. */
const UNLIMITED = {
  maxMessageBytes: Number.POSITIVE_INFINITY,
  maxMetadataBytes: Number.POSITIVE_INFINITY,
};

/**
 * A stored session's state, `undefined` when it is not there. Throws `STORE_CORRUPT` or `STORE_VERSION` for one that
 * no manager would bring back, and whatever the store throws when it fails.
 */
export async function readSession(lease: StoreLease, id: string): Promise<SessionState | undefined> {
  checkStoredId(id);
  const stored = await lease.load(id);
  if (!stored.snapshot && stored.records.length === 0 && !(await lease.head(id))) return undefined;
  try {
    return revivable(recoverState(id, stored));
  } catch (error) {
    throw asDamage(error, 'Session', id);
  }
}

/** A damaged file may call a session what no session can be called. */
function checkStoredId(id: string): void {
  try {
    checkSessionId(id);
  } catch (error) {
    throw asDamage(error, 'Session', id);
  }
}

/** What a session holds, as a document that any store takes in. Throws `STORE_CORRUPT` when it holds what it cannot. */
export function documentOf(state: SessionState, now: number): SessionDocument {
  const { id, metadata } = state;
  const data = sessionData(state) as never;
  const savedAt = new Date(now).toISOString();
  const messageCount = state.conversation?.count ?? 0;
  return checked({ id, savedAt, messageCount, metadata, version: FORMAT_VERSION, data }, 'Session');
}

/** A document of the saved shelf, checked. Throws `STORE_CORRUPT` or `STORE_VERSION`. */
export function readSaved(saved: SavedDocument): SessionDocument {
  return checked(saved, 'The saved session');
}

function checked(saved: SavedDocument, what: string): SessionDocument {
  try {
    return checkDocument(fromSaved(saved), UNLIMITED);
  } catch (error) {
    throw asDamage(error, what, saved.id);
  }
}

const DAMAGE: readonly SessionErrorCode[] = ['STORE_CORRUPT', 'STORE_VERSION'];

/** Whether it says what is wrong with one session, and the others may be read. */
export function isDamage(error: unknown): error is SessionError {
  return isSessionError(error) && DAMAGE.includes(error.code);
}

/** Whatever was thrown over what a store gave to read. */
function asDamage(error: unknown, what: string, sessionId: string): SessionError {
  if (isDamage(error)) return error;
  const message = `${what} ${JSON.stringify(sessionId)} cannot be read: ${toErrorInfo(error).message}`;
  return new SessionError('STORE_CORRUPT', message, { sessionId, cause: error });
}
