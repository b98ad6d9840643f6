import { memoryStore } from '../../../src/store/memory.ts';
import type {
  JournalRecord,
  SavedSessions,
  SessionStore,
  StoredSnapshot,
  StoreLease,
} from '../../../src/store/port.ts';

/** Some members of a lease, some of its saved sessions among them. */
export type Parts = { [K in keyof Omit<StoreLease, 'saved'>]?: StoreLease[K] } & {
  saved?: Partial<SavedSessions>;
};

/** What a broken store remembers beside a right one, over all its owners. */
export class Notes {
  /** All that were appended. */
  readonly facts: JournalRecord[] = [];
  /** All that were put, by id, the newest last. */
  readonly snapshots = new Map<string, StoredSnapshot[]>();
  readonly removed: string[] = [];
  /** Ids of saved sessions that were deleted. */
  readonly deleted: string[] = [];

  factsOf(id: string): JournalRecord[] {
    return this.facts.filter(({ sessionId }) => sessionId === id);
  }

  /** Of those ids, the ones whose newest fact is their end. */
  get ended(): string[] {
    const newest = new Map(this.facts.map((each) => [each.sessionId, each]));
    return [...newest.values()]
      .filter(({ type }) => type === 'session_terminated')
      .map(({ sessionId }) => sessionId);
  }
}

/** A way to be wrong. */
export interface Fault {
  /** After "a store that". */
  readonly what: string;
  /** What is wrong with a lease; it is made anew for each owner. */
  readonly parts: (lease: StoreLease, notes: Notes) => Parts;
}

const RIGHT: Fault = { what: 'is right', parts: () => ({}) };

/** A memory store with a fault that its owners from the first, or from a later one on, get to see. */
export function brokenStore(
  fault: Fault = RIGHT,
  { fromOwner = 1, retain }: { fromOwner?: number; retain?: number | undefined } = {},
): SessionStore {
  const store = memoryStore(retain === undefined ? {} : { retainEvents: retain });
  const notes = new Notes();
  let owners = 0;
  return {
    async open(options) {
      const lease = noting(await store.open(options), notes);
      owners += 1;
      return owners < fromOwner ? lease : replaced(lease, fault.parts(lease, notes));
    },
  };
}

function noting(lease: StoreLease, notes: Notes): StoreLease {
  return replaced(lease, {
    append(records) {
      lease.append(records);
      notes.facts.push(...records);
    },
    putSnapshot(id, snapshot) {
      lease.putSnapshot(id, snapshot);
      notes.snapshots.set(id, [...(notes.snapshots.get(id) ?? []), snapshot]);
    },
    remove(id) {
      lease.remove(id);
      notes.removed.push(id);
    },
    saved: {
      delete(id) {
        notes.deleted.push(id);
        return lease.saved.delete(id);
      },
    },
  });
}

/** The lease with some of its members replaced; the others stay what they are, getters too. */
export function replaced(lease: StoreLease, { saved, ...parts }: Parts): StoreLease {
  return new Proxy(lease, {
    get(_target, key) {
      if (key === 'saved') return saved ? { ...lease.saved, ...saved } : lease.saved;
      if (Object.hasOwn(parts, key)) return Reflect.get(parts, key);
      const value: unknown = Reflect.get(lease, key, lease);
      return typeof value === 'function' ? value.bind(lease) : value;
    },
  });
}

/** What the call throws. */
export function refusal(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
}
