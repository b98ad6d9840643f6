import type { LayoutEngine, LayoutNode } from 'chartroom/diagram';

interface ElkAnswer {
  readonly id: number;
  readonly data?: unknown;
  readonly error?: { readonly message?: string };
}

/** What is needed of a `Worker`. elkjs makes one that works in the thread of the page as well. */
export interface WorkerLike {
  onmessage: ((event: MessageEvent<ElkAnswer>) => void) | null;
  onerror?: ((event: ErrorEvent) => void) | null;
  postMessage(message: object): void;
}

/** elkjs' worker as it is published: a file of its own, under a licence of its own, that is asked by messages. */
export class ElkWorker implements LayoutEngine {
  /** Resolves when it has answered for the first time. */
  readonly ready: Promise<unknown>;
  readonly #worker: WorkerLike;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #count = 0;
  #failure: Error | undefined;

  constructor(worker: WorkerLike) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = ({ message }) => this.#fail(new Error(`The layout worker has failed. ${message ?? ''}`));
    this.ready = this.#ask({ cmd: 'register', algorithms: ['layered'] });
    this.ready.catch(() => {});
  }

  layout(graph: LayoutNode): Promise<unknown> {
    return this.#ask({ cmd: 'layout', graph });
  }

  #ask(command: object): Promise<unknown> {
    if (this.#failure) return Promise.reject(this.#failure);
    this.#count += 1;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#count, waiting);
    this.#worker.postMessage({ id: this.#count, ...command });
    return waiting.promise;
  }

  #receive({ id, data, error }: ElkAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message ?? 'ELK gave no reason.'));
    else waiting?.resolve(data);
  }

  #fail(error: Error): void {
    this.#failure = error;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
