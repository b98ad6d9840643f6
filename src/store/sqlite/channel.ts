import { wrapThrown } from '../../error-info.ts';
import { SessionError } from '../../errors.ts';
import { fromRefusal } from './faults.ts';
import type { OperationName, Operations, Reply, State } from './protocol.ts';

/** A `Worker`, as far as the channel needs one. */
export interface Thread {
  postMessage(operations: readonly (readonly [OperationName, unknown])[]): void;
  on(event: 'message', listener: (reply: Reply) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  ref(): void;
  unref(): void;
  terminate(): Promise<unknown>;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Asks the thread and hears its answers, in order. What is asked in one turn of the event loop is one message; the
 * process stays alive for what is under way, not for the thread.
 */
export class Channel {
  readonly #thread: Thread;
  readonly #path: string;
  #asked: Array<readonly [OperationName, unknown]> = [];
  #waiting: Waiting[] = [];
  #state: State = { epoch: 0, lastSeq: 0, cutSeq: 0 };
  #death: SessionError | undefined;

  constructor(thread: Thread, path: string) {
    this.#thread = thread;
    this.#path = path;
    thread.on('message', (reply) => this.#hear(reply));
    thread.on('error', (error) =>
      this.#die(wrapThrown('STORE_FAILED', `The thread of the store ${path} failed`, error)),
    );
    thread.on('exit', (code) =>
      this.#die(
        new SessionError(
          'STORE_FAILED',
          `The thread of the store ${path} ended with ${code}; open it again.`,
        ),
      ),
    );
    thread.unref();
  }

  /** Of the store, as of the last answer. */
  get state(): State {
    return this.#state;
  }

  ask<N extends OperationName>(name: N, request: Operations[N]['takes']): Promise<Operations[N]['gives']> {
    if (this.#death) return Promise.reject(this.#death);
    if (this.#asked.push([name, request]) === 1) setImmediate(() => this.#send());
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ resolve: resolve as Waiting['resolve'], reject }) === 1) this.#thread.ref();
    });
  }

  /** Ends the thread; what was asked before has to be answered first. */
  async end(): Promise<void> {
    this.#thread.ref();
    this.#death ??= new SessionError('STORE_LOCKED', `This lease on the store ${this.#path} was given back.`);
    await this.#thread.terminate();
  }

  #send(): void {
    const asked = this.#asked;
    this.#asked = [];
    if (!this.#death) this.#thread.postMessage(asked);
  }

  #hear({ answers, state }: Reply): void {
    if (state) this.#state = state;
    const settled = this.#waiting.splice(0, answers.length);
    if (this.#waiting.length === 0) this.#thread.unref();
    for (const [index, waiting] of settled.entries()) {
      const answer = answers[index];
      if (answer && 'gives' in answer) waiting.resolve(answer.gives);
      else if (answer) waiting.reject(fromRefusal(answer.refusal));
    }
  }

  #die(reason: SessionError): void {
    this.#death ??= reason;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#death);
  }
}
