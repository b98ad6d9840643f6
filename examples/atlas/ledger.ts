import type { ActiveFile, Message, SessionInfo } from 'chartroom';
import type { PublishedEvent } from './board.ts';
import type { Part } from './parts.ts';

export interface AskedTurn {
  readonly turnId: string;
  readonly question: string;
}

/** A living session as its own look-ups show it, once all was answered. */
export interface Findable {
  readonly info: SessionInfo;
  readonly history: readonly Message[];
  readonly activeFiles: readonly ActiveFile[];
}

/** Where the chosen session was when it was killed. */
export interface Killed {
  readonly id: string;
  readonly turnId: string;
  readonly question: string;
  /** Pieces told, of how many; 0 when it was killed in its search. */
  readonly told: number;
  readonly pieces: number;
}

/** Everything that was done to the sessions and everything that was heard of them, each from its own source. */
export interface Ledger {
  readonly parts: readonly Part[];
  /** What a listener to all sessions heard. */
  readonly events: PublishedEvent[];
  /** What a listener to one session alone heard, by session. */
  readonly heard: Map<string, PublishedEvent[]>;
  readonly asked: Map<string, AskedTurn[]>;
  /** The paths that each session was given to hold. */
  readonly given: Map<string, Set<string>>;
  readonly found: Map<string, Findable>;
  killed?: Killed;
}

export function createLedger(parts: readonly Part[]): Ledger {
  return {
    parts,
    events: [],
    heard: new Map(parts.map(({ id }) => [id, []])),
    asked: new Map(parts.map(({ id }) => [id, []])),
    given: new Map(parts.map(({ id }) => [id, new Set()])),
    found: new Map(),
  };
}

/** What the listener to all sessions heard, sorted by session. */
export function eventsBySession({ events }: Ledger): ReadonlyMap<string, readonly PublishedEvent[]> {
  return Map.groupBy(events, ({ sessionId }) => sessionId);
}
