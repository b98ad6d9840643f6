/**
 * Stores that break a promise once, early in a process's life, which ends a moment later as if by `kill -9`. The
 * checker must notice each of them, and none where the promise was kept.
 */
import type { JournalRecord, SavedDocument, SessionStore, StoreLease } from '../../src/store/port.ts';
import { die } from './report.ts';

type Records = readonly JournalRecord[];

interface Lie {
  /** Whether it can be told of this append. */
  suits(records: Records): boolean;
  /** What is stored of it. */
  stored(records: Records): Records;
  /** The engine never hears that this much was stored. Default: it hears that all was. */
  readonly unheard?: true;
}

/** Appends that are as they should be, before the lie: there must be something to be lost. */
const HONEST = 15;
/** From the lie to the death, for the acknowledgements to be given. */
const LAST_MS = 10;

const isMessage = ({ type }: JournalRecord) => type === 'conversation_added';
const isEnd = ({ type }: JournalRecord) => type === 'session_terminated';
const endsWithMessage = (records: Records) =>
  records.some((record, n) => isMessage(record) && n === records.length - 1);

interface MessagePayload {
  readonly message: { readonly content: string; readonly idempotencyKey?: string };
}
const messageOf = ({ payload }: JournalRecord) => (payload as MessagePayload).message;

function withMessage(record: JournalRecord, change: object): JournalRecord {
  return { ...record, payload: { ...record.payload, message: { ...messageOf(record), ...change } } };
}

function after({ seq, sessionSeq, ...rest }: JournalRecord): JournalRecord {
  return { ...rest, seq: seq + 1, sessionSeq: sessionSeq + 1 };
}

/** The two newest messages of one session in the group. */
function neighbours(records: Records): readonly [number, number] | undefined {
  const second = records.findLastIndex(isMessage);
  const first = records.findLastIndex(
    (record, n) => n < second && isMessage(record) && record.sessionId === records[second]?.sessionId,
  );
  return first < 0 ? undefined : [first, second];
}

/** A session whose end begins and is over in this group: of any other, recovery would bring the rest about. */
function endedAtOnce(records: Records): string | undefined {
  const isBegin = ({ payload }: JournalRecord) => (payload as { status?: string }).status === 'terminating';
  const begun = new Set(records.filter(isBegin).map(({ sessionId }) => sessionId));
  return records.find((record) => isEnd(record) && begun.has(record.sessionId))?.sessionId;
}

/** Where a file goes whose place another takes: that is one change. */
function pushedOut(records: Records): number {
  return records.findIndex(({ type, sessionId }, n) => {
    const next = records[n + 1];
    return type === 'file_removed' && next?.type === 'file_added' && next.sessionId === sessionId;
  });
}

export const lies: Readonly<Record<string, Lie>> = {
  'nothing but the truth': { suits: endsWithMessage, stored: (records) => records },
  'acknowledges what it has not stored': { suits: endsWithMessage, stored: () => [] },
  'drops the last record': { suits: endsWithMessage, stored: (records) => records.slice(0, -1) },
  'stores a message twice': {
    suits: endsWithMessage,
    stored: (records) => [...records, ...records.slice(-1).map(after)],
  },
  'stores a message that nobody sent': {
    suits: endsWithMessage,
    stored: (records) => [
      ...records,
      ...records.slice(-1).map((record) => withMessage(after(record), { content: 'a ghost' })),
    ],
  },
  'stores two messages in the wrong order': {
    suits: (records) => neighbours(records) !== undefined,
    stored(records) {
      const [first, second] = neighbours(records) ?? [0, 0];
      const swapped = [...records];
      for (const [to, from] of [[first, second] as const, [second, first] as const])
        swapped[to] = { ...records[to], payload: records[from]?.payload } as JournalRecord;
      return swapped;
    },
  },
  'loses an idempotency key': {
    suits: (records) =>
      records.some((record) => isMessage(record) && messageOf(record).idempotencyKey !== undefined),
    stored: (records) =>
      records.map((record) =>
        isMessage(record) ? withMessage(record, { idempotencyKey: undefined }) : record,
      ),
  },
  'forgets an end': {
    suits: (records) => endedAtOnce(records) !== undefined,
    stored(records) {
      const ended = endedAtOnce(records);
      return records.filter(({ sessionId }) => sessionId !== ended);
    },
  },
  'stores half of a change': {
    suits: (records) => pushedOut(records) >= 0,
    stored: (records) => records.slice(0, pushedOut(records) + 1),
    unheard: true,
  },
};

export const SAVING = 'acknowledges a save that it has not made';

/** The store with a lie told over it; with none, itself. */
export function lying(store: SessionStore, name: string | undefined): SessionStore {
  if (name === undefined) return store;
  return { open: async (options) => replacing(await store.open(options), name) };
}

function replacing(lease: StoreLease, name: string): StoreLease {
  const lie = lies[name];
  if (!lie && name !== SAVING) throw new Error(`there is no lie "${name}"`);
  let appends = 0;
  let told = false;
  const tell = (): void => {
    told = true;
    setTimeout(() => die(name), LAST_MS);
  };
  const replaced: Partial<StoreLease> = {
    async append(records) {
      appends += 1;
      if (told) return new Promise(() => {});
      if (!lie || appends <= HONEST || !lie.suits(records)) return lease.append(records);
      await lease.append(lie.stored(records));
      tell();
      if (lie.unheard) await new Promise(() => {});
    },
    saved: {
      ...lease.saved,
      put(document: SavedDocument) {
        if (name !== SAVING || appends <= HONEST || told) return lease.saved.put(document);
        tell();
      },
    },
  };
  return withParts(lease, replaced);
}

/** The lease with some parts replaced. */
export function withParts(lease: StoreLease, replaced: Partial<StoreLease>): StoreLease {
  return new Proxy(lease, {
    get(target, key) {
      if (key in replaced) return Reflect.get(replaced, key);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
