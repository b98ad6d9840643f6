import type { Batch } from '../batch.ts';
import type { SessionStatus, TerminationReason } from '../data.ts';
import type { SessionEntry } from './entry.ts';
import { wakeTime } from './wake-time.ts';

/**
 * The fact that a session changes its status, with the time at which it must come back by itself from then on: at
 * once when its agent is at work.
 */
export function addStatus(
  entry: SessionEntry,
  batch: Batch,
  status: SessionStatus,
  reason?: TerminationReason,
  atWork = entry.agent !== undefined,
): void {
  const { state, activityMs } = entry;
  const { status: previousStatus, config } = state;
  const payload = reason === undefined ? { status, previousStatus } : { status, previousStatus, reason };
  const wakeAt = atWork ? 0 : wakeTime(config, status, status === 'active' ? batch.at : activityMs);
  batch.add(state, 'session_status', payload, wakeAt);
}
