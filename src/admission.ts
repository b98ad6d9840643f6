import { SessionError } from './errors.ts';

interface Waiting {
  start(): void;
  reject(error: unknown): void;
}

/** Whether calls are let in: they wait, in order, until the manager is running, and are refused once it is not. */
export class Admission {
  #state: 'waiting' | 'open' | 'refused' = 'waiting';
  #waiting: Waiting[] = [];
  #refusal: (() => unknown) | undefined;
  #opened = false;
  /** What has to be there before calls go on, though it was open. */
  readonly #holds = new Set<Promise<void>>();
  /** Of calls in flight that wait for something outside the engine. */
  readonly #abandon = new Set<(error: unknown) => void>();

  get pending(): number {
    return this.#waiting.length;
  }

  /** Throws what calls are refused with. */
  check(): void {
    if (this.#refusal) throw this.#refusal();
  }

  /** A throw of `call`, or of `check` before it, becomes a rejection. */
  enter<R>(call: () => R | Promise<R>, check?: () => void): Promise<R> {
    try {
      this.check();
      check?.();
    } catch (error) {
      return Promise.reject(error);
    }
    if (this.#state === 'waiting')
      return new Promise<R>((resolve, reject) => {
        const start = () => this.#run(call).then(resolve, reject);
        this.#waiting.push({ start, reject });
      });
    return this.#run(call);
  }

  open(): void {
    this.#opened = true;
    this.#letIn();
  }

  /** Calls wait, in their order, until this has settled too. */
  hold(until: Promise<void>): void {
    if (this.#holds.has(until)) return;
    if (this.#state === 'open') this.#state = 'waiting';
    this.#holds.add(until);
    void until.then(() => {
      this.#holds.delete(until);
      this.#letIn();
    });
  }

  /** Those that waited go first; what is asked while they are let in queues behind them. */
  #letIn(): void {
    while (this.#mayGoOn()) {
      const waiting = this.#waiting.splice(0);
      for (const { start } of waiting) start();
      if (this.#waiting.length === 0 && this.#mayGoOn()) this.#state = 'open';
    }
  }

  /** A call that was let in may have closed the manager, or need something that is not there. */
  #mayGoOn(): boolean {
    return this.#state === 'waiting' && this.#opened && this.#holds.size === 0;
  }

  /** From now on, and for those that wait. */
  refuse(refusal: () => unknown): void {
    this.#state = 'refused';
    this.#refusal = refusal;
    for (const { reject } of this.#waiting.splice(0)) reject(refusal());
  }

  /** A call that waits for something outside the engine, a file source or a store: it ends with the manager. */
  enterSlow<R>(call: () => R | Promise<R>): Promise<R> {
    return this.enter(() => this.untilClosed(call));
  }

  async untilClosed<R>(call: () => R | Promise<R>): Promise<R> {
    let abandon: (error: unknown) => void = () => {};
    const closed = new Promise<never>((_resolve, reject) => {
      abandon = reject;
    });
    this.#abandon.add(abandon);
    try {
      return await Promise.race([call(), closed]);
    } finally {
      this.#abandon.delete(abandon);
    }
  }

  /** The manager is closed: what is still in flight settles now. */
  abandon(error: () => unknown): void {
    for (const reject of this.#abandon) reject(error());
    this.#abandon.clear();
  }

  #run<R>(call: () => R | Promise<R>): Promise<R> {
    try {
      this.check();
      return Promise.resolve(call());
    } catch (error) {
      return Promise.reject(error);
    }
  }
}

export function closedError(): SessionError {
  const message = 'This manager is closed; create a new one on the same store to go on.';
  return new SessionError('MANAGER_CLOSED', message);
}

export function overloadedError(limit: number): SessionError {
  const message = `${limit} calls are waiting already (limits.maxPending); wait for some to settle, or raise it.`;
  return new SessionError('OVERLOADED', message, { details: { limit } });
}
