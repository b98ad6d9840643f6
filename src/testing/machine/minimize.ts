import type { Broken } from './invariants.ts';
import type { Run, Step } from './step.ts';

export interface Found {
  readonly run: Run;
  readonly broken: Broken;
}

/**
 * The last of the shrinking. fast-check cuts lists in halves and stops where neither fails; here each step is left
 * out by itself, and each property of a payload that `mayChange`, for as long as the same invariant breaks.
 */
export function minimize(
  found: Found,
  judge: (run: Run) => Broken | undefined,
  mayChange: (step: Step) => boolean,
): Found {
  let best = found;
  const improves = (run: Run): boolean => {
    const broken = judge(run);
    if (broken?.invariant !== found.broken.invariant) return false;
    best = { run, broken };
    return true;
  };
  for (let smaller = true; smaller; ) {
    smaller = false;
    for (let index = best.run.steps.length - 1; index >= 0; index -= 1) {
      const { start, steps } = best.run;
      const step = steps[index];
      if (!step) continue;
      const without = { start, steps: steps.filter((_, each) => each !== index) };
      const plainer = mayChange(step) ? plainerThan(step) : [];
      const replaced = plainer.map((each) => ({ start, steps: steps.with(index, each) }));
      if ([without, ...replaced].some(improves)) smaller = true;
    }
  }
  return best;
}

function plainerThan(step: Step): Step[] {
  if (step.do !== 'send') return [];
  const { type, ...payload } = step.event;
  return Object.keys(payload).map((key) => {
    const { [key]: _, ...rest } = payload;
    return { do: 'send', event: { type, ...rest } };
  });
}
