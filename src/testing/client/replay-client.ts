/** A client's trace, run again. */
import { createSessionManager } from '../../manager.ts';
import type { ReplayOptions, ReplayResult } from '../replay.ts';
import type { Trace } from '../trace.ts';
import { probe } from './abilities.ts';
import { traceOf } from './document.ts';
import { planOf } from './options.ts';
import { RunFailure, type RunRecord, runScenario } from './run.ts';
import { checkScenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Tape } from './tape.ts';
import type { Violation } from './violation.ts';

export async function replayClient(trace: Trace, options: ReplayOptions): Promise<ReplayResult> {
  const { client = ({ options: env }) => createSessionManager(env), onStep } = options;
  const plan = planOf(client, { ...options.clientOptions, name: trace.subject, seed: trace.seed });
  const subject: Subject = { ...plan.subject, abilities: await probe(plan.subject) };
  const scenario = checkScenario(trace.run, 'the run of this trace');
  const tell = (tape: Tape): void | Promise<void> => {
    const index = tape.steps.length - 1;
    const words = tape.steps[index]?.words ?? '';
    return onStep?.({ index, words, entries: tape.entries.filter(({ step }) => step === index) });
  };
  const told = (record: RunRecord, violation?: Violation): Trace =>
    traceOf({
      name: trace.subject,
      seed: trace.seed,
      path: trace.path,
      subject,
      scenario,
      record,
      ...(violation && { violation }),
    });
  try {
    return resultOf(trace, told(await runScenario(subject, scenario, { onStep: tell })));
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    return resultOf(trace, told(error.record, error.violation));
  }
}

/** What came of it, against what had come of it. */
export function resultOf(before: Trace, after: Trace): ReplayResult {
  const at = after.entries.findIndex(
    (entry, index) => JSON.stringify(entry) !== JSON.stringify(before.entries[index]),
  );
  const shorter = after.entries.length < before.entries.length ? after.entries.length : undefined;
  const differsAt = at < 0 ? shorter : at;
  return {
    reproduced: before.failure !== undefined && after.failure?.invariant === before.failure.invariant,
    ...(after.failure && { failure: after.failure }),
    ...(differsAt !== undefined && { differsAt }),
    trace: after,
  };
}
