import { wrapThrown } from './error-info.ts';
import type { SessionError } from './errors.ts';

/** A part of the engine that is loaded when it is first needed. */
export class Late<P> {
  readonly #make: () => Promise<P>;
  #part: P | undefined;
  #loading: Promise<void> | undefined;
  #failure: SessionError | undefined;

  constructor(make: () => Promise<P>) {
    this.#make = make;
  }

  /** `undefined` as long as nobody has needed it. */
  get part(): P | undefined {
    return this.#part;
  }

  /** For whoever has had it loaded. Throws `STORE_FAILED` when that went wrong. */
  get(): P {
    if (this.#part) return this.#part;
    throw this.#failure ?? new Error('A part of the engine was used before it was loaded.');
  }

  /** Resolves once that is over, one way or the other. After a failure it is tried again. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<void> {
    try {
      this.#part = await this.#make();
    } catch (error) {
      this.#failure = wrapThrown('STORE_FAILED', 'A part of chartroom could not be loaded', error);
      this.#loading = undefined;
    }
  }
}
