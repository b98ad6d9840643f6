/**
 * What the main thread asks of the thread that owns the connection, and what it hears. Texts (ids, types, times,
 * statuses) travel and are stored as the inside of a JSON string: so every one is well-formed Unicode without
 * NUL, which SQLite needs, and an answer is put together from columns without a serializer.
 */
import type { SessionErrorCode } from '../../errors.ts';

export interface OpenRequest {
  /** Absolute. */
  readonly path: string;
  readonly owner: string;
  readonly readOnly: boolean;
  readonly retainEvents: number;
  /** `Infinity` for any age. */
  readonly retainMs: number;
}

export interface FactRow {
  readonly seq: number;
  readonly id: string;
  readonly sessionSeq: number;
  readonly type: string;
  readonly at: string;
  /** JSON. */
  readonly payload: string;
  /** Of the session from this fact on; undefined when the fact does not change it. */
  readonly status: string | undefined;
  readonly wakeAt: number | null | undefined;
  /** It is the last of its session. */
  readonly ends: boolean;
}

export interface SnapshotRow {
  readonly id: string;
  readonly sessionSeq: number;
  readonly version: number;
  /** JSON. */
  readonly data: string;
  readonly wakeAt: number | null | undefined;
}

export interface HeadsRequest {
  readonly after: number;
  readonly statuses: readonly string[] | undefined;
  readonly limit: number;
  /** `wakeAfter` and `wakeBy`. */
  readonly wake: readonly [number, number] | undefined;
}

export interface FactsRequest {
  readonly from: number;
  /** The newest fact wanted. */
  readonly to: number;
  readonly id: string | undefined;
  readonly limit: number;
  /** It goes on where a page ended: a cut beyond `from` would be a gap that nobody sees. */
  readonly resumed: boolean;
}

export interface SavedRow {
  readonly id: string;
  /** JSON of the whole document. */
  readonly document: string;
}

/** Each operation with what it takes and what it answers; `Text` is JSON for the main thread to parse. */
export interface Operations {
  open: { takes: OpenRequest; gives: State };
  append: { takes: readonly FactRow[]; gives: undefined };
  counts: { takes: undefined; gives: Text };
  head: { takes: string; gives: Text | undefined };
  heads: { takes: HeadsRequest; gives: Text };
  load: { takes: string; gives: Text };
  putSnapshot: { takes: SnapshotRow; gives: undefined };
  remove: { takes: string; gives: undefined };
  facts: { takes: FactsRequest; gives: FactsPage };
  putSaved: { takes: SavedRow; gives: undefined };
  getSaved: { takes: string; gives: Text | undefined };
  listSaved: { takes: undefined; gives: Text };
  savedIds: { takes: undefined; gives: Text };
  deleteSaved: { takes: string; gives: boolean };
  close: { takes: undefined; gives: undefined };
}

export type Text = string;
export type OperationName = keyof Operations;
export type Operation = { [N in OperationName]: readonly [N, Operations[N]['takes']] }[OperationName];

export interface State {
  readonly epoch: number;
  readonly lastSeq: number;
  readonly cutSeq: number;
}

export interface FactsPage {
  /** JSON of a list. */
  readonly facts: Text;
  /** Where the next page goes on; undefined after the last. */
  readonly next: number | undefined;
}

/** A `SessionError` on its way between threads. */
export interface Refusal {
  readonly code: SessionErrorCode;
  readonly message: string;
  readonly sessionId?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export type Answer = { readonly gives: unknown } | { readonly refusal: Refusal };

/** Answers in the order of the operations; those of one message may come as several. */
export interface Reply {
  readonly answers: readonly Answer[];
  /** Of the store, as of the last of them. */
  readonly state: State | undefined;
}
