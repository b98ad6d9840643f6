import { Dormant } from '../../src/session/dormant.ts';
import { SessionEntry } from '../../src/session/entry.ts';
import { Registry } from '../../src/session/registry.ts';
import type { SessionState } from '../../src/session/state.ts';
import { StoredSessions } from '../../src/session/stored-sessions.ts';
import type { StoredSession, StoreLease } from '../../src/store/port.ts';
import { createdFact, statusFact } from '../support/facts.ts';
import { type Gate, gate } from '../support/gate.ts';
import { bareLease, readingLease } from '../support/lease.ts';

export const alive = (id: string, seq = 1): StoredSession => ({
  records: [
    createdFact({ seq, sessionId: id, sessionSeq: 1 }),
    statusFact({ seq: seq + 1, sessionId: id, sessionSeq: 2 }, 'active', 'initializing'),
  ],
});

/** What is dormant in a store, and the order in which sessions came back. */
export async function asleep(stored: Record<string, StoredSession>, parts: Partial<StoreLease> = {}) {
  const registry = new Registry();
  const revived: string[] = [];
  const dormant: Dormant = new Dormant(registry, () => sessions);
  const lease = bareLease({ ...readingLease(stored), ...parts });
  const revive = (state: SessionState) => {
    const entry = new SessionEntry(state, 0);
    registry.add(entry);
    revived.push(state.id);
    return entry;
  };
  const sessions = new StoredSessions({ registry, dormant, revive, untilClosed: (call) => call() }, lease);
  dormant.open(await lease.counts());
  return { registry, dormant, sessions, revived };
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
