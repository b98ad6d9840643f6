/** What Stryker found, by file. */
export interface FileScore {
  readonly part: string;
  readonly file: string;
  readonly killed: number;
  readonly survived: number;
}

/** As much of Stryker's report as is read here: https://github.com/stryker-mutator/mutation-testing-elements */
interface MutationReport {
  readonly files: Readonly<Record<string, { readonly mutants: ReadonlyArray<{ readonly status: string }> }>>;
}

/** A mutant that the tests do not come to an end with is noticed; one that no test runs is not. */
const KILLED: readonly string[] = ['Killed', 'Timeout'];
const SURVIVED: readonly string[] = ['Survived', 'NoCoverage'];

export function scoresOf(part: string, { files }: MutationReport): FileScore[] {
  return Object.entries(files)
    .map(([file, { mutants }]) => {
      const count = (statuses: readonly string[]) =>
        mutants.filter(({ status }) => statuses.includes(status)).length;
      return { part, file, killed: count(KILLED), survived: count(SURVIVED) };
    })
    .filter(({ killed, survived }) => killed + survived > 0)
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** What was measured now in place of what was recorded of the same files, beside that of all others; by part. */
export function mergedScores(
  kept: readonly FileScore[],
  measured: readonly FileScore[],
  parts: readonly string[],
): FileScore[] {
  const scores = new Map([...kept, ...measured].map((score) => [score.file, score]));
  const place = ({ part }: FileScore) => parts.indexOf(part);
  return [...scores.values()].sort((a, b) => place(a) - place(b) || (a.file < b.file ? -1 : 1));
}

export function percentOf(scores: readonly FileScore[]): number {
  const sum = (pick: (score: FileScore) => number) => scores.reduce((all, score) => all + pick(score), 0);
  const mutants = sum(({ killed, survived }) => killed + survived);
  return mutants === 0 ? 0 : (100 * sum(({ killed }) => killed)) / mutants;
}

export function tableOfScores(scores: readonly FileScore[]): string {
  const rows = [
    ['file', 'mutants', 'killed', '%'],
    ['---', '--:', '--:', '--:'],
    ...scores.map((score) => rowOf(score.file, [score])),
    ...[...new Set(scores.map(({ part }) => part))].map((name) =>
      rowOf(
        `**${name}**`,
        scores.filter(({ part }) => part === name),
      ),
    ),
    rowOf('**all**', scores),
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function rowOf(name: string, scores: readonly FileScore[]): string[] {
  const killed = scores.reduce((sum, score) => sum + score.killed, 0);
  const mutants = scores.reduce((sum, score) => sum + score.survived, killed);
  return [name, String(mutants), String(killed), percentOf(scores).toFixed(1)];
}

/** What stands between the marks of a document. */
export function mutantBlock(scores: readonly FileScore[]): string {
  const killed = scores.reduce((sum, score) => sum + score.killed, 0);
  const mutants = scores.reduce((sum, score) => sum + score.survived, killed);
  return `The unit tests kill ${killed} of ${mutants} mutants, ${percentOf(scores).toFixed(1)} %.\n\n${tableOfScores(scores)}`;
}
