import type { ActionRequest, InspectorMessage, ViewerMessage } from 'chartroom/inspect';

type Answer = Extract<InspectorMessage, { type: 'answer' }>;

/** What a refusal was: the engine's code, where there is one, and what it said. */
export class RequestError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
  }
}

/** Asks, and finds for each answer the one who asked. */
export class Requests {
  readonly #send: (message: ViewerMessage) => boolean;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer['value']>>();
  #count = 0;

  /** `send` says whether the line is up. */
  constructor(send: (message: ViewerMessage) => boolean) {
    this.#send = send;
  }

  act(action: ActionRequest): Promise<Answer['value']> {
    return this.#ask((request) => ({ type: 'act', request, action }));
  }

  /** Resolves with the trace when a recording is stopped. */
  record(on: boolean): Promise<Answer['value']> {
    return this.#ask((request) => ({ type: 'record', request, on }));
  }

  receive(answer: Answer): void {
    const waiting = this.#waiting.get(answer.request);
    this.#waiting.delete(answer.request);
    if (answer.ok) waiting?.resolve(answer.value);
    else
      waiting?.reject(
        new RequestError(answer.error?.code ?? 'UNKNOWN', answer.error?.message ?? 'It was refused.'),
      );
  }

  /** The line broke: nobody will answer any more, and it may have been done or not. */
  lose(): void {
    for (const waiting of this.#waiting.values())
      waiting.reject(
        new RequestError('LOST', 'The connection broke before the answer came. It may have been done: look.'),
      );
    this.#waiting.clear();
  }

  #ask(message: (request: number) => ViewerMessage): Promise<Answer['value']> {
    this.#count += 1;
    const waiting = Promise.withResolvers<Answer['value']>();
    this.#waiting.set(this.#count, waiting);
    if (!this.#send(message(this.#count))) {
      this.#waiting.delete(this.#count);
      waiting.reject(
        new RequestError('LOST', 'There is no connection to the engine now. Try again when it is back.'),
      );
    }
    return waiting.promise;
  }
}
