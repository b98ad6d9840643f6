import type { AnyActorRef } from 'xstate';
import type { Deadline } from '../deadlines.ts';
import type { SessionError } from '../errors.ts';
import type { AgentInput } from '../options.ts';
import type { StopSignal } from '../stop-signal.ts';
import type { Turn } from '../turns.ts';
import type { AgentSave } from './agent-keeper.ts';
import type { AgentWatch } from './agent-watch.ts';
import type { CacheScope } from './cache.ts';
import type { Ending } from './ending.ts';
import type { SessionState } from './state.ts';

/** What a session's one deadline is about: the chart is told by this name, or what the store refused is asked again. */
export type Due = ChartDeadline | Retry;
export type ChartDeadline = 'initialize' | 'inactivity' | 'cleanup' | 'restart';
export type Retry = () => void;

export interface Waiter<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** A write that waits in `initializing`. */
export interface Parked extends Turn {
  /** Lets go of the caller's signal. */
  forget(): void;
}

/** What a running hook holds. */
export interface HookRun {
  readonly kind: 'initialize' | 'cleanup';
  readonly stop: StopSignal;
}

/** One registered session: its folded state, and what is alive of it in this process. */
export class SessionEntry implements Deadline {
  state: SessionState;
  /** False once the session is gone, or out of memory. */
  registered = true;
  chart: AnyActorRef | undefined;
  agent: AnyActorRef | undefined;
  /** What it was given. */
  agentInput: AgentInput | undefined;
  /** What the agent of this incarnation threw, once it has. */
  agentFailure: { readonly cause: unknown } | undefined;
  agentStop: StopSignal | undefined;
  /** The agent has done all it wanted: there is none any more. */
  agentCompleted = false;
  /** Sees each change of an agent that is written down. */
  agentWatch: AgentWatch | undefined;
  agentSave: AgentSave | undefined;
  hook: HookRun | undefined;
  cache: CacheScope | undefined;
  /** In call order. */
  parked: Set<Parked> | undefined;
  /** The call that created it, until it is active. */
  creation: { resolve(): void; reject(error: unknown): void } | undefined;
  ending: Ending | undefined;
  /** Calls that wait for its end. */
  gone: Array<Waiter<void>> | undefined;
  /** Calls that wait for its next change of status. */
  changed: Array<() => void> | undefined;
  /** Milliseconds on the clock of the last activity, dispatches and cache writes included. */
  activityMs: number;
  /** Milliseconds on the clock of when it came back from the store: it stays at least as long as one that is new. */
  wokenMs = 0;
  /** ISO 8601, when the last activity was one that makes no fact. */
  touchedAt: string | undefined;
  /** What rejects the calls that wait for it, once it has failed to start. */
  failure: SessionError | undefined;
  dispatching = 0;
  /** Facts since the store's last snapshot of it. */
  unsnapshotted = 0;
  dueAt = 0;
  slot = -1;
  due: Due | undefined;

  constructor(state: SessionState, activityMs: number) {
    this.state = state;
    this.activityMs = activityMs;
  }
}
