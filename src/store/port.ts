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
}

export interface StoredSnapshot {
  /** The last fact it includes. */
  readonly sessionSeq: number;
  /** Of the data's format. */
  readonly version: number;
  readonly data: JsonObject;
}

export interface StoredSession {
  readonly snapshot?: StoredSnapshot;
  /** The facts after the snapshot, in order. */
  readonly records: readonly JournalRecord[];
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
  list(): readonly SavedDocument[] | Promise<readonly SavedDocument[]>;
  /** Whether it was there. */
  delete(id: string): boolean | Promise<boolean>;
}

/** Where sessions live. One owner at a time: a second `open` rejects `STORE_LOCKED`. */
export interface SessionStore {
  open(options: { owner: string }): Promise<StoreLease>;
}

export interface StoreLease extends AsyncDisposable {
  /** Fences every earlier owner. */
  readonly epoch: number;
  /** The `seq` of the newest fact ever appended, 0 for none. */
  readonly lastSeq: number;
  /** The `seq` of the newest fact that `facts` can no longer give, 0 when it can give all. */
  readonly cutSeq: number;
  /** All or none; durable when it returns or resolves. A `session_terminated` removes its session with it. */
  append(records: readonly JournalRecord[]): void | Promise<void>;
  /** The ids of all stored sessions. */
  ids(): AsyncIterable<string> | Iterable<string>;
  load(id: string): StoredSession | Promise<StoredSession>;
  /** Facts up to the snapshot's `sessionSeq` are no longer needed for `load`. */
  putSnapshot(id: string, snapshot: StoredSnapshot): void | Promise<void>;
  facts(query: FactQuery): AsyncIterable<JournalRecord> | Iterable<JournalRecord>;
  readonly saved: SavedSessions;
}
