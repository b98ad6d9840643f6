/** What a verification resolves and rejects with. */
import type { Trace } from './trace.ts';

export interface VerificationReport {
  /** Complete runs, the regressions among them. */
  readonly runs: number;
  /** States that some run was in, sorted. */
  readonly states: readonly string[];
  /** Transitions that some run took, sorted: `idle → active`. */
  readonly transitions: readonly string[];
  /** States and transitions that no run reached: what has not been proved. */
  readonly neverTaken: readonly string[];
  /** Gives the same runs again. */
  readonly seed: number;
  /** What was not checked, and what was made up, each in a sentence. */
  readonly notes?: readonly string[];
}

/** Told now and then while the runs go on. */
export interface VerificationProgress {
  readonly runs: number;
  /** Of so many. */
  readonly of: number;
  readonly states: number;
  readonly transitions: number;
  readonly runsPerSecond: number;
  /** Whether a failure has been found, and is being made smaller. */
  readonly shrinking: boolean;
}

export interface VerificationFailure {
  readonly invariant: string;
  /** How it was broken, in a sentence. */
  readonly reason: string;
  readonly seed: number;
  readonly path: string;
  readonly steps: readonly string[];
  readonly trace: Trace;
  /** How many runs it took to find. */
  readonly runs: number;
  /** The name of the kept run that fails again. */
  readonly regression?: string | undefined;
  /** Where the trace was written. */
  readonly traceFile?: string | undefined;
  /** What could not be written. */
  readonly unwritten?: readonly string[];
  readonly cause?: unknown;
}

/** A broken invariant, the smallest run that breaks it, and all that is needed to see it again. */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';
  readonly invariant: string;
  readonly seed: number;
  readonly path: string;
  /** The shrunk run, in words. */
  readonly steps: readonly string[];
  /** How many runs it took to find. */
  readonly runs: number;
  declare readonly regression?: string;
  declare readonly traceFile?: string;
  /** Private, so that whoever prints the error does not print a document. */
  readonly #trace: Trace;

  constructor(failure: VerificationFailure) {
    super(messageOf(failure), failure.cause === undefined ? undefined : { cause: failure.cause });
    this.invariant = failure.invariant;
    this.seed = failure.seed;
    this.path = failure.path;
    this.steps = failure.steps;
    this.runs = failure.runs;
    if (failure.regression !== undefined) this.regression = failure.regression;
    if (failure.traceFile !== undefined) this.traceFile = failure.traceFile;
    this.#trace = failure.trace;
  }

  /** The shrunk run as a document, for `replay` and the inspector. */
  get trace(): Trace {
    return this.#trace;
  }

  /** For logs, and for test runners that print what this gives: the message says the rest. */
  toJSON(): object {
    const { name, message, invariant, seed, path, runs } = this;
    return { name, message, invariant, seed, path, runs };
  }
}

function messageOf(failure: VerificationFailure): string {
  const {
    invariant,
    reason,
    seed,
    path,
    steps,
    runs,
    regression,
    traceFile,
    unwritten = [],
    trace,
  } = failure;
  const brokeAt = trace.failure?.step ?? steps.length - 1;
  const told =
    regression === undefined
      ? `The smallest run that does so, found in run ${runs}:`
      : `The kept run "${regression}" does so:`;
  return [
    `${trace.subject} breaks "${invariant}": ${reason}`,
    '',
    told,
    ...steps.map((step, index) => `  ${index + 1}. ${step}${index === brokeAt ? '   ← breaks here' : ''}`),
    '',
    ...(regression === undefined
      ? [`Again: { seed: ${seed}${path === '' ? '' : `, path: '${path}'`} }`]
      : []),
    ...(traceFile === undefined ? [] : [`Trace: ${traceFile}`]),
    ...unwritten,
  ].join('\n');
}
