import { describe, expect, it } from 'vitest';
import {
  factInput,
  factRow,
  headOf,
  readFact,
  readSaved,
  readSnapshot,
  savedRow,
  snapshotRow,
} from '../../../src/store/indexeddb/rows.ts';
import { fact, statusFact } from '../../../src/testing/store/facts.ts';

/** The row with each of its columns changed, one at a time. */
function changes<Row extends object>(row: Row): Row[] {
  return Object.entries(row).map(([key, value]) => ({
    ...row,
    [key]: typeof value === 'number' ? value + 1 : `${value} `,
  }));
}

describe('the row of a fact', () => {
  const written = fact(9, 'a', 3, { type: 'x', payload: { text: 'hello' }, wakeAt: 5 });
  const row = factRow(factInput(written), 4);

  it('gives back the fact', () => {
    const { wakeAt, ...rest } = written;
    expect(readFact(row)).toEqual(rest);
    expect(row).toMatchObject({ id: 'a', life: 4, sessionSeq: 3, seq: 9 });
  });

  it('gives nothing when any column was changed', () => {
    expect(changes(row).map(readFact)).toEqual(changes(row).map(() => undefined));
    expect(readFact({ ...row, payload: 7 as never })).toBeUndefined();
    expect(readFact({} as never)).toBeUndefined();
  });

  it('says what it does to its session', () => {
    expect(factInput(written)).toMatchObject({ status: undefined, wakeAt: 5, ends: false });
    expect(factInput(statusFact(1, 'a', 1, 'active')).status).toBe('active');
    expect(factInput(fact(1, 'a', 1, { type: 'session_terminated' })).ends).toBe(true);
  });
});

describe('the row of a snapshot', () => {
  const row = snapshotRow('a', 4, { sessionSeq: 3, version: 2 }, '{"a":1}');

  it('gives back the snapshot, and nothing when any column was changed', () => {
    expect(readSnapshot(row)).toEqual({ sessionSeq: 3, version: 2, data: { a: 1 } });
    expect(changes(row).map(readSnapshot)).toEqual(changes(row).map(() => undefined));
    expect(readSnapshot({} as never)).toBeUndefined();
  });
});

describe('the row of a saved session', () => {
  const row = savedRow('a', 1, '{"id":"a"}');

  it('gives back the document, and nothing when it was changed or is in the place of another', () => {
    expect(readSaved(row)).toEqual({ id: 'a' });
    const { position, ...checked } = row;
    expect(changes(checked).map((each) => readSaved({ ...each, position }))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('the row of a head', () => {
  it('gives what the port calls a head, and no more', () => {
    const head = { id: 'a', seq: 1, sessionSeq: 2, status: 'active', wakeAt: null };
    expect(headOf({ ...head, snapshotSeq: 1, sweptSeq: 1 })).toEqual(head);
  });
});
