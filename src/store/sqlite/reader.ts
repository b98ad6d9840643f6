import type { Connection } from './driver.ts';
import type { FactsPage, FactsRequest, HeadsRequest, Text } from './protocol.ts';
import { corruptSession, type HeadRow, headText, readFact, type StoredFact } from './rows.ts';

/** What one page of facts may hold: a message that is quick to send and to parse. */
const PAGE_ROWS = 1024;
const PAGE_CHARACTERS = 1 << 20;

/** Answers as JSON, put together from the columns: the main thread parses them, once. */
export class Reader {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(connection: Connection) {
    this.#statements = prepare(connection);
  }

  counts(): Text {
    const rows = this.#statements.counts.all() as Array<{ status: string; n: number }>;
    return `{${rows.map(({ status, n }) => `"${status}":${n}`).join()}}`;
  }

  head(id: string): Text | undefined {
    const row = this.#statements.head.get(id) as HeadRow | undefined;
    return row && headText(row);
  }

  heads({ after, statuses, limit, wake }: HeadsRequest): Text {
    const { heads, headsOfStatus, headsByWake } = this.#statements;
    // SQLite counts with 64 bits; all of them is −1.
    const rows = Number.isFinite(limit) ? limit : -1;
    let found: HeadRow[];
    if (wake) {
      found = headsByWake.all(...wake, after, statuses ? -1 : rows) as HeadRow[];
      if (statuses) found = found.filter(({ status }) => statuses.includes(status));
    } else if (statuses) {
      // One run over the index for each status: SQLite alone would sort all sessions for one page.
      const runs = [...new Set(statuses)].map(
        (status) => headsOfStatus.all(status, after, rows) as HeadRow[],
      );
      found = runs.flat().sort((a, b) => a.seq - b.seq);
    } else found = heads.all(after, rows) as HeadRow[];
    return `[${found.slice(0, limit).map(headText).join()}]`;
  }

  /**
   * The facts after `from`. One that is not what was written is left out, so that the others can be read; asked for
   * its session alone, it is `STORE_CORRUPT`.
   */
  facts({ from, to, id, limit }: FactsRequest): FactsPage {
    const texts: string[] = [];
    let length = 0;
    for (const { row, id: owner } of id === undefined ? this.#all(from, to) : this.#ofSession(id, from, to)) {
      if (texts.length >= limit) break;
      if (texts.length === PAGE_ROWS || length > PAGE_CHARACTERS)
        return { facts: `[${texts.join()}]`, next: row.seq - 1 };
      const text = owner === null ? undefined : readFact(owner, row);
      if (text === undefined) {
        if (id === undefined) continue;
        throw corruptSession(id, `its fact ${row.session_seq} does not match its checksum`);
      }
      length += text.length;
      texts.push(text);
    }
    return { facts: `[${texts.join()}]`, next: undefined };
  }

  *#all(from: number, to: number): Generator<{ row: StoredFact; id: string | null }> {
    for (const row of this.#statements.facts.iterate(from, to)) {
      const columns = row as StoredFact & { id: string | null };
      yield { row: columns, id: columns.id };
    }
  }

  /** Of each life that the id has had, the oldest first: every fact of one is older than every fact of the next. */
  *#ofSession(id: string, from: number, to: number): Generator<{ row: StoredFact; id: string }> {
    for (const life of this.#statements.lives.all(id, from, id)) {
      const { session } = life as { session: number };
      for (const row of this.#statements.factsOfSession.iterate(session, from, to))
        yield { row: row as StoredFact, id };
    }
  }
}

function prepare(connection: Connection) {
  return {
    counts: connection.prepare('SELECT status, count(*) AS n FROM sessions GROUP BY status'),
    head: connection.prepare('SELECT * FROM sessions WHERE id = ?'),
    heads: connection.prepare('SELECT * FROM sessions WHERE seq > ? ORDER BY seq LIMIT ?'),
    headsOfStatus: connection.prepare(
      'SELECT * FROM sessions WHERE status = ? AND seq > ? ORDER BY seq LIMIT ?',
    ),
    // The unary plus keeps SQLite from reading along `seq`, past every session that is never to be woken.
    headsByWake: connection.prepare(
      'SELECT * FROM sessions WHERE wake_at > ? AND wake_at <= ? AND +seq > ? ORDER BY wake_at, seq LIMIT ?',
    ),
    facts: connection.prepare(`
      SELECT facts.*, coalesce(sessions.id, ended.id) AS id FROM facts
      LEFT JOIN sessions ON sessions.seq = facts.session
      LEFT JOIN ended ON ended.session = facts.session
      WHERE facts.seq > ? AND facts.seq <= ? ORDER BY facts.seq`),
    lives: connection.prepare(`
      SELECT session FROM ended WHERE id = ? AND last_seq > ?
      UNION ALL SELECT seq FROM sessions WHERE id = ? ORDER BY 1`),
    factsOfSession: connection.prepare(
      'SELECT * FROM facts WHERE session = ? AND +seq > ? AND +seq <= ? ORDER BY session_seq',
    ),
  };
}
