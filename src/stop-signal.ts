/** One for all, because making it costs more than all the rest of a stop. */
let stopped: DOMException | undefined;

/**
 * What an `AbortController` is, made when somebody first asks for its signal: most agents and hooks never do.
 * Its reason is an `AbortError`, as the platform's own.
 */
export class StopSignal {
  #controller: AbortController | undefined;
  #isStopped = false;

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#isStopped) this.stop();
    }
    return this.#controller.signal;
  }

  /** What a hook or an agent is given: `parts`, and the signal when it is read. */
  lend<P extends object>(parts: P): Readonly<P> & { readonly signal: AbortSignal } {
    const property = { enumerable: true, get: () => this.signal };
    return Object.freeze(Object.defineProperty(parts, 'signal', property)) as P & { signal: AbortSignal };
  }

  stop(): void {
    this.#isStopped = true;
    stopped ??= new DOMException('The session has stopped this.', 'AbortError');
    this.#controller?.abort(stopped);
  }
}
