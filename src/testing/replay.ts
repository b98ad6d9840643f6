/** Runs the run of a trace again, step by step, and says whether it still fails. */
import type { AnyStateMachine } from 'xstate';
import type { CreateClient } from './client/env.ts';
import type { VerifyClientOptions } from './client/options.ts';
import { replayClient } from './client/replay-client.ts';
import type { VerifyMachineOptions } from './machine/options.ts';
import { replayMachine } from './machine/replay.ts';
import { checkTrace, type Trace, type TraceEntry, type TraceStep } from './trace.ts';

/** What the trace is of, and the options that its verification had. A trace holds what was done, not the code. */
export interface ReplayOptions {
  /** Makes the client that a trace of kind `client` is run on. Default: a manager of this chartroom. */
  readonly client?: CreateClient;
  readonly clientOptions?: VerifyClientOptions;
  /** The machine that a trace of kind `machine` is run on. */
  readonly machine?: AnyStateMachine;
  readonly machineOptions?: VerifyMachineOptions;
  /** Told of each step when it is over, and of what came of it. A promise is waited for before the next step. */
  readonly onStep?: (step: TraceStep, entries: readonly TraceEntry[]) => unknown;
}

export interface ReplayResult {
  /** It breaks what the trace broke; a run that went well goes well again. */
  readonly reproduced: boolean;
  /** What it breaks now, and how. Absent when all goes well. */
  readonly invariant?: string;
  readonly message?: string;
  /** Where what happens is first unlike the trace, in words. Absent when it is the same throughout. */
  readonly differs?: string;
  readonly entries: readonly TraceEntry[];
}

/** Rejects with a `TypeError` for what is no trace, or one whose subject is not at hand. */
export async function replay(trace: Trace, options: ReplayOptions = {}): Promise<ReplayResult> {
  const { kind, subject } = checkTrace(trace);
  const { client, clientOptions, machine, machineOptions, onStep } = options;
  if (kind === 'recording')
    throw new TypeError(
      `A recording cannot be run again: it holds what went on in "${subject}", not who asked for it.`,
    );
  if (kind === 'client') return replayClient(trace, { client, clientOptions, onStep });
  if (machine) return replayMachine(trace, machine, { ...machineOptions, ...(onStep && { onStep }) });
  throw new TypeError(
    `This trace is of the machine "${subject}", and holds no code: replay(trace, { machine }) wants the machine.`,
  );
}
