import { describe, expect, it } from 'vitest';
import type { StoreFile } from '../../../src/store/sqlite/store-file.ts';
import { scratchFolder } from './scratch-folder.ts';
import { factRow, lifeRows, openFile, rowsOf, snapshotRow } from './stage.ts';

const file = scratchFolder();

const kept = (path: string) =>
  rowsOf(path, 'SELECT seq FROM facts').map((row) => (row as { seq: number }).seq);
const given = (store: StoreFile) => {
  const { facts } = store.facts({ from: 0, to: 1e9, id: undefined, limit: 1e9, resumed: false });
  return (JSON.parse(facts) as Array<{ seq: number }>).map(({ seq }) => seq);
};
/** Facts of `noise`, one append each: what moves the sweep on. */
const noise = (store: StoreFile, count: number) => {
  const head = JSON.parse(store.reader.head('noise') ?? '{"sessionSeq":0}') as { sessionSeq: number };
  for (let n = 1; n <= count; n++)
    store.append([factRow(store.state.lastSeq + 1, 'noise', head.sessionSeq + n)]);
};
const snapshot = (store: StoreFile, id: string, sessionSeq: number) =>
  store.write(() => store.appender.putSnapshot(snapshotRow(id, sessionSeq)));

describe('the sweep', () => {
  it('deletes what neither a cursor nor a load is given any more', () => {
    const path = file();
    const store = openFile(path, { retainEvents: 2 });
    store.append([factRow(1, 'ended', 1), factRow(2, 'ended', 2, { ends: true }), factRow(3, 'live', 1)]);
    store.append([factRow(4, 'live', 2)]);
    snapshot(store, 'live', 1);
    store.append([factRow(5, 'live', 3)]);
    store.append([factRow(6, 'live', 4)]);
    expect(kept(path)).toEqual([4, 5, 6]);
    expect(rowsOf(path, 'SELECT * FROM ended')).toEqual([]);
    expect(rowsOf(path, 'SELECT last_seq, cut_seq, swept_seq FROM store')).toEqual([
      { last_seq: 6, cut_seq: 4, swept_seq: 4 },
    ]);
    expect(given(store)).toEqual([5, 6]);
    store.close();
  });

  it('takes small steps, catches up, and gives no cursor what it has yet to delete', () => {
    const path = file();
    const before = openFile(path);
    before.append([...lifeRows(999), factRow(1000, 'a', 1000, { ends: true })]);
    before.close();
    const store = openFile(path, { retainEvents: 10 });
    expect([store.state.cutSeq, kept(path).length]).toEqual([990, 1000]);
    expect(given(store)).toHaveLength(10);
    const sizes: number[] = [];
    for (let n = 0; n < 20; n++) {
      noise(store, 1);
      sizes.push(kept(path).length);
    }
    const steps = sizes.map((size, n) => (sizes[n - 1] ?? 1000) - size);
    expect(Math.max(...steps)).toBeLessThanOrEqual(66);
    expect(steps.slice(0, 15).every((step) => step > 60)).toBe(true);
    // The live session keeps its own, beside the ten that cursors may read.
    expect(kept(path)).toEqual(Array.from({ length: 20 }, (_, n) => 1001 + n));
    store.close();
  });

  it('crosses numbers that no fact has in one step', () => {
    const path = file();
    const store = openFile(path, { retainEvents: 2 });
    store.append(lifeRows(3));
    store.append([factRow(1_000_000, 'noise', 1)]);
    noise(store, 5);
    snapshot(store, 'noise', 6);
    noise(store, 1);
    // The live session keeps its own, beside the two that cursors may read.
    expect(kept(path)).toEqual([1, 2, 3, 1_000_005, 1_000_006]);
    store.close();
  });

  it('comes back for facts that were kept for load alone, once a snapshot stands for them', () => {
    const path = file();
    const store = openFile(path, { retainEvents: 3 });
    store.append(lifeRows(5));
    noise(store, 10);
    expect(kept(path).filter((seq) => seq <= 5)).toEqual([1, 2, 3, 4, 5]);
    snapshot(store, 'a', 2);
    expect(kept(path).filter((seq) => seq <= 5)).toEqual([3, 4, 5]);
    snapshot(store, 'a', 5);
    expect(kept(path).filter((seq) => seq <= 5)).toEqual([]);
    store.close();
  });

  it('comes back for facts that were kept for load alone, once their session ends', () => {
    const path = file();
    const store = openFile(path, { retainEvents: 3 });
    store.append(lifeRows(5));
    noise(store, 10);
    store.append([factRow(16, 'a', 6, { ends: true })]);
    expect(kept(path).filter((seq) => seq <= 5)).toEqual([]);
    expect(given(store)).toEqual([14, 15, 16]);
    store.close();
  });

  it('leaves to cursors what a snapshot stands for, until it is cut', () => {
    const path = file();
    const store = openFile(path, { retainEvents: 4 });
    store.append(lifeRows(6));
    snapshot(store, 'a', 6);
    expect([kept(path), given(store)]).toEqual([
      [3, 4, 5, 6],
      [3, 4, 5, 6],
    ]);
    noise(store, 2);
    expect(kept(path)).toEqual([5, 6, 7, 8]);
    store.close();
  });

  it('never goes back: what was cut stays cut with a larger limit', () => {
    const path = file();
    const small = openFile(path, { retainEvents: 2 });
    small.append(lifeRows(10));
    small.close();
    const large = openFile(path, { retainEvents: 1000 });
    expect([large.state.cutSeq, given(large)]).toEqual([8, [9, 10]]);
    large.append(lifeRows(12, 11));
    expect([large.state.cutSeq, given(large)]).toEqual([8, [9, 10, 11, 12]]);
    large.close();
  });
});

describe('age', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

  it('cuts what is older than retainMs, measured against the newest fact', () => {
    const store = openFile(file(), { retainMs: 10_000 });
    for (let second = 1; second <= 30; second++) {
      store.append([factRow(second, 'a', second, { at: at(second) })]);
      expect(store.state.cutSeq).toBe(Math.max(0, second - 11));
    }
    expect(given(store)).toEqual(Array.from({ length: 11 }, (_, n) => 20 + n));
    store.close();
  });

  it('is beside the number: whichever cuts more', () => {
    const store = openFile(file(), { retainMs: 10_000, retainEvents: 3 });
    for (let second = 1; second <= 8; second++)
      store.append([factRow(second, 'a', second, { at: at(second) })]);
    expect(store.state.cutSeq).toBe(5);
    store.append([factRow(9, 'a', 9, { at: at(60) })]);
    expect(given(store)).toEqual([9]);
    store.close();
  });

  it('cuts in steps too, and nothing when a time cannot be read or the clock went back', () => {
    const store = openFile(file(), { retainMs: 1000 });
    store.append(Array.from({ length: 500 }, (_, n) => factRow(n + 1, 'a', n + 1, { at: at(1) })));
    store.append([factRow(501, 'a', 501, { at: 'no time' })]);
    expect(store.state.cutSeq).toBe(0);
    store.append([factRow(502, 'a', 502, { at: at(0) })]);
    expect(store.state.cutSeq).toBe(0);
    store.append([factRow(503, 'a', 503, { at: at(50) })]);
    expect(store.state.cutSeq).toBe(66);
    store.append([factRow(504, 'a', 504, { at: at(50) })]);
    expect(store.state.cutSeq).toBe(132);
    store.close();
  });
});
