/** What is held against every run of a machine, in the words that reports use. */
export const INVARIANTS = {
  throws: 'nothing that happens makes it throw',
  ends: 'it can always be ended',
  saves: 'saving and restoring changes nothing that comes after',
  migrates: 'a snapshot of an older version goes on',
  loops: 'no step goes round in circles',
  deadlines: 'a deadline survives a restore',
  repeats: 'the same run gives the same trace',
} as const;

/** How a run broke one. */
export interface Broken {
  readonly invariant: string;
  /** In a sentence. */
  readonly reason: string;
  /** In whose course it was noticed: 0 is the start, 1 the first step of the run. */
  readonly step: number;
  readonly cause?: unknown;
}
