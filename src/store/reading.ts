import { describe } from '../check.ts';
import { toErrorInfo } from '../error-info.ts';
import { isSessionError, SessionError, type SessionErrorCode } from '../errors.ts';
import { checkSessionId } from '../ids.ts';
import { recoverState } from '../session/recover.ts';
import { FORMAT_VERSION, sessionData } from '../session/snapshot.ts';
import type { SessionState } from '../session/state.ts';
import { checkDocument, fromSaved, type SessionDocument } from './document.ts';
import type { SavedDocument, StoreLease } from './port.ts';

/** What a manager goes on from. */
const LIVING: readonly unknown[] = ['initializing', 'active', 'idle', 'terminating'];
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
  try {
    const stored = await lease.load(checkSessionId(id));
    if (!stored.snapshot && stored.records.length === 0 && !(await lease.head(id))) return undefined;
    const state = recoverState(id, stored);
    if (LIVING.includes(state.status)) return state;
    throw new Error(`its status is ${describe(state.status)}, from which it cannot go on.`);
  } catch (error) {
    throw asDamage(error, `Session ${JSON.stringify(id)} cannot be read`, id);
  }
}

/** What a session holds, as a document that any store takes in. Throws `STORE_CORRUPT` when it holds what it cannot. */
export function documentOf(state: SessionState, now: number): SessionDocument {
  const { id, metadata } = state;
  const data = sessionData(state);
  return readSaved({
    id,
    savedAt: new Date(now).toISOString(),
    messageCount: data.conversation.length,
    metadata,
    version: FORMAT_VERSION,
    data: data as never,
  });
}

/** A document of the saved shelf, checked. Throws `STORE_CORRUPT` or `STORE_VERSION`. */
export function readSaved(saved: SavedDocument): SessionDocument {
  try {
    return checkDocument(fromSaved(saved), UNLIMITED);
  } catch (error) {
    throw asDamage(error, `Session ${JSON.stringify(saved.id)} cannot be read`, saved.id);
  }
}

const DAMAGE: readonly SessionErrorCode[] = ['STORE_CORRUPT', 'STORE_VERSION'];
/** About one session's data, as far as it comes from there, and not about the store. */
const OF_DATA: readonly SessionErrorCode[] = ['INVALID_ARGUMENT', 'INVALID_SESSION_ID', 'PAYLOAD_TOO_LARGE'];

/** Whether it says what is wrong with one session, and the others may be read. */
export function isDamage(error: unknown): error is SessionError {
  return isSessionError(error) && DAMAGE.includes(error.code);
}

/** Whatever a fold over damaged data threw is damage; what the store itself threw stays what it is. */
function asDamage(error: unknown, what: string, sessionId: string): unknown {
  if (isSessionError(error) && !OF_DATA.includes(error.code)) return error;
  const message = `${what}: ${toErrorInfo(error).message}`;
  return new SessionError('STORE_CORRUPT', message, { sessionId, cause: error });
}
