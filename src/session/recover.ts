import { describe } from '../check.ts';
import type { SessionStatus } from '../data.ts';
import { SessionError } from '../errors.ts';
import { freezeJson } from '../json.ts';
import type { StoredSession } from '../store/port.ts';
import type { Fact } from './facts.ts';
import { FORMAT_VERSION, type SnapshotData } from './snapshot.ts';
import { applyFact, type SessionState } from './state.ts';

/** The state of a stored session: its snapshot, if it has one, and the facts after it. */
export function recoverState(id: string, stored: StoredSession): SessionState {
  const { snapshot, records } = stored;
  let state: SessionState | undefined;
  if (snapshot) {
    if (snapshot.version !== FORMAT_VERSION)
      throw new SessionError(
        'STORE_VERSION',
        `The snapshot of session "${id}" has format ${snapshot.version}; this version reads ${FORMAT_VERSION}.`,
        { sessionId: id },
      );
    state = fromSnapshot(freezeJson(snapshot.data) as unknown as SnapshotData, snapshot.sessionSeq);
  }
  for (const record of records) {
    const expected = (state?.sessionSeq ?? 0) + 1;
    if (record.sessionSeq !== expected)
      throw new SessionError(
        'STORE_CORRUPT',
        `The journal of session "${id}" has fact ${record.sessionSeq} where ${expected} was expected.`,
        { sessionId: id },
      );
    freezeJson(record.payload);
    state = applyFact(state, record as Fact);
  }
  if (!state) throw withoutFacts(id);
  return state;
}

/** From these a session goes on. */
const REVIVABLE: ReadonlySet<string> = new Set<SessionStatus>([
  'initializing',
  'active',
  'idle',
  'terminating',
]);

export function isRevivable(status: string): boolean {
  return REVIVABLE.has(status);
}

/** Nothing is brought to life that had ended, or that only a newer version would know how to go on with. */
export function revivable(state: SessionState): SessionState {
  if (isRevivable(state.status)) return state;
  throw notRevivable(state.id, state.status);
}

export function notRevivable(id: string, status: unknown): SessionError {
  const message = `Session "${id}" is stored with ${describe(status)} as its status, and cannot go on from there.`;
  return new SessionError('STORE_CORRUPT', message, { sessionId: id });
}

export function withoutFacts(id: string): SessionError {
  const message = `Session "${id}" is stored without a single fact.`;
  return new SessionError('STORE_CORRUPT', message, { sessionId: id });
}

function fromSnapshot(data: SnapshotData, sessionSeq: number): SessionState {
  const { conversation, files, fileIndex, workingContext, keyed, ...head } = data;
  const { id: sessionId, seq, createdAt: at, metadata, llmConfig, config } = head;
  const payload = { metadata, llmConfig, config, restored: data };
  const state = applyFact(undefined, { type: 'session_created', sessionId, seq, sessionSeq, at, payload });
  return Object.assign(state, head);
}
