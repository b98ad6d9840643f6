/** A client's trace, run again. */
import { createSessionManager } from '../../manager.ts';
import type { ReplayOptions, ReplayResult } from '../replay.ts';
import type { Trace, TraceEntry } from '../trace.ts';
import { probe } from './abilities.ts';
import { planOf } from './options.ts';
import { RunFailure, runScenario } from './run.ts';
import { checkScenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import { firstDifference, type Tape } from './tape.ts';

type ClientReplay = { readonly [K in 'client' | 'clientOptions' | 'onStep']: ReplayOptions[K] | undefined };

export async function replayClient(
  trace: Trace,
  { client = ({ options }) => createSessionManager(options), clientOptions, onStep }: ClientReplay,
): Promise<ReplayResult> {
  const plan = planOf(client, clientOptions ?? {});
  const subject: Subject = { ...plan.subject, abilities: await probe(plan.subject) };
  const scenario = checkScenario(trace.run, 'The run of this trace');
  const tell = async ({ steps, entries }: Tape): Promise<void> => {
    const [newest, index] = [steps.at(-1), steps.length - 1];
    if (newest) await onStep?.(newest, entriesOf(index, entries));
  };
  const outcome = await runScenario(subject, scenario, { onStep: tell }).then(
    ({ tape }) => ({ tape, violation: undefined }),
    (error: unknown) => {
      if (!(error instanceof RunFailure)) throw error;
      return { tape: error.record.tape, violation: error.violation };
    },
  );
  const { tape, violation } = outcome;
  const differs = firstDifference(trace.entries, tape.entries);
  return {
    reproduced: violation?.invariant === trace.failure?.invariant,
    ...(violation && { invariant: violation.invariant, message: violation.message }),
    ...(differs && { differs: `entry ${differs.at + 1} was ${differs.before}, and is ${differs.after}` }),
    entries: tape.entries,
  };
}

function entriesOf(index: number, entries: readonly TraceEntry[]): readonly TraceEntry[] {
  return entries.slice(entries.findIndex(({ step }) => step === index)).filter(({ step }) => step === index);
}
