import { memoryStore } from '../../../src/store/memory.ts';
import type { SavedSessions, SessionStore, StoreLease } from '../../../src/store/port.ts';
import { turns } from '../../support/turns.ts';

/** A right store that takes its time: calls wait in one queue, and every answer comes in a later turn. */
export function queuedStore(retainEvents = 10_000): SessionStore {
  const store = memoryStore({ retainEvents });
  return {
    async open(options) {
      await turns(1);
      return queued(await store.open(options));
    },
  };
}

function queued(lease: StoreLease): StoreLease {
  let last: Promise<unknown> = Promise.resolve();
  const later = <R>(act: () => R | Promise<R>): Promise<R> => {
    const before = last;
    const answer = (async () => {
      await before;
      await turns(1);
      return act();
    })();
    last = answer.catch(() => {});
    return answer;
  };
  const saved: SavedSessions = {
    put: (document) => later(() => lease.saved.put(document)),
    get: (id) => later(() => lease.saved.get(id)),
    list: () => later(() => lease.saved.list()),
    ids: () => later(() => lease.saved.ids()),
    delete: (id) => later(() => lease.saved.delete(id)),
  };
  let givenBack: Promise<void> | undefined;
  return {
    epoch: lease.epoch,
    get lastSeq() {
      return lease.lastSeq;
    },
    get cutSeq() {
      return lease.cutSeq;
    },
    append(records) {
      const copy = [...records];
      return later(() => lease.append(copy));
    },
    counts: () => later(() => lease.counts()),
    head: (id) => later(() => lease.head(id)),
    heads: (query) => later(() => lease.heads(query)),
    load: (id) => later(() => lease.load(id)),
    putSnapshot: (id, snapshot) => later(() => lease.putSnapshot(id, snapshot)),
    remove: (id) => later(() => lease.remove(id)),
    facts(query) {
      const facts = later(() => lease.facts(query));
      return (async function* () {
        yield* await facts;
      })();
    },
    saved,
    [Symbol.asyncDispose]() {
      givenBack ??= later(() => Promise.resolve(lease[Symbol.asyncDispose]()));
      return givenBack;
    },
  };
}
