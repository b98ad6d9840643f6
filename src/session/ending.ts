import type { Batch } from '../batch.ts';
import type { ErrorInfo, TerminationReason } from '../data.ts';
import type { Settings } from '../settings.ts';
import type { RestartDecision } from '../supervision.ts';
import type { SessionEntry } from './entry.ts';
import type { SessionState } from './state.ts';
import { addStatus } from './status.ts';

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
  setEnding(entry, batch, ending);
  addStatus(entry, batch, 'terminating', ending.reason);
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
  batch.add(state, 'session_status', { status: 'initializing', previousStatus: 'terminated' }, 0);
}

/** After a recovery, from what is stored: how the end that is under way, or the pause before a restart, goes on. */
export function endingUnderWay(state: SessionState, settings: Settings, now: number): Ending {
  const { status, reason = 'normal', restarting, error, updatedAt } = state;
  const failedAtStart = status === 'initializing';
  const pausing = failedAtStart || (restarting && reason === 'killed');
  const { backoffMs } = settings.supervision;
  // Of a pause that had begun, what has passed has passed, whether or not anybody was there.
  const passed = pausing ? Math.max(0, now - Date.parse(updatedAt)) : 0;
  return {
    reason: failedAtStart ? 'init_failed' : reason,
    error,
    restart: restarting,
    delayMs: restarting ? Math.max(0, backoffMs - passed) : 0,
    timeoutMs: settings.timeouts.terminateMs,
    cleaned: pausing,
  };
}

export function addCrash(
  { state }: SessionEntry,
  batch: Batch,
  error: ErrorInfo,
  decision: RestartDecision,
): void {
  const restartTimes = decision.restart ? decision.history : state.restartTimes;
  const attempt = state.restarts + 1;
  batch.add(state, 'session_crashed', { error, restarting: decision.restart, attempt, restartTimes });
}

export function restartOf(decision: RestartDecision): Pick<Ending, 'restart' | 'delayMs'> {
  return decision.restart ? { restart: true, delayMs: decision.delayMs } : {};
}
