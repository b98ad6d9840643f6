import { abortedBy, onAbort } from '../abort.ts';
import { SessionError } from '../errors.ts';
import { freezeJson } from '../json.ts';
import { type Failure, fromFailure } from './failure.ts';
import { type Op, type OpName, ops } from './ops.ts';
import { packArguments } from './pack.ts';
import type { PackedArguments } from './packed.ts';
import type { Port } from './port.ts';

/** One call that has not settled. */
interface Call {
  readonly op: Op;
  readonly name: OpName;
  readonly packed: PackedArguments;
  readonly again: boolean;
  /** It was asked on the line that is up. */
  asked: boolean;
  /** It was asked on a line that broke: what became of it there nobody knows. */
  uncertain: boolean;
  readonly signal: AbortSignal | undefined;
  /** Lets go of the caller's signal. */
  forget: () => void;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * The calls of a client in the order in which they were made. While no line is up they wait for the next one; when
 * one breaks, what may be asked again is, and the rest is lost.
 */
export class Calls {
  readonly #calls = new Map<number, Call>();
  #port: Port | undefined;
  #last = 0;
  /** Set once there will be no other line. */
  #ended: (() => unknown) | undefined;

  get pending(): number {
    return this.#calls.size;
  }

  /** The arguments are copied now, whenever they are sent. */
  ask(name: OpName, args: readonly unknown[]): Promise<unknown> {
    const op: Op = ops[name];
    const { signal, ...packed } = packArguments(args, op.readings);
    if (signal?.aborted) return Promise.reject(abortedBy(signal));
    return new Promise((resolve, reject) => {
      const id = ++this.#last;
      const call: Call = {
        ...{ op, name, packed, signal, resolve, reject },
        again: op.again === 'yes' || (op.again === 'keyed' && isKeyed(packed)),
        asked: false,
        uncertain: false,
        forget: () => {},
      };
      call.forget = onAbort(signal, (error) => this.#abort(id, call, error));
      this.#calls.set(id, call);
      if (this.#port) this.#post(id, call, this.#port);
    });
  }

  /** A line is up: what waits is asked, in its order. */
  attach(port: Port): void {
    this.#port = port;
    for (const [id, call] of this.#calls) this.#post(id, call, port);
  }

  /** The line broke. */
  detach(): void {
    this.#port = undefined;
    for (const [id, call] of this.#calls) {
      if (!call.asked) continue;
      call.uncertain = true;
      this.#leave(id, call, call.again);
    }
  }

  value(id: number, value: unknown): void {
    this.#settle(id, this.#calls.get(id))?.resolve(freezeJson(value));
  }

  error(id: number, failure: Failure): void {
    const call = this.#calls.get(id);
    if (!call) return;
    if (failure.code === 'MANAGER_CLOSED') {
      this.#closedThere(id, call);
      return;
    }
    this.#settle(id, call);
    const aborted = failure.code === 'ABORTED' && call.signal?.aborted;
    call.reject(aborted && call.signal ? abortedBy(call.signal) : fromFailure(failure));
  }

  /** It was not begun. */
  refused(id: number): void {
    const call = this.#calls.get(id);
    if (call) this.#wait(id, call);
  }

  /** Nothing is begun there any more, and nothing was but these: whatever else is asked of the next one. */
  over(begun: readonly number[]): void {
    this.#port = undefined;
    for (const [id, call] of this.#calls) if (call.asked && !begun.includes(id)) this.#leave(id, call, true);
  }

  /** Whatever waits, and whatever is in flight. */
  refuse(error: () => unknown): void {
    for (const [id, call] of this.#calls) this.#settle(id, call)?.reject(error());
  }

  /** This line is the last one: what it does not answer fails so. */
  end(error: () => unknown): void {
    this.#ended = error;
  }

  /** The engine there has closed, which is not our end. What it has surely not done is asked of the next one. */
  #closedThere(id: number, call: Call): void {
    this.#leave(id, call, call.again || call.op.whole === true);
  }

  #leave(id: number, call: Call, again: boolean): void {
    if (again && !this.#ended) this.#wait(id, call);
    else this.#settle(id, call)?.reject(this.#ended?.() ?? lostError(call.name));
  }

  #post(id: number, call: Call, port: Port): void {
    if (call.asked) return;
    call.asked = true;
    port.post({ type: 'call', call: id, op: call.name, ...call.packed });
  }

  /** For the next line, unless its signal has fired while it was asked on this one. */
  #wait(id: number, call: Call): void {
    call.asked = false;
    if (call.signal?.aborted) this.#abort(id, call, abortedBy(call.signal));
  }

  #abort(id: number, call: Call, error: SessionError): void {
    if (call.asked) this.#port?.post({ type: 'abort', call: id });
    else
      this.#settle(id, call)?.reject(
        call.uncertain && call.op.again === 'keyed' ? lostError(call.name) : error,
      );
  }

  #settle(id: number, call: Call | undefined): Call | undefined {
    if (!this.#calls.delete(id)) return undefined;
    call?.forget();
    return call;
  }
}

function isKeyed({ args }: PackedArguments): boolean {
  const options = args[3];
  return (
    typeof options === 'object' &&
    options !== null &&
    typeof (options as { idempotencyKey?: unknown }).idempotencyKey === 'string'
  );
}

function lostError(name: string): SessionError {
  const hint =
    name === 'sendMessage'
      ? 'Give it an idempotencyKey: then it is asked again by itself, and takes effect once.'
      : 'Look how things are, then call it again if need be.';
  return new SessionError(
    'CONNECTION_LOST',
    `The engine went away while ${name} was in flight, which may or may not have taken effect. ${hint}`,
    { details: { call: name } },
  );
}
