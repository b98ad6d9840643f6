import type { SupervisorCommand } from '../machines/supervisor.ts';
import type { Batch } from './batch.ts';
import type { Timekeeper } from './clock.ts';
import type { DeadlineQueue } from './deadlines.ts';
import type { Bus } from './events/bus.ts';
import type { Guard } from './guard.ts';
import type { Journal } from './journal.ts';
import type { Late } from './late.ts';
import type { Agents } from './session/agents.ts';
import type { CacheScope } from './session/cache.ts';
import type { Dormant } from './session/dormant.ts';
import type { Due, SessionEntry } from './session/entry.ts';
import type { Fact } from './session/facts.ts';
import type { Registry } from './session/registry.ts';
import type { Alarm } from './session/sleep.ts';
import type { Settings } from './settings.ts';
import type { Stored } from './stored.ts';
import type { Decision } from './turns.ts';

/** What the parts of one manager share. Made in `manager.ts`, the composition root. */
export interface Engine {
  readonly settings: Settings;
  readonly time: Timekeeper;
  readonly guard: Guard;
  readonly registry: Registry;
  readonly dormant: Dormant;
  /** Loaded, where there is an agent, before the first session comes into being. */
  readonly agents: Late<Agents>;
  /** Loaded before a session that may sleep comes into being, and for whoever asks for a saved one. */
  readonly stored: Late<Stored>;
  /** Loaded for whoever asks for a cache; before the first hook or agent, which may. */
  readonly newCache: Late<() => CacheScope>;
  readonly bus: Bus;
  readonly journal: Journal;
  readonly deadlines: DeadlineQueue<SessionEntry | Alarm>;
  /** Calls that have not settled and wait: in `initializing`, for an end, for their session to be active. */
  readonly waiting: { parked: number; ends: number; creations: number };
  /** Inspectors: each is told of every fact after its commit, when look-ups show it already. */
  readonly taps: Set<(fact: Fact) => void>;
  /** A decision about a session that no call waits for. Without `refused`, that the store refused it is logged. */
  post(session: string, decide: Decision<void>, refused?: (error: unknown) => void): void;
  /** Throws `MANAGER_CLOSED`. */
  checkOpen(): void;
  /** Tells the supervisor. */
  supervise(command: SupervisorCommand): void;
  /** Tells the manager's chart that a session has used up its restarts. */
  escalate(id: string, error: unknown): void;
}

/** Until what the store refused is asked for again. */
export const RETRY_MS = 1000;

/** Sets the session's one deadline, `ms` from now. */
export function arm(engine: Engine, entry: SessionEntry, due: Due, ms: number): void {
  entry.due = due;
  if (Number.isFinite(ms)) engine.deadlines.arm(entry, engine.time.now() + ms);
  else disarm(engine, entry);
}

/** Asks for a decision that no call waits for, again and again while the store refuses it, as long as it is `wanted`. */
export function insist(
  engine: Engine,
  entry: SessionEntry,
  wanted: () => boolean,
  decide: (batch: Batch) => void,
): void {
  const again = () => insist(engine, entry, wanted, decide);
  engine.post(
    entry.state.id,
    (batch) => {
      if (wanted()) decide(batch);
    },
    () => {
      if (wanted()) arm(engine, entry, again, RETRY_MS);
    },
  );
}

export function disarm(engine: Engine, entry: SessionEntry): void {
  entry.due = undefined;
  engine.deadlines.disarm(entry);
}
