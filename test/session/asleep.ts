import { Dormant } from '../../src/session/dormant.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import { Registry } from '../../src/session/registry.ts';
import type { SessionState } from '../../src/session/state.ts';
import { StoredSessions, type StoredSessionsParts } from '../../src/session/stored-sessions.ts';
import type { HeadQuery, StoredSession, StoreLease } from '../../src/store/port.ts';
import { createdFact, statusFact } from '../support/facts.ts';
import { type Gate, gate } from '../support/gate.ts';
import { bareLease, readingLease } from '../support/lease.ts';

export const alive = (id: string, seq = 1): StoredSession => ({
  records: [
    createdFact({ seq, sessionId: id, sessionSeq: 1 }),
    statusFact({ seq: seq + 1, sessionId: id, sessionSeq: 2 }, 'active', 'initializing'),
  ],
});

/** `s0`, `s1` and so on. */
export const many = (count: number): Record<string, StoredSession> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`s${n}`, alive(`s${n}`, n * 2 + 1)]));

/** As a creation makes it: in memory, and in no store yet. */
export const newborn = (id: string): SessionEntry =>
  new SessionEntry({ id, seq: 1, status: 'initializing' } as never, 0);

interface Options extends Partial<StoreLease> {
  readonly untilClosed?: StoredSessionsParts['untilClosed'];
}

/** What is dormant in a store, the order in which sessions came back, and what the store was asked. */
export async function asleep(
  stored: Record<string, StoredSession>,
  { untilClosed = (call) => call(), ...parts }: Options = {},
) {
  const registry = new Registry();
  const revived: string[] = [];
  const asked = { loads: [] as string[], queries: [] as HeadQuery[], heads: [] as string[] };
  const dormant: Dormant = new Dormant(registry, () => sessions);
  const lease = bareLease({ ...readingLease(stored), ...parts });
  const noting: StoreLease = {
    ...lease,
    load(id) {
      asked.loads.push(id);
      return lease.load(id);
    },
    heads(query = {}) {
      asked.queries.push(query);
      return lease.heads(query);
    },
    head(id) {
      asked.heads.push(id);
      return lease.head(id);
    },
  };
  const revive = (state: SessionState) => {
    const entry = new SessionEntry(state, 0);
    registry.add(entry);
    revived.push(state.id);
    return entry;
  };
  const sessions = new StoredSessions({ registry, dormant, revive, untilClosed }, noting);
  dormant.open(await lease.counts());
  return { registry, dormant, sessions, revived, asked };
}

/** A `load` that a test answers by hand. */
export function slowLoad() {
  const loads: Array<Gate<StoredSession> & { readonly id: string }> = [];
  const load = (id: string) => {
    const next = { ...gate<StoredSession>(), id };
    loads.push(next);
    return next.promise;
  };
  return { load, loads };
}

export const call = async <R>(run: () => R | Promise<R>): Promise<R> => run();
