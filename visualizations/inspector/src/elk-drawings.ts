import {
  type Chart,
  chartKey,
  type Drawing,
  type LayoutEngine,
  type LayoutNode,
  layOut,
} from 'chartroom/diagram';
import workerAddress from 'elkjs/lib/elk-worker.min.js?url';
import type { Drawings } from './drawings.ts';

/** Drawings laid out by ELK in a worker, which is started with the first of them. */
export class ElkDrawings implements Drawings {
  readonly #known = new Map<string, Promise<Drawing>>();
  #elk: ElkWorker | undefined;

  of(chart: Chart): Promise<Drawing> {
    const key = chartKey(chart);
    const known = this.#known.get(key);
    if (known) return known;
    this.#elk ??= new ElkWorker(new Worker(new URL(workerAddress, document.baseURI)));
    const drawing = layOut(chart, { elk: this.#elk });
    this.#known.set(key, drawing);
    return drawing;
  }
}

interface ElkAnswer {
  readonly id: number;
  readonly data?: unknown;
  readonly error?: { readonly message?: string };
}

/** elkjs' worker as it is published: a file of its own, under a licence of its own, that is asked by messages. */
class ElkWorker implements LayoutEngine {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #count = 0;
  #failure: Error | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<ElkAnswer>) => this.#receive(data);
    worker.onerror = ({ message }) => this.#fail(new Error(`The layout worker has failed. ${message ?? ''}`));
    this.#ask({ cmd: 'register', algorithms: ['layered'] }).catch(() => {});
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
