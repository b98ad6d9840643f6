/** What a run hands to whoever makes the client under test, and what it asks of that client. */
import type { SessionClient } from '../../client.ts';
import type { Clock } from '../../clock.ts';
import type { RecoveryReport, SessionStatus } from '../../data.ts';
import type { SessionManagerOptions } from '../../options.ts';
import type { SessionStore } from '../../store/port.ts';
import type { AgentLogic } from './agent.ts';

/**
 * The surroundings of one process of a run. A run that crashes its process makes another client, over what the
 * store holds then.
 */
export interface TestEnv {
  /**
   * All that follows, and the settings that this run's model expects, ready for `createSessionManager(options)`.
   * What is to be the same in every run is pinned by the verification's own options, not replaced here.
   */
  readonly options: SessionManagerOptions<AgentLogic>;
  /** Moved by the run. Nothing waits on the wall clock. */
  readonly clock: Clock;
  readonly generateId: () => string;
  /** Slow, refusing or cut off as the run wants it, over a store of your own where you gave one. */
  readonly store: SessionStore;
  /** 1 for the first process of a run, and one more after each crash or reopening. */
  readonly process: number;
}

export type MaybePromise<T> = T | Promise<T>;

/** Makes the client under test. */
export type CreateClient<TAgentEvent = never> = (env: TestEnv) => MaybePromise<SessionClient<TAgentEvent>>;

export interface Stats {
  readonly sessions: Readonly<Record<SessionStatus, number>>;
  readonly asleep: number;
  readonly pending: number;
  readonly listeners: number;
  readonly streams: number;
  readonly deadlines: number;
  readonly journalLag: number;
}

/** A client may have more to ask for than `SessionClient` says; what it has not got is not checked. */
export interface Extras {
  readonly ready?: Promise<RecoveryReport>;
  stats?(): Stats;
}
