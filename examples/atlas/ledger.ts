import type { Message } from 'chartroom';
import type { PublishedEvent } from './board.ts';
import type { Part } from './parts.ts';

export interface AskedTurn {
  readonly turnId: string;
  readonly question: string;
}

/** A session as its own look-ups show it, or as it was saved before it ended, once all was answered. */
export interface Findable {
  /** Undefined in a saved copy, which does not say. */
  readonly restarts: number | undefined;
  readonly history: readonly Message[];
  readonly activeFiles: readonly string[];
}

/** Where the chosen session was when it was killed. */
export interface Killed {
  readonly id: string;
  readonly turnId: string;
  readonly question: string;
  /** Pieces told, of how many. */
  readonly told: number;
  readonly pieces: number;
}

/**
 * Everything that was done to the sessions and everything that was heard of them, each from its own source, over
 * all runs of the job.
 */
export interface Ledger {
  readonly parts: readonly Part[];
  /** What a listener to all sessions heard. */
  readonly events: PublishedEvent[];
  /** Those of {@link events} that were not told before. */
  readonly news: PublishedEvent[];
  /** What a listener to one session alone heard, by session. */
  readonly heard: Map<string, PublishedEvent[]>;
  readonly asked: Map<string, AskedTurn[]>;
  /** The paths that each session was given to hold. */
  readonly given: Map<string, Set<string>>;
  readonly found: Map<string, Findable>;
  /** Sessions that the store could not give back, and why. */
  readonly quarantined: Map<string, string>;
  killed?: Killed;
}

export function createLedger(parts: readonly Part[]): Ledger {
  return {
    parts,
    events: [],
    news: [],
    heard: new Map(parts.map(({ id }) => [id, []])),
    asked: new Map(parts.map(({ id }) => [id, []])),
    given: new Map(parts.map(({ id }) => [id, new Set()])),
    found: new Map(),
    quarantined: new Map(),
  };
}

/** What the listener to all sessions heard, sorted by session. */
export function eventsBySession({
  events,
}: Pick<Ledger, 'events'>): ReadonlyMap<string, readonly PublishedEvent[]> {
  return Map.groupBy(events, ({ sessionId }) => sessionId);
}
