import { describe, expect, it } from 'vitest';
import type { FactsRequest } from '../../../src/store/sqlite/protocol.ts';
import type { StoreFile } from '../../../src/store/sqlite/store-file.ts';
import { scratchFolder } from './scratch-folder.ts';
import { driver, factRow, lifeRows, openFile, tamper } from './stage.ts';

const file = scratchFolder();
const query = (changes: Partial<FactsRequest> = {}): FactsRequest => ({
  from: 0,
  to: 1e9,
  id: undefined,
  limit: Number.POSITIVE_INFINITY,
  resumed: false,
  ...changes,
});
const seqs = (text: string) => (JSON.parse(text) as Array<{ seq: number }>).map(({ seq }) => seq);

function pagesOf(store: StoreFile, changes: Partial<FactsRequest> = {}): number[][] {
  const pages: number[][] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page = store.reader.facts(query({ ...changes, from }));
    pages.push(seqs(page.facts));
    from = page.next;
  }
  return pages;
}

describe('facts', () => {
  it.each([undefined, 'a'])('come in pages of 1,024 rows at most (of %s)', (id) => {
    const store = openFile(file());
    store.append(lifeRows(2500));
    const pages = pagesOf(store, { id });
    expect(pages.map(({ length }) => length)).toEqual([1024, 1024, 452]);
    expect(pages.flat()).toEqual(seqs(`[${lifeRows(2500).map(({ seq }) => `{"seq":${seq}}`)}]`));
    store.close();
  });

  it('come in pages of about a million characters, each of one fact at least', () => {
    const store = openFile(file());
    const payload = JSON.stringify('x'.repeat(600_000));
    store.append([1, 2, 3, 4, 5].map((seq) => factRow(seq, 'a', seq, { payload })));
    expect(pagesOf(store)).toEqual([[1, 2], [3, 4], [5]]);
    store.close();
  });

  it('that are not what was written are left out, and the page is filled up with others', () => {
    const path = file();
    const store = openFile(path);
    store.append([...lifeRows(4), factRow(5, 'b', 1), factRow(6, 'c', 1)]);
    tamper(
      path,
      `UPDATE facts SET payload = '{"n":99}' WHERE seq = 2; UPDATE facts SET type = 'y' WHERE seq = 5`,
    );
    // Whose fact this was nobody knows.
    tamper(path, 'DELETE FROM sessions WHERE seq = 6');
    expect(seqs(store.reader.facts(query()).facts)).toEqual([1, 3, 4]);
    expect(seqs(store.reader.facts(query({ limit: 2 })).facts)).toEqual([1, 3]);
    store.close();
  });

  it('of one session that are not what was written are STORE_CORRUPT', () => {
    const path = file();
    const store = openFile(path);
    store.append([...lifeRows(3), factRow(4, 'b', 1)]);
    tamper(path, `UPDATE facts SET at = 'then' WHERE seq = 2`);
    expect(() => store.reader.facts(query({ id: 'a' }))).toThrow(
      expect.objectContaining({
        code: 'STORE_CORRUPT',
        sessionId: 'a',
        message: expect.stringContaining('its fact 2'),
      }),
    );
    expect(seqs(store.reader.facts(query({ id: 'a', from: 2 })).facts)).toEqual([3]);
    expect(seqs(store.reader.facts(query({ id: 'b' })).facts)).toEqual([4]);
    store.close();
  });
});

describe('the statements', () => {
  const planOf = (path: string, sql: string): string => {
    const connection = new driver(path, { readonly: true });
    const plan = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as Array<{ detail: string }>;
    connection.close();
    return plan.map(({ detail }) => detail).join('; ');
  };

  it.each([
    [
      'counts',
      'SELECT status, count(*) AS n FROM sessions GROUP BY status',
      'COVERING INDEX sessions_by_status',
    ],
    [
      'a page of heads',
      'SELECT * FROM sessions WHERE seq > 1 ORDER BY seq LIMIT 9',
      'SEARCH sessions USING INTEGER PRIMARY KEY',
    ],
    [
      'a page of heads of a status',
      `SELECT * FROM sessions WHERE status = 'x' AND seq > 1 ORDER BY seq LIMIT 9`,
      'SEARCH sessions USING INDEX sessions_by_status (status=? AND rowid>?)',
    ],
    [
      'heads to be woken',
      'SELECT * FROM sessions WHERE wake_at > 1 AND wake_at <= 2 AND +seq > 0 ORDER BY wake_at, seq LIMIT 9',
      'SEARCH sessions USING INDEX sessions_by_wake (wake_at>? AND wake_at<?)',
    ],
    [
      'facts of a session',
      'SELECT * FROM facts WHERE session = 1 AND +seq > 1 AND +seq <= 9 ORDER BY session_seq',
      'SEARCH facts USING INDEX facts_by_session (session=?)',
    ],
  ])('for %s go along an index, and sort nothing', (_what, sql, way) => {
    const path = file();
    openFile(path).close();
    const plan = planOf(path, sql);
    expect(plan).toContain(way);
    expect(plan).not.toContain('TEMP B-TREE');
  });
});
