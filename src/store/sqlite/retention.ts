import type { Connection } from './driver.ts';
import { unescapeText } from './text.ts';

/** Rows looked at per append, beside as many again as it brings: enough to keep up and to catch up, never a pause. */
const STEP = 64;

export interface Marks {
  readonly last_seq: number;
  /** No cursor is given a fact up to here. */
  readonly cut_seq: number;
  /** Of the facts up to here only those are left that `load` needs. */
  readonly swept_seq: number;
}

/**
 * Which facts cursors may still read, and the deletion of the others: in small steps beside the appends, inside
 * their transactions. Age is measured against the newest fact, so that no clock has to be believed twice.
 */
export class Retention {
  readonly #statements: ReturnType<typeof prepare>;
  readonly #retainEvents: number;
  readonly #retainMs: number;
  #sweptSeq = 0;

  constructor(connection: Connection, retainEvents: number, retainMs: number) {
    this.#statements = prepare(connection);
    this.#retainEvents = retainEvents;
    this.#retainMs = retainMs;
  }

  /** The newest fact that cursors are not given, when `lastSeq` is the newest there is. */
  cut({ last_seq, cut_seq }: Marks): number {
    return Math.max(cut_seq, last_seq - this.#retainEvents);
  }

  /** Where the sweep has got to; what is released later is measured by it. */
  begin({ swept_seq }: Marks): void {
    this.#sweptSeq = swept_seq;
  }

  /** `added` facts came, the newest of `at`: moves the marks on and deletes a step's worth. */
  advance(marks: Marks, added: number, at: string): Marks {
    const limit = STEP + 2 * added;
    const cutSeq = this.#cutByAge(this.cut(marks), Date.parse(unescapeText(at)), limit);
    const sweptSeq = this.#step(marks.swept_seq, cutSeq, limit);
    if (sweptSeq > marks.swept_seq) {
      this.#statements.sweepFacts.run(marks.swept_seq, sweptSeq);
      this.#statements.sweepEnded.run(sweptSeq);
    }
    return { last_seq: marks.last_seq, cut_seq: cutSeq, swept_seq: sweptSeq };
  }

  /** `load` does not need these facts of a session any more: those that the sweep has left to it alone go. */
  release(session: number, afterSessionSeq: number, toSessionSeq: number): void {
    this.#statements.release.run(session, afterSessionSeq, toSessionSeq, this.#sweptSeq);
  }

  /** How far one goes, by facts and not by numbers: a session that was saved elsewhere may skip a great many. */
  #step(from: number, to: number, limit: number): number {
    if (to - from <= limit) return to;
    const last = this.#statements.last.get(from, to, limit - 1) as { seq: number } | undefined;
    return last?.seq ?? to;
  }

  #cutByAge(cutSeq: number, now: number, limit: number): number {
    if (this.#retainMs === Number.POSITIVE_INFINITY) return cutSeq;
    let newest = cutSeq;
    for (const row of this.#statements.oldest.iterate(cutSeq, limit)) {
      const { seq, at } = row as { seq: number; at: string };
      if (!(Date.parse(unescapeText(at)) < now - this.#retainMs)) break;
      newest = seq;
    }
    return newest;
  }
}

function prepare(connection: Connection) {
  return {
    oldest: connection.prepare('SELECT seq, at FROM facts WHERE seq > ? ORDER BY seq LIMIT ?'),
    last: connection.prepare(
      'SELECT seq FROM facts WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT 1 OFFSET ?',
    ),
    sweepFacts: connection.prepare(`
      DELETE FROM facts WHERE seq > ? AND seq <= ? AND NOT EXISTS (
        SELECT 1 FROM sessions WHERE sessions.seq = facts.session AND facts.session_seq > snapshot_seq)`),
    sweepEnded: connection.prepare('DELETE FROM ended WHERE last_seq <= ?'),
    release: connection.prepare(
      'DELETE FROM facts WHERE session = ? AND session_seq > ? AND session_seq <= ? AND +seq <= ?',
    ),
  };
}
