import type { ErrorInfo, TerminationReason } from '../data.ts';
import type { Batch } from '../journal.ts';
import type { SessionEntry } from './entry.ts';

/** How the present incarnation ends. */
export interface Ending {
  readonly reason: TerminationReason;
  readonly error?: ErrorInfo | undefined;
  /** Its agent failed: calls under way are told so, and no time limit changes the reason. */
  readonly crashed?: boolean;
  /** Start again afterwards; terminating the session takes it back. */
  readonly restart?: boolean;
  /** The pause before a restart. */
  readonly delayMs?: number;
  /** What cleanup may take. */
  readonly timeoutMs?: number;
  /** Cleanup is over, or there is none: only the pause before a restart is left. */
  readonly cleaned?: boolean;
}

/** The facts of an ending. What the entry remembers of it changes only when they are committed. */

export function beginEnd(entry: SessionEntry, batch: Batch, ending: Ending): void {
  const { state } = entry;
  setEnding(entry, batch, ending);
  const { reason } = ending;
  batch.add(state, 'session_status', { status: 'terminating', previousStatus: state.status, reason });
}

export function setEnding(entry: SessionEntry, batch: Batch, ending: Ending): void {
  batch.onCommit(() => {
    entry.ending = ending;
  });
}

/** A session that was never active ends without `terminating`. */
export function endAtStart(
  { state }: SessionEntry,
  batch: Batch,
  reason: TerminationReason,
  error?: ErrorInfo,
): void {
  batch.add(state, 'session_status', { status: 'terminated', previousStatus: 'initializing', reason });
  batch.add(state, 'session_terminated', error ? { reason, error } : { reason });
}

export function completeEnd({ state }: SessionEntry, batch: Batch, { reason, error }: Ending): void {
  batch.add(state, 'session_status', { status: 'terminated', previousStatus: 'terminating', reason });
  batch.add(state, 'session_terminated', error ? { reason, error } : { reason });
}

export function reincarnate({ state }: SessionEntry, batch: Batch, { reason }: Ending): void {
  const previousStatus = state.status;
  batch.add(state, 'session_status', { status: 'terminated', previousStatus, reason });
  batch.add(state, 'session_status', { status: 'initializing', previousStatus: 'terminated' });
}
