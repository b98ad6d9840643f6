/** A seeded bug: a small defect in the engine, and who has to notice it. */

export interface Edit {
  /** From the root of the package. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

interface Defect {
  /** What the engine does wrong. */
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** One that random concurrent runs have to find. */
export interface ClientBug extends Defect {
  readonly by?: 'client';
}

/** One that the store contract has to find, in the store that it is in. */
export interface StoreBug extends Defect {
  readonly by: 'store';
  readonly store: 'memory' | 'sqlite';
}

/** One in a place that no random run gets to: these tests have to find it. */
export interface TestBug extends Defect {
  readonly by: 'tests';
  readonly tests: readonly string[];
}

export type Bug = ClientBug | StoreBug | TestBug;

/** Throws when the text to replace is not there exactly once: then the engine has changed, and the bug must too. */
export function applyEdit(source: string, { file, find, replace }: Edit): string {
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`${file} holds ${places} times, not once:\n${find}`);
  return source.replace(find, () => replace);
}
