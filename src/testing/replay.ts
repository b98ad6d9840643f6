/** Runs the run of a trace again, step by step, and says whether it still fails. */
import type { AnyStateMachine } from 'xstate';
import type { CreateClient } from './client/env.ts';
import type { VerifyClientOptions } from './client/options.ts';
import { replayClient } from './client/replay-client.ts';
import { checkTrace, type Trace, type TraceEntry, type TraceFailure } from './trace.ts';

export interface ReplayOptions {
  /** Makes the client that a trace of kind `client` is run on. Default: a manager of this chartroom. */
  readonly client?: CreateClient;
  /** The agent, hooks, store and invariants that the verification had, if any. */
  readonly clientOptions?: Pick<VerifyClientOptions, 'agent' | 'hooks' | 'createStore' | 'invariants'>;
  /** The machine that a trace of kind `machine` is run on. */
  readonly machine?: AnyStateMachine;
  /** Told of each step when it is over, with what came of it. A promise is waited for before the next step. */
  readonly onStep?: (step: ReplayedStep) => void | Promise<void>;
}

export interface ReplayedStep {
  /** Among the steps of the trace. */
  readonly index: number;
  readonly words: string;
  readonly entries: readonly TraceEntry[];
}

export interface ReplayResult {
  /** It broke the invariant that the trace broke. */
  readonly reproduced: boolean;
  /** How this run broke. Absent when all went well. */
  readonly failure?: TraceFailure;
  /** The first entry that is not the trace's, by index; absent when the runs are the same. */
  readonly differsAt?: number;
  /** Of this run. */
  readonly trace: Trace;
}

/**
 * Rejects with a `TypeError` for what is no trace, or one whose subject is not at hand: a trace holds what was done
 * and what came of it, not the code.
 */
export async function replay(trace: Trace, options: ReplayOptions = {}): Promise<ReplayResult> {
  const checked = checkTrace(trace);
  if (checked.kind === 'client') return replayClient(checked, options);
  throw new TypeError('A trace of a machine cannot be run again yet.');
}
