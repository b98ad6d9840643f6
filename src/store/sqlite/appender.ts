import { SessionError } from '../../errors.ts';
import { checksum } from './checksum.ts';
import type { Connection } from './driver.ts';
import type { FactRow, SnapshotRow } from './protocol.ts';
import type { Retention } from './retention.ts';
import { factText, type HeadRow, snapshotText } from './rows.ts';
import { unescapeText } from './text.ts';

interface SessionRow extends HeadRow {
  session_seq: number;
  status: string;
  wake_at: number | null;
}

/** Puts facts and snapshots into the tables, inside the transaction of whoever calls. */
export class Appender {
  readonly #statements: ReturnType<typeof prepare>;
  readonly #retention: Retention;

  constructor(connection: Connection, retention: Retention) {
    this.#statements = prepare(connection);
    this.#retention = retention;
  }

  /** `lastSeq` is the newest there is. Refuses a wrong `seq` or `sessionSeq` with `STORE_FAILED`. */
  append(facts: readonly FactRow[], lastSeq: number): void {
    const { insertFact } = this.#statements;
    const touched = new Map<string, SessionRow>();
    let newest = lastSeq;
    for (const fact of facts) {
      const { seq, id, sessionSeq, type, at, payload } = fact;
      if (!(seq > newest))
        throw new SessionError('STORE_FAILED', `Fact ${seq} was appended after fact ${newest}.`);
      newest = seq;
      const session = touched.get(id) ?? this.#find(fact);
      if (sessionSeq !== session.session_seq + 1) throw wrongSequence(fact, session.session_seq + 1);
      session.session_seq = sessionSeq;
      insertFact.run(
        seq,
        session.seq,
        sessionSeq,
        type,
        at,
        payload,
        checksum(factText(id, seq, sessionSeq, type, at, payload), session.seq),
      );
      if (fact.ends) {
        touched.delete(id);
        this.#end(session, seq);
        continue;
      }
      touched.set(id, session);
      if (fact.status !== undefined) session.status = fact.status;
      if (fact.wakeAt !== undefined) session.wake_at = fact.wakeAt;
    }
    for (const { seq, session_seq, status, wake_at } of touched.values())
      this.#statements.updateSession.run(session_seq, status, wake_at, seq);
  }

  /** Nothing when the session is not there. */
  putSnapshot({ id, sessionSeq, version, data, wakeAt }: SnapshotRow): void {
    const session = this.#statements.session.get(id) as SessionRow | undefined;
    if (!session) return;
    if (sessionSeq > session.session_seq || sessionSeq < session.snapshot_seq)
      throw new SessionError(
        'STORE_FAILED',
        `A snapshot of session "${unescapeText(id)}" as of its fact ${sessionSeq} came where one from ${session.snapshot_seq} to ${session.session_seq} was expected.`,
        { sessionId: unescapeText(id) },
      );
    this.#statements.putSnapshot.run(
      session.seq,
      sessionSeq,
      version,
      data,
      checksum(snapshotText(sessionSeq, version, data), session.seq),
    );
    this.#statements.snapshotTaken.run(
      sessionSeq,
      wakeAt === undefined || sessionSeq < session.session_seq ? session.wake_at : wakeAt,
      session.seq,
    );
    this.#retention.release(session.seq, session.snapshot_seq, sessionSeq);
  }

  remove(id: string): void {
    const session = this.#statements.session.get(id) as SessionRow | undefined;
    if (!session) return;
    this.#statements.deleteFacts.run(session.seq);
    this.#statements.deleteSnapshot.run(session.seq);
    this.#statements.deleteSession.run(session.seq);
  }

  /** The session of the fact; a new one when there is none and the fact is a first one. */
  #find(fact: FactRow): SessionRow {
    const { seq, id } = fact;
    const known = this.#statements.session.get(id) as SessionRow | undefined;
    if (known) return known;
    if (fact.sessionSeq !== 1) throw wrongSequence(fact, 1);
    const session = { seq, id, session_seq: 0, status: 'initializing', wake_at: null, snapshot_seq: 0 };
    this.#statements.insertSession.run(seq, id);
    return session;
  }

  /** Its facts stay for cursors; those that were kept for `load` alone go. */
  #end({ seq, id, session_seq, snapshot_seq }: SessionRow, lastSeq: number): void {
    this.#statements.deleteSnapshot.run(seq);
    this.#statements.deleteSession.run(seq);
    this.#statements.insertEnded.run(seq, id, lastSeq);
    this.#retention.release(seq, snapshot_seq, session_seq);
  }
}

function wrongSequence({ id, sessionSeq }: FactRow, expected: number): SessionError {
  const sessionId = unescapeText(id);
  return new SessionError(
    'STORE_FAILED',
    `Fact ${sessionSeq} of session "${sessionId}" was appended where ${expected} was expected.`,
    { sessionId },
  );
}

function prepare(connection: Connection) {
  return {
    session: connection.prepare('SELECT * FROM sessions WHERE id = ?'),
    insertSession: connection.prepare(
      `INSERT INTO sessions (seq, id, session_seq, status, snapshot_seq) VALUES (?, ?, 0, 'initializing', 0)`,
    ),
    updateSession: connection.prepare(
      'UPDATE sessions SET session_seq = ?, status = ?, wake_at = ? WHERE seq = ?',
    ),
    deleteSession: connection.prepare('DELETE FROM sessions WHERE seq = ?'),
    insertEnded: connection.prepare('INSERT INTO ended (session, id, last_seq) VALUES (?, ?, ?)'),
    insertFact: connection.prepare(
      'INSERT INTO facts (seq, session, session_seq, type, at, payload, checksum) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    deleteFacts: connection.prepare('DELETE FROM facts WHERE session = ?'),
    putSnapshot: connection.prepare(
      'INSERT OR REPLACE INTO snapshots (session, session_seq, version, data, checksum) VALUES (?, ?, ?, ?, ?)',
    ),
    snapshotTaken: connection.prepare('UPDATE sessions SET snapshot_seq = ?, wake_at = ? WHERE seq = ?'),
    deleteSnapshot: connection.prepare('DELETE FROM snapshots WHERE session = ?'),
  };
}
