import type { SupervisionOptions } from './options.ts';

/** How an incarnation of a session ended, or that an attempt to start the next one failed. */
export type SupervisedFailure = 'crashed' | 'killed' | 'completed' | 'restart_failed';

export type RestartDecision =
  | { readonly restart: true; readonly delayMs: number; readonly history: readonly number[] }
  /** `escalate`: the policy wanted a restart, and its intensity is used up. */
  | { readonly restart: false; readonly escalate: boolean };

/**
 * Restart intensity as in an Erlang/OTP supervisor: at most `maxRestarts` within any `withinMs`, the window
 * sliding, both of its ends included.
 *
 * @param history the times, in milliseconds, that the last decision returned; `[]` at first
 */
export function decideRestart(
  policy: SupervisionOptions,
  history: readonly number[],
  failure: SupervisedFailure,
  now: number,
): RestartDecision {
  if (!wantsRestart(policy.restart, failure)) return { restart: false, escalate: false };
  // A time in the future says that the clock was set back; taken as now, it leaves the window in due course.
  const recent = history.map((time) => Math.min(time, now)).filter((time) => now - time <= policy.withinMs);
  if (recent.length >= policy.maxRestarts) return { restart: false, escalate: true };
  return { restart: true, delayMs: policy.backoffMs, history: [...recent, now] };
}

function wantsRestart(policy: SupervisionOptions['restart'], failure: SupervisedFailure): boolean {
  return policy === 'permanent' || (policy === 'transient' && failure !== 'completed');
}
