/** Every call of a run: when it began and ended, on one logical clock shared with the events, and how. */
import { isSessionError, type SessionErrorCode } from '../../src/errors.ts';
import type { Life } from './model.ts';
import type { Call } from './scenario.ts';
import { Violation } from './violation.ts';

export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: SessionErrorCode; readonly message: string };

export interface Operation {
  readonly n: number;
  readonly id: string;
  readonly call: Call;
  /** What it writes: unique, and it names the session it is meant for. */
  readonly text: string;
  /** Made from inside a hook or an agent, through the context it was given. */
  readonly inside: boolean;
  /** Of what it was made from inside of. */
  readonly origin?: Origin;
  readonly generation: number;
  readonly began: number;
  readonly beganAtMs: number;
  /** Aborted by a command, where the call takes a signal. */
  readonly abort: AbortController;
  ended?: number;
  outcome?: Outcome;
}

/** One incarnation of a session. What belongs to it never reaches a later one. */
export interface Origin {
  readonly life: Life;
  readonly restarts: number;
  readonly generation: number;
}

export interface Start {
  readonly id: string;
  readonly call: Call;
  readonly inside: boolean;
  readonly origin?: Origin;
  readonly generation: number;
  readonly nowMs: number;
}

export class Ledger {
  readonly operations: Operation[] = [];
  #moment = 0;

  /** The next instant of logical time. */
  moment(): number {
    this.#moment += 1;
    return this.#moment;
  }

  unsettled(): Operation[] {
    return this.operations.filter((operation) => operation.outcome === undefined);
  }

  /** Starts a call and records how it settles; the promise returned never rejects for a typed failure. */
  async start(start: Start, run: (operation: Operation) => Promise<unknown>): Promise<Operation> {
    const n = this.operations.length + 1;
    const { nowMs, ...rest } = start;
    const text = textFor(start.id, n, start.call);
    const began = this.moment();
    const operation: Operation = { n, text, ...rest, began, beganAtMs: nowMs, abort: new AbortController() };
    this.operations.push(operation);
    let promise: Promise<unknown>;
    try {
      promise = run(operation);
    } catch (error) {
      operation.outcome = failure(error, operation, true);
      operation.ended = this.moment();
      return operation;
    }
    try {
      operation.outcome = { ok: true, value: await promise };
    } catch (error) {
      operation.outcome = failure(error, operation, false);
    }
    operation.ended = this.moment();
    return operation;
  }
}

/** `a#7`, padded to the number of tokens asked for (four characters each). */
function textFor(id: string, n: number, call: Call): string {
  const mark = `${id}#${n}`;
  return call.kind === 'send' ? mark.padEnd(call.tokens * 4, '.') : mark;
}

/** Only `session()` may throw at once; what an operation settles with must be one of ours. */
function failure(error: unknown, operation: Operation, thrown: boolean): Outcome {
  if (error instanceof Violation) throw error;
  if (!isSessionError(error)) {
    throw new Violation(23, `${operation.call.kind} ${operation.id} failed with ${String(error)}`);
  }
  if (thrown && !['INVALID_SESSION_ID', 'MANAGER_CLOSED'].includes(error.code)) {
    throw new Violation(
      23,
      `${operation.call.kind} ${operation.id} threw ${error.code} instead of rejecting`,
    );
  }
  return { ok: false, code: error.code, message: error.message };
}

/** The session a text was written for. */
export function ownerOf(text: string): string {
  const end = text.lastIndexOf('#');
  return text.slice(0, end);
}

export function describeOperation(operation: Operation): string {
  const { outcome } = operation;
  const result =
    outcome === undefined
      ? 'unsettled'
      : outcome.ok
        ? (JSON.stringify(outcome.value) ?? 'done')
        : outcome.code;
  return `${operation.n}. ${operation.call.kind} ${operation.id} [${operation.began}–${operation.ended ?? '…'}] ${result}`;
}
