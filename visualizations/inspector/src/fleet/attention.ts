import type { FleetRow } from 'chartroom/inspect';

/** Why a session should be looked at before the others. */
export type Attention = 'crashed' | 'slow';

/** A session takes longer than that to start, or to end: its hook hangs, or what that waits for does. */
export const SLOW_CHANGE_MS = 5000;
/** A session has work, and for longer than that nothing has come of it. */
export const SLOW_WORK_MS = 30_000;

/** `now` is the engine's clock, in milliseconds since 1970. */
export function attentionOf(row: FleetRow, now: number): Attention | undefined {
  if (hasCrashed(row)) return 'crashed';
  return isSlow(row, now) ? 'slow' : undefined;
}

/** It ended by an error, or was started again after one. What somebody has killed did as it was told. */
export function hasCrashed(row: FleetRow): boolean {
  const ending = row.status === 'terminating' || row.status === 'terminated';
  if (!ending) return row.error !== undefined;
  if (row.reason === 'killed') return false;
  return row.error !== undefined || row.reason === 'crashed' || row.reason === 'init_failed';
}

/**
 * It is `initializing` or `terminating` for more than five seconds; or it has tasks, and it is more than thirty
 * seconds since its last activity. A session that is asleep waits for nothing.
 */
export function isSlow(row: FleetRow, now: number): boolean {
  if (row.asleep) return false;
  if (row.status === 'initializing' || row.status === 'terminating') return now - row.since > SLOW_CHANGE_MS;
  if (row.status === 'terminated' || row.tasks === 0) return false;
  return now - Math.max(row.lastActivityAt, row.since) > SLOW_WORK_MS;
}
