import { memoryStore } from '../../src/store/memory.ts';
import type { JournalRecord, SessionStore, StoredSnapshot, StoreLease } from '../../src/store/port.ts';
import { type Gate, gate } from '../support/gate.ts';
import { turns } from '../support/turns.ts';

export interface StoreUnderTest extends SessionStore {
  /** Every record that was appended, by whatever manager. */
  readonly appended: JournalRecord[];
  readonly snapshots: Array<StoredSnapshot & { readonly id: string }>;
  /** What loading each session gave to read: the facts after its snapshot. */
  readonly loaded: Array<{ readonly id: string; readonly from: number; readonly records: number }>;
  /** From now on writes wait; `open` lets those through that wait then, and all later ones. */
  hold(): Gate;
  /** Refuses the writes of which this is true, as a full disk would. */
  refuse(when: (records: readonly JournalRecord[]) => boolean): void;
}

export interface StoreUnderTestOptions {
  /** Each write takes a macrotask. */
  slow?: boolean;
  /** What stands in for parts of its lease. */
  overrides?: (lease: StoreLease) => Partial<Pick<StoreLease, 'putSnapshot' | 'saved'>>;
}

/** A memory store that can be slow and full, and tells what it was asked. */
export function storeUnderTest({
  slow = false,
  overrides = () => ({}),
}: StoreUnderTestOptions = {}): StoreUnderTest {
  const inner = memoryStore();
  const appended: JournalRecord[] = [];
  const snapshots: StoreUnderTest['snapshots'] = [];
  const loaded: StoreUnderTest['loaded'] = [];
  let held: Gate | undefined;
  let refused: Parameters<StoreUnderTest['refuse']>[0] = () => false;

  function writeNow(lease: StoreLease, records: readonly JournalRecord[]): void {
    if (refused(records)) throw new Error('the disk is full');
    lease.append(records);
    appended.push(...records);
  }
  function write(lease: StoreLease, records: readonly JournalRecord[]): void | Promise<void> {
    const waiting = held?.promise ?? (slow ? turns(1) : undefined);
    return waiting ? waiting.then(() => writeNow(lease, records)) : writeNow(lease, records);
  }
  return {
    appended,
    snapshots,
    loaded,
    hold() {
      const waiting = gate();
      held = waiting;
      return {
        ...waiting,
        open: () => {
          held = undefined;
          waiting.open();
        },
      };
    },
    refuse(when) {
      refused = when;
    },
    async open(request) {
      const lease = await inner.open(request);
      return {
        epoch: lease.epoch,
        get lastSeq() {
          return lease.lastSeq;
        },
        get cutSeq() {
          return lease.cutSeq;
        },
        append: (records) => write(lease, records),
        ids: () => lease.ids(),
        async load(id) {
          const stored = await lease.load(id);
          loaded.push({ id, from: stored.snapshot?.sessionSeq ?? 0, records: stored.records.length });
          return stored;
        },
        putSnapshot(id, snapshot) {
          snapshots.push({ id, ...snapshot });
          return lease.putSnapshot(id, snapshot);
        },
        facts: (query) => lease.facts(query),
        saved: lease.saved,
        [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose](),
        ...overrides(lease),
      };
    },
  };
}
