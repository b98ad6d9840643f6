/**
 * The vocabulary of the charts. A session's chart follows committed facts (`session.*`) and is told of
 * deadlines; what it decides comes back out as named effects. Event types are constant: XState memoizes
 * every type that a machine receives, so an id in a type would leak.
 */

/** A committed change of status. The journal leads, the chart follows. */
export type StatusFact =
  | { readonly type: 'session.active' }
  | { readonly type: 'session.idle' }
  | { readonly type: 'session.terminating' }
  | { readonly type: 'session.terminated' };

/** A deadline of the session has passed. */
export type DeadlineEvent =
  | { readonly type: 'deadline.initialize' }
  | { readonly type: 'deadline.inactivity' }
  | { readonly type: 'deadline.cleanup' }
  | { readonly type: 'deadline.restart' };

export type SessionChartEvent = StatusFact | DeadlineEvent;

/** Bulk data stays beside the chart; the chart's context is what its effects need to find it. */
export interface SessionChartContext {
  readonly id: string;
}
export type SessionChartInput = SessionChartContext;

export type ManagerEvent =
  | { readonly type: 'manager.close' }
  /** A session's chart itself failed, which its own effects must never cause. */
  | { readonly type: 'session.failed'; readonly id: string; readonly error: unknown }
  /** A session used up its restarts. */
  | { readonly type: 'session.escalated'; readonly id: string; readonly error: unknown };
