import { EventEmitter } from 'node:events';
import type { Thread } from '../../../src/store/sqlite/channel.ts';
import type { OpenRequest, Operation } from '../../../src/store/sqlite/protocol.ts';
import { type Server, serve } from '../../../src/store/sqlite/server.ts';

/**
 * The far side on this thread, with messages copied and a turn late as between threads: what it does is seen by
 * the coverage, and starting it costs nothing.
 */
export class InlineThread extends EventEmitter implements Thread {
  /** Messages that came in, and those that went out. */
  readonly traffic = { asked: 0, answered: 0 };
  /** Whether it keeps the process alive. */
  referenced = true;
  readonly #port = new EventEmitter();

  constructor(server?: Server) {
    super();
    const postMessage = (reply: unknown) => this.#answer(reply);
    if (server) this.#port.on('message', (operations) => server.answer(operations, postMessage));
    else serve({ on: (event, listener) => this.#port.on(event, listener), postMessage });
  }

  postMessage(operations: unknown): void {
    this.traffic.asked += 1;
    const copy = structuredClone(operations);
    setImmediate(() => this.#port.emit('message', copy));
  }

  #answer(reply: unknown): void {
    this.traffic.answered += 1;
    const copy = structuredClone(reply);
    setImmediate(() => this.emit('message', copy));
  }

  ref(): void {
    this.referenced = true;
  }

  unref(): void {
    this.referenced = false;
  }

  async terminate(): Promise<number> {
    this.#port.removeAllListeners();
    this.emit('exit', 0);
    return 0;
  }
}

export const ask = (...operations: Operation[]): Operation[] => operations;

export function requestFor(path: string, changes: Partial<OpenRequest> = {}): OpenRequest {
  return {
    path,
    owner: 'test',
    readOnly: false,
    retainEvents: 100_000,
    retainMs: Number.POSITIVE_INFINITY,
    ...changes,
  };
}
