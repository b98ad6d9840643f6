import { SessionError } from '../../errors.ts';
import { Appender } from './appender.ts';
import type { Connection } from './driver.ts';
import { Loader } from './loader.ts';
import type { FactRow, FactsPage, FactsRequest, OpenRequest, State } from './protocol.ts';
import { Reader } from './reader.ts';
import { type Marks, Retention } from './retention.ts';
import { SavedTable } from './saved.ts';

interface StoreRow extends Marks {
  readonly epoch: number;
}

/** An open store on the thread that owns its connection; a write is one transaction, durable when it returns. */
export class StoreFile {
  readonly reader: Reader;
  readonly loader: Loader;
  readonly appender: Appender;
  readonly saved: SavedTable;
  readonly #request: OpenRequest;
  readonly #connection: Connection;
  readonly #lock: Connection | undefined;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #retention: Retention;
  #state: State;

  /** Takes over both connections. Without a lock it only reads. */
  constructor(request: OpenRequest, connection: Connection, lock: Connection | undefined) {
    this.#request = request;
    this.#connection = connection;
    this.#lock = lock;
    this.#statements = prepare(connection);
    this.#retention = new Retention(connection, request.retainEvents, request.retainMs);
    this.reader = new Reader(connection);
    this.loader = new Loader(connection);
    this.appender = new Appender(connection, this.#retention);
    this.saved = new SavedTable(connection);
    this.#state = lock ? this.#claim() : stateOf(this.#row());
  }

  get path(): string {
    return this.#request.path;
  }

  /** For a reader, as of the last {@link read}. */
  get state(): State {
    return this.#state;
  }

  append(facts: readonly FactRow[]): void {
    const newest = facts.at(-1);
    if (!newest) return;
    let state = this.#state;
    this.write((row) => {
      this.appender.append(facts, row.last_seq);
      const marks = this.#retention.advance({ ...row, last_seq: newest.seq }, facts.length, newest.at);
      this.#statements.mark.run(marks.last_seq, marks.cut_seq, marks.swept_seq);
      state = { epoch: row.epoch, lastSeq: marks.last_seq, cutSeq: marks.cut_seq };
    });
    this.#state = state;
  }

  facts(request: FactsRequest): FactsPage {
    const { cutSeq } = this.#state;
    if (request.resumed && request.from < cutSeq)
      throw new SessionError(
        'STORE_FAILED',
        `The facts up to ${cutSeq} were cut while those after ${request.from} were still to be read; read on from there.`,
        { details: { cutSeq } },
      );
    return this.reader.facts({ ...request, from: Math.max(request.from, cutSeq) });
  }

  /**
   * What `work` reads is of one moment, also while another process writes; and it is read faster, since each
   * statement on its own would take a lock and look for changes.
   */
  read<T>(work: () => T): T {
    this.#statements.begin.run();
    try {
      if (!this.#lock) this.#state = stateOf(this.#row());
      return work();
    } finally {
      // Nothing was written, and a rollback does not fail.
      if (this.#connection.inTransaction) this.#statements.rollback.run();
    }
  }

  /**
   * One transaction. Nobody who has been followed by another owner gets through: a write that comes late, by
   * whatever way the lock was lost, is `STORE_LOCKED` and changes nothing.
   */
  write<T>(work: (row: StoreRow) => T): T {
    if (!this.#lock)
      throw new SessionError('STORE_LOCKED', `The store ${this.path} was opened with { readOnly: true }.`);
    const { beginWrite, commit } = this.#statements;
    beginWrite.run();
    try {
      const row = this.#row();
      if (row.epoch !== this.#state.epoch)
        throw new SessionError(
          'STORE_LOCKED',
          `The store ${this.path} was opened by another owner meanwhile; this one may not write any more.`,
        );
      this.#retention.begin(row);
      const result = work(row);
      commit.run();
      return result;
    } catch (error) {
      // Some failures have ended the transaction by themselves.
      if (this.#connection.inTransaction) this.#statements.rollback.run();
      throw error;
    }
  }

  /** Leaves one file without a log beside it, where that is possible, and gives the lock back. */
  close(): void {
    try {
      if (this.#lock) {
        this.write(() => this.#statements.disown.run());
        this.#connection.pragma('wal_checkpoint(TRUNCATE)');
      }
    } catch {
      // What was acknowledged is in the log, and the next owner reads it from there.
    } finally {
      this.#connection.close();
      this.#lock?.close();
    }
  }

  #claim(): State {
    const { beginWrite, claim, commit } = this.#statements;
    beginWrite.run();
    claim.run(this.#request.owner, process.pid);
    const row = this.#row();
    commit.run();
    return { ...stateOf(row), cutSeq: this.#retention.cut(row) };
  }

  #row(): StoreRow {
    return this.#statements.row.get() as StoreRow;
  }
}

function stateOf({ epoch, last_seq, cut_seq }: StoreRow): State {
  return { epoch, lastSeq: last_seq, cutSeq: cut_seq };
}

function prepare(connection: Connection) {
  return {
    begin: connection.prepare('BEGIN'),
    beginWrite: connection.prepare('BEGIN IMMEDIATE'),
    commit: connection.prepare('COMMIT'),
    rollback: connection.prepare('ROLLBACK'),
    row: connection.prepare('SELECT epoch, last_seq, cut_seq, swept_seq FROM store'),
    claim: connection.prepare('UPDATE store SET epoch = epoch + 1, owner = ?, pid = ?'),
    disown: connection.prepare('UPDATE store SET owner = NULL, pid = NULL'),
    mark: connection.prepare('UPDATE store SET last_seq = ?, cut_seq = ?, swept_seq = ?'),
  };
}
