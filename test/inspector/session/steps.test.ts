import type { TraceEntry } from 'chartroom/inspect';
import { describe, expect, it } from 'vitest';
import {
  momentOf,
  rowAt,
  type TimelineRow,
  timelineRows,
} from '../../../visualizations/inspector/src/session/steps.ts';

const entriesOf = (...steps: number[]) =>
  steps.map((step): TraceEntry => ({ step, atMs: 0, kind: 'schedule', label: 'x' }));
const stepsOf = (count: number) => Array.from({ length: count }, (_, n) => ({ words: `step ${n}`, atMs: 0 }));
const all = (entries: readonly unknown[]) => entries.map((_, index) => index);
const inShort = (rows: readonly TimelineRow[]) =>
  rows.map((row) => (row.is === 'step' ? `step ${row.step} at ${row.start}` : row.index));

describe('timelineRows', () => {
  it('put each step in front of its entries, one without any included', () => {
    const entries = entriesOf(0, 0, 2);
    expect(inShort(timelineRows(entries, all(entries), stepsOf(4)))).toEqual([
      'step 0 at 0',
      0,
      1,
      'step 1 at 2',
      'step 2 at 2',
      2,
      'step 3 at 3',
    ]);
  });

  it('leave out steps of which nothing passes the filter', () => {
    const entries = entriesOf(0, 1, 1, 2);
    expect(inShort(timelineRows(entries, [2], stepsOf(3)))).toEqual(['step 1 at 1', 2]);
  });

  it('are only entries where there is one step or none', () => {
    const entries = entriesOf(0, 0);
    expect(inShort(timelineRows(entries, [0, 1], stepsOf(1)))).toEqual([0, 1]);
    expect(inShort(timelineRows(entries, [0, 1], undefined))).toEqual([0, 1]);
  });

  it('take an entry of a step that there is not for one of the last', () => {
    const entries = entriesOf(0, 77);
    expect(inShort(timelineRows(entries, all(entries), stepsOf(2)))).toEqual([
      'step 0 at 0',
      0,
      'step 1 at 1',
      1,
    ]);
  });
});

describe('rowAt', () => {
  const entries = entriesOf(0, 0, 1);
  const rows = timelineRows(entries, all(entries), stepsOf(2));

  it('is the row that one has chosen to get there', () => {
    for (const [index, row] of rows.entries()) {
      if (row.is === 'entry')
        expect(rowAt(rows, momentOf(row))).toBe(rows[index + 1]?.is === 'step' ? index + 1 : index);
      else expect(rowAt(rows, momentOf(row))).toBe(index);
    }
  });

  it('is what stands in front where the entry itself is not shown, and nothing before the first', () => {
    const some = timelineRows(entries, [0, 2], undefined);
    expect([0, 1, 2, 3].map((n) => rowAt(some, n))).toEqual([-1, 0, 0, 1]);
  });
});
