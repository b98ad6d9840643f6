import type { JournalRecord, SessionHead, StoredSession, StoreLease } from '../../src/store/port.ts';
import { type Gate, gate } from './gate.ts';

/** A lease that keeps nothing; a test puts in the parts that it is about. */
export function bareLease(parts: Partial<StoreLease> = {}): StoreLease {
  return {
    epoch: 1,
    lastSeq: 0,
    cutSeq: 0,
    append() {},
    counts: () => ({}),
    head: () => undefined,
    heads: () => [],
    load: () => ({ records: [] }),
    remove() {},
    putSnapshot() {},
    facts: () => [],
    saved: { put() {}, get: () => undefined, list: () => [], ids: () => [], delete: () => false },
    [Symbol.asyncDispose]: async () => {},
    ...parts,
  };
}

/** The part of a lease that reads: it holds these sessions, whose facts may lie. */
export function readingLease(
  stored: Readonly<Record<string, StoredSession | (() => StoredSession | Promise<StoredSession>)>>,
  heads: Readonly<Record<string, Partial<SessionHead>>> = {},
): Pick<StoreLease, 'counts' | 'head' | 'heads' | 'load'> {
  const all = Object.entries(stored).map(([id, session], n): SessionHead => {
    const records = typeof session === 'function' ? [] : session.records;
    const last = records.findLast(({ type }) => type === 'session_status');
    const status = (last?.payload as { status?: string } | undefined)?.status ?? 'initializing';
    const seq = records[0]?.seq ?? n + 1;
    return { id, seq, sessionSeq: records.length, status, wakeAt: null, ...heads[id] };
  });
  all.sort((a, b) => a.seq - b.seq);
  return {
    counts() {
      const counts: Record<string, number> = {};
      for (const { status } of all) counts[status] = (counts[status] ?? 0) + 1;
      return counts;
    },
    head: (id) => all.find((head) => head.id === id),
    heads({ after = 0, status, limit = all.length, wakeAfter, wakeBy } = {}) {
      const due = ({ wakeAt }: SessionHead) =>
        wakeAfter === undefined || wakeBy === undefined
          ? true
          : wakeAt !== null && wakeAt > wakeAfter && wakeAt <= wakeBy;
      const found = all.filter(
        (head) => head.seq > after && (status?.includes(head.status) ?? true) && due(head),
      );
      // Stable: those of one time stay in the order of `seq`.
      if (wakeBy !== undefined) found.sort((a, b) => (a.wakeAt ?? 0) - (b.wakeAt ?? 0));
      return found.slice(0, limit);
    },
    load(id) {
      const session = stored[id] ?? { records: [] };
      return typeof session === 'function' ? session() : session;
    },
  };
}

/** An `append` whose writes a test settles by hand, in any order. */
export function slowAppend() {
  const writes: Array<Gate & { readonly records: readonly JournalRecord[] }> = [];
  return {
    /** One for each call, in order. */
    writes,
    append(records: readonly JournalRecord[]): Promise<void> {
      const write = { ...gate(), records };
      writes.push(write);
      return write.promise;
    },
  };
}
