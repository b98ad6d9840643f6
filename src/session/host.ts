import type { SessionCache, SessionContext } from '../client.ts';
import type { Late } from '../late.ts';
import type { Limits } from '../options.ts';
import type { SessionEntry } from './entry.ts';
import type { SessionOperations } from './operations.ts';

/** What handles need of their manager: its operations, behind its admission. */
export interface HandleHost {
  readonly operations: SessionOperations;
  readonly limits: Readonly<Limits>;
  /** Throws `MANAGER_CLOSED`; comes before any other check of a call. */
  checkOpen(): void;
  /** Before a call that needs this part: from here on calls wait, in their order, until it is there. */
  prepare(part: Late<unknown>): void;
  /** Runs the call when calls are admitted; a throw becomes a rejection. */
  admit<R>(call: () => R | Promise<R>): Promise<R>;
  /** The same for a call that changes something: one too many that waits is refused with `OVERLOADED`. */
  admitWrite<R>(call: () => R | Promise<R>): Promise<R>;
  /** The same for a call that may wait for something outside the engine. */
  admitSlow<R>(call: () => R | Promise<R>): Promise<R>;
}

/** Binds a handle to one incarnation: what an old hook or agent still does never reaches a newer session. */
export interface Scope {
  /** Of the session's creation. */
  readonly seq: number;
  readonly restarts: number;
  /** While it says so, writes are let in outside `active` and `idle` too: a hook is running. */
  readonly open: () => boolean;
}

export interface ScopedHandles {
  /** Context and cache for a hook or an agent of the present incarnation. */
  during(entry: SessionEntry, open: () => boolean): { context: SessionContext; cache: SessionCache };
}
