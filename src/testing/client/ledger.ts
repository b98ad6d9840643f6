/** Every call of a run: when it began and ended, on one logical clock shared with the events, and how. */
import type { JsonObject, Message } from '../../data.ts';
import { isSessionError, type SessionErrorCode } from '../../errors.ts';
import type { Life } from './model.ts';
import type { Call } from './scenario.ts';
import { asJson, type Tape } from './tape.ts';
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
  /** What a send has resolved with. */
  message?: Message;
  ended?: number;
  outcome?: Outcome;
  /** Its process died, or its store failed, before anybody could know whether it took effect: until when it may have. */
  lostAt?: number;
  /** How it settled in the dead process. */
  late?: Outcome;
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
  readonly #tape: Tape;
  #moment = 0;
  #frozen = false;

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  /** The next instant of logical time. */
  moment(): number {
    this.#moment += 1;
    return this.#moment;
  }

  /** Of the present process. */
  unsettled(): Operation[] {
    return this.operations.filter(({ outcome, lostAt }) => outcome === undefined && lostAt === undefined);
  }

  /** What settles from now on settles in a dead process, until that is told by `lose`. */
  freeze(): void {
    this.#frozen = true;
  }

  /** All that is under way, or failed by a store of which nobody knows what it holds, will never be acknowledged. */
  lose(operations: readonly Operation[]): void {
    this.#frozen = false;
    const moment = this.moment();
    for (const operation of operations) operation.lostAt = moment;
  }

  /** Starts a call and records how it settles; the promise returned never rejects for a typed failure. */
  async start(start: Start, run: (operation: Operation) => Promise<unknown>): Promise<Operation> {
    const operation = this.#operation(start, this.operations.length + 1);
    this.operations.push(operation);
    this.#tape.write(calledOf(operation));
    let promise: Promise<unknown>;
    try {
      promise = run(operation);
    } catch (error) {
      this.#settle(operation, failure(error, operation, true));
      return operation;
    }
    try {
      this.#settle(operation, { ok: true, value: await promise });
    } catch (error) {
      this.#settle(operation, failure(error, operation, false));
    }
    return operation;
  }

  /** A call that a dead process makes: it is no part of the history, and must only not break anything. */
  haunt(start: Start, run: (operation: Operation) => Promise<unknown>): void {
    run(this.#operation(start, 0)).catch(() => {});
  }

  #operation({ nowMs, ...rest }: Start, n: number): Operation {
    const text = textFor(rest.id, n, rest.call);
    return { n, text, ...rest, began: this.moment(), beganAtMs: nowMs, abort: new AbortController() };
  }

  #settle(operation: Operation, outcome: Outcome): void {
    if (operation.lostAt !== undefined || this.#frozen) {
      operation.late = outcome;
      return;
    }
    operation.outcome = outcome;
    operation.ended = this.moment();
    this.#tape.write(settledOf(operation.n, outcome));
  }
}

function calledOf({ n, id, call: { kind, ...rest } }: Operation): Parameters<Tape['write']>[0] {
  const given = asJson(rest) as JsonObject;
  const some = Object.keys(given).length > 0;
  return {
    kind: 'call',
    call: n,
    name: kind,
    ...(id !== '' && { sessionId: id }),
    ...(some && { arguments: given }),
  };
}

function settledOf(call: number, outcome: Outcome): Parameters<Tape['write']>[0] {
  if (!outcome.ok) return { kind: 'settled', call, ok: false, error: outcome.code };
  const value = asJson(outcome.value);
  return { kind: 'settled', call, ok: true, ...(value !== undefined && { value }) };
}

/** `a#7`, padded to the number of tokens asked for (four characters each). */
function textFor(id: string, n: number, call: Call): string {
  const mark = `${id}#${n}`;
  return call.kind === 'send' ? mark.padEnd(call.tokens * 4, '.') : mark;
}

/** What a manager that is closed, or has not got at its store, throws from `session()` too. */
const THROWN_AT_ONCE: readonly string[] = ['INVALID_SESSION_ID', 'MANAGER_CLOSED', 'STORE_FAILED'];

/** Only `session()` may throw at once; what an operation settles with must be one of ours. */
function failure(error: unknown, operation: Operation, thrown: boolean): Outcome {
  if (error instanceof Violation) throw error;
  if (!isSessionError(error)) {
    throw new Violation(23, `${operation.call.kind} ${operation.id} failed with ${String(error)}`);
  }
  if (thrown && !THROWN_AT_ONCE.includes(error.code)) {
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
    operation.lostAt !== undefined
      ? 'lost'
      : outcome === undefined
        ? 'unsettled'
        : outcome.ok
          ? (JSON.stringify(outcome.value) ?? 'done')
          : outcome.code;
  return `${operation.n}. ${operation.call.kind} ${operation.id} [${operation.began}–${operation.lostAt ?? operation.ended ?? '…'}] ${result}`;
}
