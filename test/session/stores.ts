import type { JournalRecord, SessionStore, StoredSnapshot, StoreLease } from '../../src/store/port.ts';
import { type Gate, gate } from '../support/gate.ts';
import { turns } from '../support/turns.ts';
import { wrappedStore } from '../support/wrapped-store.ts';

export interface StoreUnderTest extends SessionStore {
  /** Every record that was appended, by whatever manager. */
  readonly appended: JournalRecord[];
  /** What the store itself refused: facts of a session that is gone, or out of their order. */
  readonly misplaced: unknown[];
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
  /** What stands in for parts of its leases, which may be made of the lease itself. */
  parts?: Partial<StoreLease> | ((lease: StoreLease) => Partial<StoreLease>);
}

/** A memory store that can be slow and full, and tells what it was asked. */
export function storeUnderTest({ slow = false, parts = {} }: StoreUnderTestOptions = {}): StoreUnderTest {
  const appended: JournalRecord[] = [];
  const misplaced: unknown[] = [];
  const snapshots: StoreUnderTest['snapshots'] = [];
  const loaded: StoreUnderTest['loaded'] = [];
  let held: Gate | undefined;
  let refused: Parameters<StoreUnderTest['refuse']>[0] = () => false;

  const { open } = wrappedStore((lease) => {
    const write = (records: readonly JournalRecord[]): void => {
      if (refused(records)) throw new Error('the disk is full');
      try {
        lease.append(records);
      } catch (error) {
        misplaced.push(error);
        throw error;
      }
      appended.push(...records);
    };
    return {
      append(records) {
        const waiting = held?.promise ?? (slow ? turns(1) : undefined);
        return waiting ? waiting.then(() => write(records)) : write(records);
      },
      async load(id) {
        const stored = await lease.load(id);
        loaded.push({ id, from: stored.snapshot?.sessionSeq ?? 0, records: stored.records.length });
        return stored;
      },
      putSnapshot(id, snapshot) {
        snapshots.push({ id, ...snapshot });
        return lease.putSnapshot(id, snapshot);
      },
      ...(typeof parts === 'function' ? parts(lease) : parts),
    };
  });
  return {
    open,
    appended,
    misplaced,
    snapshots,
    loaded,
    hold() {
      const waiting = gate();
      held = waiting;
      const release = () => {
        if (held === waiting) held = undefined;
        waiting.open();
      };
      return { ...waiting, open: release };
    },
    refuse(when) {
      refused = when;
    },
  };
}
