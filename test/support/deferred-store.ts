import { memoryStore } from '../../src/store/memory.ts';
import type { SavedSessions, SessionStore, StoreLease } from '../../src/store/port.ts';

const later = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A memory store that takes its time: every answer comes in a later turn of the event loop. */
export function deferredStore(under: SessionStore = memoryStore()): SessionStore {
  return {
    async open(options) {
      await later();
      return deferred(await under.open(options));
    },
  };
}

export function deferred(lease: StoreLease): StoreLease {
  const after = async <R>(answer: () => R | Promise<R>): Promise<R> => {
    await later();
    return answer();
  };
  const saved: SavedSessions = {
    put: (document) => after(() => lease.saved.put(document)),
    get: (id) => after(() => lease.saved.get(id)),
    list: () => after(() => lease.saved.list()),
    ids: () => after(() => lease.saved.ids()),
    delete: (id) => after(() => lease.saved.delete(id)),
  };
  return {
    epoch: lease.epoch,
    get lastSeq() {
      return lease.lastSeq;
    },
    get cutSeq() {
      return lease.cutSeq;
    },
    append: (records) => after(() => lease.append(records)),
    counts: () => after(() => lease.counts()),
    head: (id) => after(() => lease.head(id)),
    heads: (query) => after(() => lease.heads(query)),
    load: (id) => after(() => lease.load(id)),
    putSnapshot: (id, snapshot) => after(() => lease.putSnapshot(id, snapshot)),
    remove: (id) => after(() => lease.remove(id)),
    async *facts(query) {
      await later();
      yield* lease.facts(query);
    },
    saved,
    async [Symbol.asyncDispose]() {
      await later();
      await lease[Symbol.asyncDispose]();
    },
  };
}
