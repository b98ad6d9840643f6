/** The results as one table of ratios. */
import type { Row } from './harness.ts';

export interface Result {
  readonly benchmark: string;
  readonly rows: readonly Row[];
}

const HEAD = ['what', 'ours', 'CPU', 'peer', 'theirs', 'CPU', 'ratio', 'by CPU', 'goal', ''];

/**
 * A ratio counts by processor time where both have one: the wall clock of a shared machine counts its guests. Of
 * rates the lower ratio counts: only the wall clock sees a wait for the disk, only processor time a second thread.
 */
export function verdict(row: Row): 'met' | 'missed' | '' {
  const { goal, ours, rate } = row;
  if (goal === undefined) return '';
  const [byWall, byCpu] = [ratio(row) ?? ours, cpuRatio(row)];
  const met = rate ? Math.min(byWall, byCpu ?? byWall) >= goal : (byCpu ?? byWall) <= goal;
  return met ? 'met' : 'missed';
}

function ratio({ ours, theirs }: Row): number | undefined {
  return theirs === undefined ? undefined : ours / theirs;
}

function cpuRatio({ oursCpu, theirsCpu }: Row): number | undefined {
  return oursCpu === undefined || theirsCpu === undefined ? undefined : oursCpu / theirsCpu;
}

export function formatTable(results: readonly Result[]): string {
  const lines = results.flatMap(({ rows }) => rows.map((row) => cells(row)));
  const table = [HEAD, ...lines];
  const widths = HEAD.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const format = (line: readonly string[]): string =>
    line
      .map((cell, column) => {
        const text = column === 0 || column === 3 || column === 9;
        return text ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
      })
      .join('  ')
      .trimEnd();
  return [format(HEAD), widths.map((width) => '─'.repeat(width)).join('  '), ...lines.map(format)].join('\n');
}

function cells(row: Row): string[] {
  const { unit, goal, theirs, rate } = row;
  const shown = (value: number | undefined): string => (value === undefined ? '' : `${round(value)} ${unit}`);
  const times = (value: number | undefined): string => (value === undefined ? '' : `${value.toFixed(2)} ×`);
  const bound = theirs === undefined ? `${round(goal ?? 0)} ${unit}` : `${goal} ×`;
  const limit = goal === undefined ? '' : `${rate ? '≥' : '≤'} ${bound}`;
  return [
    row.what,
    shown(row.ours),
    shown(row.oursCpu),
    row.peer ?? '',
    shown(theirs),
    shown(row.theirsCpu),
    times(ratio(row)),
    times(cpuRatio(row)),
    limit,
    verdict(row),
  ];
}

function round(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
