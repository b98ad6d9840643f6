/** A store whose process dies around the n-th write that is asked of it. */
import type { SavedSessions, SessionStore, StoreLease } from '../../src/store/port.ts';
import type { Death } from './plan.ts';
import { die } from './report.ts';

export function mortalStore(store: SessionStore, death: Death): SessionStore {
  if (death.at !== 'store') return store;
  let left = death.n;
  /** Kills before the write, or once it is durable and before anybody knows. */
  const around = async <R>(name: string, write: () => R | Promise<R>): Promise<R> => {
    left -= 1;
    const here = left === 0;
    if (here && death.when === 'before') die(`before ${name}`);
    const result = await write();
    if (here) die(`after ${name}`);
    return result;
  };
  return {
    open: (options) => around('open', async () => guarded(await store.open(options), around)),
  };
}

type Around = <R>(name: string, write: () => R | Promise<R>) => Promise<R>;

function guarded(lease: StoreLease, around: Around): StoreLease {
  const saved: SavedSessions = {
    put: (document) => around('saved.put', () => lease.saved.put(document)),
    get: (id) => lease.saved.get(id),
    list: () => lease.saved.list(),
    ids: () => lease.saved.ids(),
    delete: (id) => around('saved.delete', () => lease.saved.delete(id)),
  };
  return {
    epoch: lease.epoch,
    get lastSeq() {
      return lease.lastSeq;
    },
    get cutSeq() {
      return lease.cutSeq;
    },
    append: (records) => around('append', () => lease.append(records)),
    counts: () => lease.counts(),
    head: (id) => lease.head(id),
    heads: (query) => lease.heads(query),
    load: (id) => lease.load(id),
    putSnapshot: (id, snapshot) => around('putSnapshot', () => lease.putSnapshot(id, snapshot)),
    remove: (id) => around('remove', () => lease.remove(id)),
    facts: (query) => lease.facts(query),
    saved,
    [Symbol.asyncDispose]: () => around('close', async () => lease[Symbol.asyncDispose]()),
  };
}
