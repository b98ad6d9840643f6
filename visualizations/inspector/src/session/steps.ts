/** The rows of a timeline: entries and, of a trace with more than one step, the steps in front of theirs. */
import type { Trace, TraceEntry } from 'chartroom/inspect';

export type TimelineRow =
  | { readonly is: 'entry'; readonly index: number }
  /** `start`: how many entries had happened when it began. */
  | { readonly is: 'step'; readonly step: number; readonly start: number };

/** `selected`: indexes of entries, ascending. A step without any of them is left out once `all` are not shown. */
export function timelineRows(
  entries: readonly TraceEntry[],
  selected: readonly number[],
  steps: Trace['steps'] | undefined,
): TimelineRow[] {
  if (!steps || steps.length < 2) return selected.map((index) => ({ is: 'entry', index }));
  const isWhole = selected.length === entries.length;
  const rows: TimelineRow[] = [];
  let next = 0;
  const begin = (until: number, start: number) => {
    for (; next <= until; next += 1)
      if (isWhole || next === until) rows.push({ is: 'step', step: next, start });
  };
  for (const index of selected) {
    const step = Math.min(entries[index]?.step ?? 0, steps.length - 1);
    if (step >= next) begin(step, startOf(entries, index, step));
    rows.push({ is: 'entry', index });
  }
  if (isWhole) begin(steps.length - 1, entries.length);
  return rows;
}

/** The first entry of the step that the one at `index` belongs to. */
function startOf(entries: readonly TraceEntry[], index: number, step: number): number {
  let start = index;
  while (start > 0 && entries[start - 1]?.step === step) start -= 1;
  return start;
}

/** The row to show as the present one: that of the last entry that has happened, or what stands in front of it. */
export function rowAt(rows: readonly TimelineRow[], n: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    const place = row === undefined ? 0 : row.is === 'entry' ? row.index : row.start - 0.5;
    if (place < n) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Where `n` goes for a row that is chosen: behind its entry, or to where its step begins. */
export function momentOf(row: TimelineRow): number {
  return row.is === 'entry' ? row.index + 1 : row.start;
}
