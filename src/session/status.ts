import type { Batch } from '../batch.ts';
import type { SessionStatus, TerminationReason } from '../data.ts';
import type { LostAgent } from './agent-snapshot.ts';
import type { SessionEntry } from './entry.ts';
import type { StoredAgent } from './state.ts';
import { agentWakeTime, wakeTime } from './wake-time.ts';

/** A restart that has failed pauses in `initializing` too, with its ending set: then nothing is starting. */
export const isStarting = ({ registered, state, ending }: SessionEntry): boolean =>
  registered && state.status === 'initializing' && !ending;

export const isRunning = ({ registered, state }: SessionEntry): boolean =>
  registered && (state.status === 'active' || state.status === 'idle');

export const isEnding = ({ registered, state }: SessionEntry): boolean =>
  registered && state.status === 'terminating';

/**
 * The fact that a session changes its status, with the time at which it must come back by itself from then on.
 * `agentStarts`: it becomes active, and its agent with it.
 */
export function addStatus(
  entry: SessionEntry,
  batch: Batch,
  status: SessionStatus,
  reason?: TerminationReason,
  agentStarts = false,
): void {
  const { state } = entry;
  const { status: previousStatus, config } = state;
  const payload = reason === undefined ? { status, previousStatus } : { status, previousStatus, reason };
  const own = wakeTime(config, status, status === 'active' ? batch.at : entry.activityMs);
  const wakeAt = agentStarts || entry.agent ? withAgent(own, state.agent) : own;
  batch.add(state, 'session_status', payload, wakeAt);
}

/**
 * The session's own time to come back, or that of its agent: at once while that is at work, and while nothing is
 * stored from which it could go on later.
 */
export function withAgent(own: number | null, stored: StoredAgent | LostAgent | undefined): number | null {
  if (!stored || 'lost' in stored) return 0;
  const its = stored.agent && agentWakeTime(stored.agent);
  return own === null || its === null ? (own ?? its) : Math.min(own, its);
}
