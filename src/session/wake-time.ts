import type { SessionConfig, SessionStatus } from '../data.ts';
import type { AgentSnapshot } from './agent-snapshot.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** Milliseconds without activity until each. */
export function inactivityLimits(config: SessionConfig): { idle: number; sleep: number; end: number } {
  const { idleAfterMs = NEVER, sleepAfterMs = NEVER, terminateAfterMs = NEVER } = config;
  return { idle: idleAfterMs, sleep: sleepAfterMs, end: terminateAfterMs };
}

/**
 * When a session that is not in memory must come back by itself: 0 for at once, when something of it is half done;
 * the time of its next deadline; null for never. Activity later on only puts the deadline off, so that it may be
 * early: then it is looked at again. `activity` is the time of the last, in milliseconds or as ISO 8601.
 */
export function wakeTime(
  config: SessionConfig,
  status: SessionStatus,
  activity: number | string,
): number | null {
  if (status === 'initializing' || status === 'terminating') return 0;
  const { idle, end } = inactivityLimits(config);
  const after = status === 'active' ? Math.min(idle, end) : end;
  if (after === NEVER) return null;
  return (typeof activity === 'string' ? Date.parse(activity) : activity) + after;
}

/** When the agent has to be there though nobody touches its session: 0 for at once, null for never. */
export function agentWakeTime({ atWork, timers }: AgentSnapshot): number | null {
  return atWork ? 0 : (timers[0]?.dueAt ?? null);
}
