import type { Json } from '../../data.ts';
import { definitionOf } from '../definition.ts';
import { TRACE_FORMAT, TRACE_VERSION, type Trace } from '../trace.ts';
import type { Broken } from './invariants.ts';
import type { Found } from './minimize.ts';
import type { Plan } from './plan.ts';
import { recordRun } from './record.ts';
import { encodeRun, type Run } from './step.ts';

/** The document of a run that broke something. */
export function traceOf(
  { subject, prepared, seed }: Pick<Plan, 'subject' | 'prepared' | 'seed'>,
  { run, broken }: Found,
  judge: (run: Run) => Broken | undefined,
  path: string,
): Trace {
  const symbolic = recordRun(subject, run);
  // Milliseconds are plainer than "until the next deadline", as long as they lead to the same.
  const timed: Run = {
    start: run.start,
    steps: [...symbolic.done, ...run.steps.slice(symbolic.done.length)],
  };
  const isSame = judge(timed)?.invariant === broken.invariant;
  const kept = isSame ? timed : run;
  const { steps, entries } = isSame ? recordRun(subject, timed) : symbolic;
  const encoded = encodeRun(kept);
  return {
    format: TRACE_FORMAT,
    version: TRACE_VERSION,
    kind: 'machine',
    subject: subject.name,
    seed,
    path,
    definitions: Object.fromEntries(prepared.machines.map((each) => [each.id, definitionOf(each)])),
    steps,
    entries,
    failure: {
      invariant: broken.invariant,
      message: broken.reason,
      step: Math.min(broken.step, steps.length - 1),
      entries: entries.filter(({ step }) => step <= broken.step).length,
    },
    run: 'run' in encoded ? encoded.run : ({ unrepeatable: encoded.reason } as Json),
  };
}
