/** Where two runs of the same steps part. */
import { excerpt, firstDifference, pathInWords } from './machine/portrait.ts';
import type { TraceEntry, TraceStep } from './trace.ts';

export interface EntryDifference {
  /** The words of the step behind which they part. */
  readonly step: string;
  /** The part of the entry that differs: `context.tries`, `it` for all of it. */
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

/** The first, `undefined` when all entries are the same. `steps`: of either run. */
export function entryDifference(
  steps: readonly TraceStep[],
  before: readonly TraceEntry[],
  after: readonly TraceEntry[],
): EntryDifference | undefined {
  for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
    const [one, other] = [before[index], after[index]];
    const difference = firstDifference(one && { ...one }, other && { ...other });
    if (!difference) continue;
    return {
      step: steps[(one ?? other)?.step ?? 0]?.words ?? 'the start',
      what: difference.path.length === 0 ? 'it' : pathInWords(difference.path),
      before: excerpt(difference.before),
      after: excerpt(difference.after),
    };
  }
  return undefined;
}

/** Of a run that is made again from its trace. */
export function differsFromTrace({ step, what, before, after }: EntryDifference): string {
  return `after "${step}" ${what} was ${before} in the trace and is ${after} now`;
}
