import type { Broken } from './invariants.ts';
import type { Run } from './step.ts';

export interface Found {
  readonly run: Run;
  readonly broken: Broken;
}

/** Runs that are tried. */
const MAX_TRIED = 2000;

/**
 * The last of the shrinking. fast-check cuts lists in halves and stops where neither fails, and never saw the paths
 * over the state graph; here each step is left out by itself, and each value made smaller, for as long as the same
 * invariant breaks.
 */
export function minimize(
  found: Found,
  judge: (run: Run) => Broken | undefined,
  simpler: (run: Run) => readonly Run[],
): Found {
  let best = found;
  let tried = 0;
  const improves = (run: Run): boolean => {
    const broken = ++tried > MAX_TRIED ? undefined : judge(run);
    if (broken?.invariant !== found.broken.invariant) return false;
    best = { run, broken };
    return true;
  };
  do {
    for (let index = best.run.steps.length - 1; index >= 0; index -= 1) {
      const { start, steps } = best.run;
      improves({ start, steps: steps.filter((_, each) => each !== index) });
    }
  } while (simpler(best.run).some(improves));
  return best;
}
