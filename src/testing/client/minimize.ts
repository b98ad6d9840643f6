/**
 * The last of the shrinking. The generator's own shrinker cuts a list in halves and stops where neither fails;
 * here each step is left out by itself, again and again, as long as the same property breaks.
 */

import { RunFailure, runTwice } from './run.ts';
import type { Scenario, Step } from './scenario.ts';
import type { Subject } from './subject.ts';

export interface Minimized {
  readonly scenario: Scenario;
  readonly failure: RunFailure;
}

export async function minimize(
  subject: Subject,
  found: Minimized,
  tried: () => void = () => {},
): Promise<Minimized> {
  let best = found;
  for (let shorter = true; shorter; ) {
    shorter = false;
    for (let index = best.scenario.steps.length - 1; index >= 0; index -= 1) {
      const { steps } = best.scenario;
      const candidates = [without(steps, index), apart(steps, index)];
      for (const candidate of candidates) {
        if (!candidate) continue;
        tried();
        const smaller = await stillFails(subject, best, { ...best.scenario, steps: candidate });
        if (!smaller) continue;
        best = smaller;
        shorter = true;
        break;
      }
    }
  }
  return best;
}

function without(steps: readonly Step[], index: number): Step[] | undefined {
  return steps.length > 1 ? steps.filter((_, each) => each !== index) : undefined;
}

/** A turn of the event loop after a step is plainer than none. */
function apart(steps: readonly Step[], index: number): Step[] | undefined {
  const step = steps[index];
  if (!step || step.turn) return undefined;
  return steps.map((each, at) => (at === index ? { ...each, turn: true } : each));
}

async function stillFails(
  subject: Subject,
  { failure }: Minimized,
  scenario: Scenario,
): Promise<Minimized | undefined> {
  try {
    await runTwice(subject, scenario);
    return undefined;
  } catch (error) {
    const same = error instanceof RunFailure && error.violation.invariant === failure.violation.invariant;
    return same ? { scenario, failure: error } : undefined;
  }
}
