import type { JsonObject, SavedSession } from '../data.ts';

/** One committed fact. All state is a fold over these; an event is the public face of one. */
export interface JournalRecord {
  /** Over the store's life, strictly increasing. */
  readonly seq: number;
  readonly sessionId: string;
  /** Within the session, from 1 without holes: a store refuses any other. */
  readonly sessionSeq: number;
  readonly type: string;
  /** ISO 8601. */
  readonly at: string;
  readonly payload: object;
  /**
   * When its session must come back though nobody touches it: milliseconds on the clock, 0 for at once, null for
   * never. Without it the fact changes nothing about that. A store keeps the newest in the session's head, and
   * need not give it back with the fact.
   */
  readonly wakeAt?: number | null;
}

export interface StoredSnapshot {
  /** The last fact it includes. */
  readonly sessionSeq: number;
  /** Of the data's format. */
  readonly version: number;
  readonly data: JsonObject;
  /** Replaces the head's, unless a fact has come after the snapshot; see {@link JournalRecord.wakeAt}. */
  readonly wakeAt?: number | null;
}

export interface StoredSession {
  readonly snapshot?: StoredSnapshot;
  /** The facts after the snapshot, in order. */
  readonly records: readonly JournalRecord[];
}

/** What a store knows of a session without reading its facts. */
export interface SessionHead {
  readonly id: string;
  /** Of its `session_created`. */
  readonly seq: number;
  /** Of its newest fact. */
  readonly sessionSeq: number;
  /** As its newest `session_status` says; `initializing` before the first. */
  readonly status: string;
  /** See {@link JournalRecord.wakeAt}. */
  readonly wakeAt: number | null;
}

export interface HeadQuery {
  /** Heads with a greater `seq`. Default all. */
  readonly after?: number;
  readonly status?: readonly string[];
  readonly limit?: number;
  /** Only heads with `wakeAfter < wakeAt ≤ wakeBy`, ordered by `wakeAt` instead of `seq`. Give both or neither. */
  readonly wakeAfter?: number;
  readonly wakeBy?: number;
}

export interface FactQuery {
  /** Facts with a greater `seq`. */
  readonly from: number;
  readonly sessionId?: string;
  readonly limit?: number;
}

/** A saved session: what a caller lists, and the document it is restored from. */
export interface SavedDocument extends SavedSession {
  readonly version: number;
  readonly data: JsonObject;
}

export interface SavedSessions {
  put(document: SavedDocument): void | Promise<void>;
  get(id: string): SavedDocument | undefined | Promise<SavedDocument | undefined>;
  /** Those that can be read. */
  list(): readonly SavedDocument[] | Promise<readonly SavedDocument[]>;
  /** Of all that are there, those that cannot be read included. */
  ids(): readonly string[] | Promise<readonly string[]>;
  /** Whether it was there. */
  delete(id: string): boolean | Promise<boolean>;
}

/** Where sessions live. One owner at a time: a second `open` rejects `STORE_LOCKED`. */
export interface SessionStore {
  open(options: { owner: string }): Promise<StoreLease>;
}

/**
 * What the owner of a store may do. A store that answers at once returns plain values; one that takes its time
 * returns promises, and the facts of one turn of the event loop then come to it as one `append`.
 */
export interface StoreLease extends AsyncDisposable {
  /** Fences every earlier owner. */
  readonly epoch: number;
  /** What it holds goes with the process. Default false. */
  readonly volatile?: boolean;
  /** The `seq` of the newest fact ever appended, 0 for none. */
  readonly lastSeq: number;
  /** The `seq` of the newest fact that `facts` can no longer give, 0 when it can give all. */
  readonly cutSeq: number;
  /**
   * All or none; durable when it returns or resolves. A `session_terminated` removes its session with it. Refuses
   * a wrong `sessionSeq` and a `seq` that is not greater than all before, with `STORE_FAILED`.
   */
  append(records: readonly JournalRecord[]): void | Promise<void>;
  /** How many sessions are stored with each status. */
  counts(): Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>;
  head(id: string): SessionHead | undefined | Promise<SessionHead | undefined>;
  /** In the order of `seq`, which is that of creation. */
  heads(query?: HeadQuery): readonly SessionHead[] | Promise<readonly SessionHead[]>;
  /** Rejects `STORE_CORRUPT` for a session that cannot be read. One that is not there has no records. */
  load(id: string): StoredSession | Promise<StoredSession>;
  /** Facts up to the snapshot's `sessionSeq` are no longer needed for `load`. */
  putSnapshot(id: string, snapshot: StoredSnapshot): void | Promise<void>;
  /** Forgets the session and its facts, one that cannot be read included; nothing when it is not there. */
  remove(id: string): void | Promise<void>;
  facts(query: FactQuery): AsyncIterable<JournalRecord> | Iterable<JournalRecord>;
  readonly saved: SavedSessions;
}
