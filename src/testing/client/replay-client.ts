/** A client's trace, run again. */
import { createSessionManager } from '../../manager.ts';
import { differsFromTrace, entryDifference } from '../difference.ts';
import type { ReplayOptions, ReplayResult } from '../replay.ts';
import type { Trace, TraceEntry } from '../trace.ts';
import { probe } from './abilities.ts';
import { planOf } from './options.ts';
import { RunFailure, runScenario } from './run.ts';
import { checkScenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Tape } from './tape.ts';

type ClientReplay = { readonly [K in 'client' | 'clientOptions' | 'onStep']: ReplayOptions[K] | undefined };

export async function replayClient(
  trace: Trace,
  { client = ({ options }) => createSessionManager(options), clientOptions, onStep }: ClientReplay,
): Promise<ReplayResult> {
  const plan = planOf(client, clientOptions ?? {});
  const subject: Subject = { ...plan.subject, abilities: await probe(plan.subject) };
  const scenario = checkScenario(trace.run, 'The run of this trace');
  let told = 0;
  const tell = async ({ steps, entries }: Tape): Promise<void> => {
    for (const step of steps.slice(told)) {
      const index = told;
      told += 1;
      await onStep?.(step, entriesOf(index, entries));
    }
  };
  const outcome = await runScenario(subject, scenario, { onStep: tell }).then(
    ({ tape }) => ({ tape, violation: undefined }),
    (error: unknown) => {
      if (!(error instanceof RunFailure)) throw error;
      return { tape: error.record.tape, violation: error.violation };
    },
  );
  const { tape, violation } = outcome;
  await tell(tape);
  const difference = entryDifference(trace.steps, trace.entries, tape.entries);
  return {
    reproduced: violation?.invariant === trace.failure?.invariant,
    ...(violation && { invariant: violation.invariant, message: violation.message }),
    ...(difference && { differs: differsFromTrace(difference) }),
    entries: tape.entries,
  };
}

function entriesOf(index: number, entries: readonly TraceEntry[]): readonly TraceEntry[] {
  return entries.slice(entries.findIndex(({ step }) => step === index)).filter(({ step }) => step === index);
}
