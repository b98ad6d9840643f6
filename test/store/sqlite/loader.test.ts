import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SessionError } from '../../../src/errors.ts';
import type { StoreFile } from '../../../src/store/sqlite/store-file.ts';
import { scratchFolder } from './scratch-folder.ts';
import { factRow, lifeRows, openFile, rowsOf, snapshotRow, tamper } from './stage.ts';

const file = scratchFolder();

/** Per id the seqs of its records, or why it cannot be read. */
const loaded = (store: StoreFile, ...ids: string[]) =>
  store.loader.load(ids).map((each) => {
    if (each instanceof SessionError) return `${each.code}: ${each.details?.reason}`;
    return (JSON.parse(each).records as Array<{ seq: number }>).map(({ seq }) => seq);
  });

function withThree(): { path: string; store: StoreFile } {
  const path = file();
  const store = openFile(path);
  store.append([...lifeRows(3), factRow(4, 'b', 1), factRow(5, 'c', 1), factRow(6, 'c', 2)]);
  store.write(() => store.appender.putSnapshot(snapshotRow('c', 1)));
  return { path, store };
}

describe('loading', () => {
  it('reads many sessions at once, each for the id that asked, in any order and more than once', () => {
    const { store } = withThree();
    expect(loaded(store, 'c', 'nobody', 'a', 'b', 'a')).toEqual([[6], [], [1, 2, 3], [4], [1, 2, 3]]);
    expect(loaded(store)).toEqual([]);
    store.close();
  });

  it('reads more sessions than one statement takes', () => {
    const store = openFile(file());
    store.append(Array.from({ length: 700 }, (_, n) => factRow(n + 1, `s${n}`, 1)));
    const ids = Array.from({ length: 700 }, (_, n) => `s${699 - n}`);
    expect(loaded(store, ...ids)).toEqual(ids.map((_, n) => [700 - n]));
    store.close();
  });
});

describe('a session that is not what was written', () => {
  it.each([
    [
      'a payload was changed',
      `UPDATE facts SET payload = '{}' WHERE seq = 2`,
      'its fact 2 does not match its checksum',
    ],
    ['a fact changed places', 'UPDATE facts SET session = 99 WHERE seq = 2', 'its fact 2 is missing'],
    ['its first fact is gone', 'DELETE FROM facts WHERE seq = 1', 'its fact 1 is missing'],
    ['its newest fact is gone', 'DELETE FROM facts WHERE seq = 3', 'its fact 3 is missing'],
    ['all its facts are gone', 'DELETE FROM facts WHERE session = 1', 'its fact 1 is missing'],
    [
      'its head counts too many',
      'UPDATE sessions SET session_seq = 4 WHERE seq = 1',
      'its fact 4 is missing',
    ],
    [
      'its head counts too few',
      'UPDATE sessions SET session_seq = 2 WHERE seq = 1',
      'it has more facts than its head counts',
    ],
    [
      'its head speaks of a snapshot',
      'UPDATE sessions SET snapshot_seq = 1 WHERE seq = 1',
      'its snapshot is missing',
    ],
    [
      'its payload is no JSON any more',
      `UPDATE facts SET payload = '{"n":' WHERE seq = 1`,
      'its fact 1 does not match its checksum',
    ],
  ])('is STORE_CORRUPT alone: %s', (_what, sql, reason) => {
    const { path, store } = withThree();
    tamper(path, sql);
    expect(loaded(store, 'b', 'a', 'c')).toEqual([[4], `STORE_CORRUPT: ${reason}`, [6]]);
    store.close();
  });

  it.each([
    [`UPDATE snapshots SET data = '{}'`, 'its snapshot does not match its checksum'],
    ['UPDATE snapshots SET version = 2', 'its snapshot does not match its checksum'],
    ['UPDATE snapshots SET session_seq = 2', 'its snapshot is missing'],
    ['DELETE FROM snapshots', 'its snapshot is missing'],
  ])('is STORE_CORRUPT alone: %s', (sql, reason) => {
    const { path, store } = withThree();
    tamper(path, sql);
    expect(loaded(store, 'a', 'b', 'c')).toEqual([[1, 2, 3], [4], `STORE_CORRUPT: ${reason}`]);
    store.close();
  });

  it('says which and why, and can be removed and begun again', () => {
    const { path, store } = withThree();
    tamper(path, `UPDATE facts SET payload = '{}' WHERE seq = 2`);
    expect(store.loader.load(['a'])[0]).toMatchObject({
      code: 'STORE_CORRUPT',
      sessionId: 'a',
      message: 'Session "a" cannot be read: its fact 2 does not match its checksum.',
    });
    store.write(() => store.appender.remove('a'));
    expect(loaded(store, 'a')).toEqual([[]]);
    store.append([factRow(7, 'a', 1)]);
    expect(loaded(store, 'a')).toEqual([[7]]);
    store.close();
  });
});

describe('a damaged page', () => {
  it('takes its own sessions with it, and no other', () => {
    const path = file();
    const first = openFile(path);
    const payload = JSON.stringify('x'.repeat(1500));
    first.append(Array.from({ length: 40 }, (_, n) => factRow(n + 1, `s${n}`, 1, { payload })));
    first.close();
    const [{ pageno = 0 } = {}] = rowsOf(
      path,
      `SELECT pageno FROM dbstat WHERE name = 'facts' AND pagetype = 'leaf' ORDER BY pageno LIMIT 1 OFFSET 5`,
    ) as Array<{ pageno?: number }>;
    expect(pageno).toBeGreaterThan(1);
    const bytes = readFileSync(path);
    bytes.fill(0xee, (pageno - 1) * 4096, pageno * 4096);
    writeFileSync(path, bytes);
    const store = openFile(path);
    const ids = Array.from({ length: 40 }, (_, n) => `s${n}`);
    const found = loaded(store, ...ids);
    const lost = found.filter((each) => typeof each === 'string');
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.length).toBeLessThan(6);
    expect(new Set(lost)).toEqual(new Set(['STORE_CORRUPT: the pages of the file that hold it are damaged']));
    for (const [n, each] of found.entries()) if (typeof each !== 'string') expect(each).toEqual([n + 1]);
    store.close();
  });
});
