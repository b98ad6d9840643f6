import type { SessionStore, StoreLease } from '../../src/store/port.ts';

/** What is under way in stores that take their time: nobody has to guess for how long. */
export class Traffic {
  #inFlight = 0;

  get underWay(): boolean {
    return this.#inFlight > 0;
  }

  /** The store, with each of its calls counted while it is under way. */
  through(store: SessionStore): SessionStore {
    return { open: (options) => this.#count(async () => this.#lease(await store.open(options))) };
  }

  async #count<T>(call: () => T | Promise<T>): Promise<T> {
    this.#inFlight += 1;
    try {
      return await call();
    } finally {
      this.#inFlight -= 1;
    }
  }

  #lease(lease: StoreLease): StoreLease {
    return this.#counted(lease, {
      saved: this.#counted(lease.saved),
      facts: (query) => this.#steps(lease.facts(query) as AsyncIterable<never>),
    });
  }

  /** With every method counted but those of `instead`. */
  #counted<T extends object>(counted: T, instead: Partial<T> = {}): T {
    return new Proxy(counted, {
      get: (target, key) => {
        if (key in instead) return Reflect.get(instead, key);
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => this.#count(() => value.apply(target, args));
      },
    });
  }

  async *#steps<T>(all: AsyncIterable<T>): AsyncGenerator<T, void> {
    const steps = all[Symbol.asyncIterator]();
    for (;;) {
      const step = await this.#count(() => steps.next());
      if (step.done) return;
      yield step.value;
    }
  }
}
