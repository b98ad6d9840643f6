/** What a measurement has come to: the file that is kept of it, and the table that is shown. */
import type { Outcome } from './hunts.ts';

export interface Row {
  readonly title: string;
  readonly by: Outcome['by'];
  /** Seeds on which it was noticed. */
  readonly killed: number;
  readonly of: number;
  /** Median over the seeds on which it was. */
  readonly runs: number | null;
  /** What broke, most often. */
  readonly broke: string | null;
  /** Median length of the shrunk run. */
  readonly steps: number | null;
}

export interface Report {
  /** How many, from 1 on. */
  readonly seeds: number;
  readonly runs: number;
  readonly bugs: readonly Row[];
}

export function rowOf({ title, by, kills }: Outcome): Row {
  const found = kills.filter((kill) => kill !== null);
  return {
    title,
    by,
    killed: found.length,
    of: kills.length,
    runs: median(found.map(({ runs }) => runs)),
    broke: mostFrequent(found.map(({ broke }) => broke)),
    steps: median(found.flatMap(({ steps }) => (steps === undefined ? [] : [steps]))),
  };
}

/**
 * A measurement beside what is known of the bugs that it has left out, in the order of `titles`. What was measured
 * with other seeds or runs does not compare, and goes.
 */
export function merged(kept: Report | undefined, measured: Report, titles: readonly string[]): Report {
  const alike = kept && kept.runs === measured.runs && kept.seeds === measured.seeds;
  const rows = new Map([...(alike ? kept.bugs : []), ...measured.bugs].map((row) => [row.title, row]));
  return { ...measured, bugs: titles.flatMap((title) => rows.get(title) ?? []) };
}

export const isKilled = ({ killed, of }: Row): boolean => killed === of;

/** In words: how many were noticed on every seed, and how soon. */
export function totalsOf({ seeds, runs, bugs }: Report): string[] {
  const ofClient = bugs.filter(({ by }) => by === 'client');
  const others = bugs.filter(({ by }) => by !== 'client');
  const all = (rows: readonly Row[]) => `${rows.filter(isKilled).length} of ${rows.length}`;
  const of = (values: ReadonlyArray<number | null>) =>
    median(values.filter((value) => value !== null)) ?? '–';
  return [
    `Random runs kill ${all(ofClient)} bugs on every one of ${seeds} seeds within ${runs} runs;`,
    `the median bug takes ${of(ofClient.map((row) => row.runs))} runs, and is shown by ${of(ofClient.map(({ steps }) => steps))} steps.`,
    ...(others.length > 0
      ? [`The store contract and the unit tests kill ${all(others)} in places that no random run gets to.`]
      : []),
  ];
}

const HEAD = ['bug', 'killed', 'runs', 'steps', 'what broke'];

/** As Markdown, for a document and for a terminal. */
export function tableOf(bugs: readonly Row[]): string {
  const rows = bugs.map(({ title, killed, of, runs, steps, broke }) => [
    title,
    `${killed}/${of}`,
    String(runs ?? ''),
    String(steps ?? ''),
    broke ?? '**survives**',
  ]);
  const widths = HEAD.map((name, n) => Math.max(name.length, ...rows.map((row) => row[n]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`;
  return [line(HEAD), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** What stands between the marks of a document. */
export function blockOf(report: Report): string {
  return `${totalsOf(report).join('\n')}\n\n${tableOf(report.bugs)}`;
}

/** Throws when the document has no place for it: `<!-- seeded bugs -->` … `<!-- end of seeded bugs -->`. */
export function withBlock(document: string, name: string, block: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The document wants ${begin} … ${end}.`);
  return `${document.slice(0, from + begin.length)}\n\n${block}\n\n${document.slice(to)}`;
}

/** The lower one of two in the middle, so that it is one that was measured. */
function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

function mostFrequent(values: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}
