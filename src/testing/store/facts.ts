/** What the cases append, put and read. */
import type {
  FactQuery,
  HeadQuery,
  JournalRecord,
  SavedDocument,
  StoredSnapshot,
  StoreLease,
} from '../../store/port.ts';

export const AT = '2026-01-01T00:00:00.000Z';

type Extra = Partial<Omit<JournalRecord, 'seq' | 'sessionId' | 'sessionSeq'>>;

export function fact(seq: number, sessionId: string, sessionSeq: number, extra: Extra = {}): JournalRecord {
  return { seq, sessionId, sessionSeq, type: 'conversation_cleared', at: AT, payload: {}, ...extra };
}

export function statusFact(
  seq: number,
  sessionId: string,
  sessionSeq: number,
  status: string,
  extra: Extra = {},
): JournalRecord {
  const payload = { status, previousStatus: 'initializing' };
  return fact(seq, sessionId, sessionSeq, { type: 'session_status', payload, ...extra });
}

export function ending(seq: number, sessionId: string, sessionSeq: number): JournalRecord {
  return fact(seq, sessionId, sessionSeq, { type: 'session_terminated', payload: { reason: 'normal' } });
}

/** The facts `from` to `to` of a session that has the store to itself. */
export function life(to: number, from = 1, sessionId = 'a'): JournalRecord[] {
  return Array.from({ length: to - from + 1 }, (_, n) => fact(from + n, sessionId, from + n));
}

export function snapshotAt(sessionSeq: number, extra: Partial<StoredSnapshot> = {}): StoredSnapshot {
  return { sessionSeq, version: 1, data: { upTo: sessionSeq }, ...extra };
}

export function documentOf(id: string, extra: Partial<SavedDocument> = {}): SavedDocument {
  return { id, savedAt: AT, messageCount: 0, metadata: {}, version: 1, data: {}, ...extra };
}

export async function collect(lease: StoreLease, query: FactQuery): Promise<JournalRecord[]> {
  const facts: JournalRecord[] = [];
  for await (const each of lease.facts(query)) facts.push(each);
  return facts;
}

export const seqs = (list: readonly { readonly seq: number }[]) => list.map(({ seq }) => seq);
export const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
export const factSeqs = async (lease: StoreLease, query: FactQuery) => seqs(await collect(lease, query));
export const loadedSeqs = async (lease: StoreLease, id: string) => seqs((await lease.load(id)).records);
export const headIds = async (lease: StoreLease, query?: HeadQuery) => ids(await lease.heads(query));

/** Without what `wakeAt` the facts were given with: a store need not give it back. */
export function plain({ wakeAt, ...rest }: JournalRecord): JournalRecord {
  return rest;
}

/** Statuses that no session has may be left out or be 0. */
export async function countsOf(lease: StoreLease): Promise<Record<string, number>> {
  return Object.fromEntries(Object.entries(await lease.counts()).filter(([, n]) => n !== 0));
}

/** All that can be asked of a store, to compare before and after what must change nothing. */
export async function contentsOf(lease: StoreLease): Promise<unknown> {
  const heads = await lease.heads();
  const sessions = [];
  for (const { id } of heads) {
    const { snapshot, records } = await lease.load(id);
    sessions.push({ snapshot, records: records.map(plain) });
  }
  const facts = (await collect(lease, { from: 0 })).map(plain);
  const toWake = await headIds(lease, { wakeAfter: -1, wakeBy: Number.MAX_SAFE_INTEGER });
  const { lastSeq, cutSeq } = lease;
  const [counts, saved] = [await countsOf(lease), await lease.saved.list()];
  return { lastSeq, cutSeq, heads, toWake, sessions, facts, counts, saved };
}
