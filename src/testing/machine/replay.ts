import type { AnyStateMachine } from 'xstate';
import { differsFromTrace, entryDifference } from '../difference.ts';
import { checkTrace, type Trace, type TraceEntry, type TraceStep } from '../trace.ts';
import { judge } from './judge.ts';
import type { VerifyMachineOptions } from './options.ts';
import { planFor } from './plan.ts';
import { Recording } from './record.ts';
import { Rejections } from './rejections.ts';
import { sampleSteps, waysBy } from './samples.ts';
import { decodeRun } from './step.ts';

export interface MachineReplayOptions<M extends AnyStateMachine = AnyStateMachine>
  extends VerifyMachineOptions<M> {
  /** Each step of the run after it was done, the start first, and what came of it. The next one waits for it. */
  readonly onStep?: (step: TraceStep, entries: readonly TraceEntry[]) => unknown;
}

export interface MachineReplay {
  /** The run breaks what it broke when the trace was written; one that went well goes well again. */
  readonly reproduced: boolean;
  /** What it breaks now. */
  readonly invariant?: string;
  readonly message?: string;
  /** Where what happened is first unlike the trace, in words. */
  readonly differs?: string;
  readonly entries: readonly TraceEntry[];
}

/**
 * Runs a trace again with the machine, step by step. `options` are those that its verification had: what actors,
 * invariants and `terminate` are, a trace does not hold. Rejects with a `TypeError` for what is no trace of a machine
 * or holds nothing that can be run.
 */
export async function replayMachine<M extends AnyStateMachine>(
  trace: Trace,
  machine: M,
  options: MachineReplayOptions<M> = {},
): Promise<MachineReplay> {
  const { kind, run: kept, failure, steps, entries: before, seed } = checkTrace(trace);
  if (kind !== 'machine')
    throw new TypeError(`replayMachine takes a trace of a machine; this one is of a ${kind}.`);
  const { unrepeatable } = (kept ?? {}) as { unrepeatable?: unknown };
  if (unrepeatable !== undefined)
    throw new TypeError(
      `The run of this trace cannot be made again: ${String(unrepeatable)}. Have its payloads be JSON.`,
    );
  const run = decodeRun(kept);
  const { onStep, ...others } = options;
  const { subject, vocabulary, terminate } = planFor(machine, { ...others, seed } as VerifyMachineOptions);
  const rejections = new Rejections();
  const recording = new Recording(subject, run);
  do {
    const { step, entries } = recording.advance();
    await onStep?.(step, entries);
  } while (!recording.isComplete);
  const ways = waysBy(terminate, sampleSteps(vocabulary, seed));
  const broken =
    judge(subject, run, { ways, apart: true }) ?? (await rejections.find(subject, [run]))?.broken;
  rejections.stop();
  const difference = entryDifference(steps, before, recording.entries);
  return {
    reproduced: broken?.invariant === failure?.invariant,
    ...(broken && { invariant: broken.invariant, message: broken.reason }),
    ...(difference && { differs: differsFromTrace(difference) }),
    entries: recording.entries,
  };
}
