import type { SavedSessions, SessionStore, StoreLease } from '../../src/store/port.ts';

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
    const count = <T>(call: () => T | Promise<T>) => this.#count(call);
    const { saved } = lease;
    const counted: SavedSessions = {
      put: (document) => count(() => saved.put(document)),
      get: (id) => count(() => saved.get(id)),
      list: () => count(() => saved.list()),
      ids: () => count(() => saved.ids()),
      delete: (id) => count(() => saved.delete(id)),
    };
    return {
      epoch: lease.epoch,
      get lastSeq() {
        return lease.lastSeq;
      },
      get cutSeq() {
        return lease.cutSeq;
      },
      append: (records) => count(() => lease.append(records)),
      counts: () => count(() => lease.counts()),
      head: (id) => count(() => lease.head(id)),
      heads: (query) => count(() => lease.heads(query)),
      load: (id) => count(() => lease.load(id)),
      putSnapshot: (id, snapshot) => count(() => lease.putSnapshot(id, snapshot)),
      remove: (id) => count(() => lease.remove(id)),
      async *facts(query) {
        const facts = lease.facts(query) as AsyncIterable<never>;
        const pages = facts[Symbol.asyncIterator]();
        for (;;) {
          const step = await count(() => pages.next());
          if (step.done) return;
          yield step.value;
        }
      },
      saved: counted,
      [Symbol.asyncDispose]: () => count(async () => lease[Symbol.asyncDispose]()),
    };
  }
}
