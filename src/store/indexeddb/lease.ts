import { asyncDispose } from '../../dispose.ts';
import type {
  FactQuery,
  HeadQuery,
  JournalRecord,
  SavedSessions,
  SessionHead,
  StoredSession,
  StoredSnapshot,
  StoreLease,
} from '../port.ts';
import { Appender, putSnapshot, removeSession } from './appender.ts';
import type { Connection } from './connection.ts';
import { load } from './loader.ts';
import * as reader from './reader.ts';
import { Retention } from './retention.ts';
import { factInput, type StoreRow } from './rows.ts';
import { SavedShelf } from './saved.ts';

/** What one page of facts may hold. Of the first one nothing is known, so it is small. */
const FIRST_ROWS = 16;
const MAX_ROWS = 1024;
const PAGE_CHARACTERS = 1 << 20;

export interface LeaseOptions {
  readonly retainEvents: number;
  /** `Infinity` for any age. */
  readonly retainMs: number;
}

/** A lease on a database that {@link Connection.claim} was called for; `row` is what that gave. */
export class IndexedDbLease implements StoreLease {
  readonly epoch: number;
  readonly saved: SavedSessions;
  readonly #connection: Connection;
  readonly #appender: Appender;
  readonly #release: () => Promise<void>;
  #lastSeq: number;
  #cutSeq: number;
  #closing: Promise<void> | undefined;

  /** `release` gives back whatever was taken beside the database. */
  constructor(
    connection: Connection,
    row: StoreRow,
    { retainEvents, retainMs }: LeaseOptions,
    release: () => Promise<void>,
  ) {
    const retention = new Retention(retainEvents, retainMs);
    this.#connection = connection;
    this.#appender = new Appender(retention);
    this.#release = release;
    this.#lastSeq = row.lastSeq;
    this.#cutSeq = retention.cut(row);
    this.epoch = row.epoch;
    this.saved = new SavedShelf(connection);
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  get cutSeq(): number {
    return this.#cutSeq;
  }

  async append(records: readonly JournalRecord[]): Promise<void> {
    const facts = records.map(factInput);
    const row = await this.#connection.write(async (transaction, before) =>
      facts.length === 0 ? before : this.#appender.append(transaction, facts, before),
    );
    this.#lastSeq = row.lastSeq;
    this.#cutSeq = Math.max(this.#cutSeq, row.cutSeq);
  }

  counts(): Promise<Record<string, number>> {
    return this.#connection.read(reader.counts);
  }

  head(id: string): Promise<SessionHead | undefined> {
    return this.#connection.read((transaction) => reader.head(transaction, id));
  }

  heads(query: HeadQuery = {}): Promise<SessionHead[]> {
    return this.#connection.read((transaction) => reader.heads(transaction, query));
  }

  load(id: string): Promise<StoredSession> {
    return this.#connection.read((transaction) => load(transaction, id));
  }

  async putSnapshot(id: string, snapshot: StoredSnapshot): Promise<void> {
    const data = JSON.stringify(snapshot.data);
    await this.#connection.write((transaction) => putSnapshot(transaction, id, snapshot, data));
  }

  async remove(id: string): Promise<void> {
    await this.#connection.write((transaction) => removeSession(transaction, id));
  }

  /** Those that were there when it was called. */
  facts({ from, sessionId, limit = Number.POSITIVE_INFINITY }: FactQuery): AsyncIterable<JournalRecord> {
    return this.#pages(from, this.#lastSeq, sessionId, limit);
  }

  [asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Each page is read on its own: nothing is held while a reader takes its time. */
  async *#pages(
    from: number,
    to: number,
    id: string | undefined,
    limit: number,
  ): AsyncGenerator<JournalRecord> {
    let next: reader.FactsPage['next'] = { from, behind: undefined };
    let rows = Math.min(FIRST_ROWS, limit);
    for (let left = limit, resumed = false; next !== undefined && left > 0; resumed = true) {
      const request = { ...next, to, id, rows, cutSeq: this.#cutSeq, resumed };
      const page: reader.FactsPage = await this.#connection.read((transaction) =>
        reader.facts(transaction, request),
      );
      next = page.next;
      for (const fact of page.facts.slice(0, left)) yield fact;
      left -= page.facts.length;
      const perFact = 1 + page.size / Math.max(1, page.facts.length);
      rows = Math.max(1, Math.min(MAX_ROWS, left, Math.floor(PAGE_CHARACTERS / perFact)));
    }
  }

  async #close(): Promise<void> {
    await this.#connection.close();
    await this.#release();
  }
}
