/** What the cases of the store contract are made of: a stage with one store, facts to put on it, assertions. */
import { isSessionError, type SessionErrorCode } from '../../src/errors.ts';
import type {
  FactQuery,
  JournalRecord,
  SavedDocument,
  SessionHead,
  SessionStore,
  StoredSnapshot,
  StoreLease,
} from '../../src/store/port.ts';

export interface Stage {
  readonly store: SessionStore;
  open(owner?: string): Promise<StoreLease>;
  /** Gives the lease back and opens the store again. */
  reopen(lease: StoreLease): Promise<StoreLease>;
}

export interface Scenario {
  readonly title: string;
  play(stage: Stage): Promise<void>;
}

export async function withStore(
  create: () => SessionStore | Promise<SessionStore>,
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const store = await create();
  const leases: StoreLease[] = [];
  const open = async (owner = 'contract') => {
    const lease = await store.open({ owner });
    leases.push(lease);
    return lease;
  };
  const reopen = async (lease: StoreLease) => {
    await close(lease);
    return open();
  };
  try {
    await play({ store, open, reopen });
  } finally {
    for (const lease of leases) await close(lease);
  }
}

export async function close(lease: StoreLease): Promise<void> {
  await lease[Symbol.asyncDispose]();
}

/** A scenario on one lease. */
export function scenario(title: string, play: (lease: StoreLease, stage: Stage) => Promise<void>): Scenario {
  return { title, play: async (stage) => play(await stage.open(), stage) };
}

/** What was arranged can be checked by its owner, and just so by the next one: two scenarios. */
export function kept(
  title: string,
  arrange: (lease: StoreLease) => unknown,
  check: (lease: StoreLease) => Promise<void>,
): Scenario[] {
  return [
    scenario(title, async (lease) => {
      await arrange(lease);
      await check(lease);
    }),
    scenario(`${title}; also for the next owner`, async (lease, { reopen }) => {
      await arrange(lease);
      const next = await reopen(lease);
      await check(next);
    }),
  ];
}

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
export const headIds = async (lease: StoreLease, query?: Parameters<StoreLease['heads']>[0]) =>
  ids((await lease.heads(query)) as SessionHead[]);

/** Without what `wakeAt` the facts were given with: a store need not give it back. */
export function plain<T extends { readonly wakeAt?: number | null }>({
  wakeAt,
  ...rest
}: T): Omit<T, 'wakeAt'> {
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
  for (const { id } of heads) sessions.push(await lease.load(id));
  const { lastSeq, cutSeq } = lease;
  const facts = (await collect(lease, { from: 0 })).map(plain);
  return {
    lastSeq,
    cutSeq,
    heads,
    sessions,
    facts,
    counts: await countsOf(lease),
    saved: await lease.saved.list(),
  };
}

/** Structural equality of JSON; the order of an object's keys does not matter, nor a key that is undefined. */
export function equal(actual: unknown, expected: unknown, what = 'the answer'): void {
  const [got, wanted] = [canonical(actual), canonical(expected)];
  if (got !== wanted) throw new Error(`${what}: expected ${shorten(wanted)}, got ${shorten(got)}`);
}

export function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(`${what} does not hold`);
}

/** The call throws or rejects with this code. */
export async function refused(
  code: SessionErrorCode,
  call: () => unknown,
  what = 'the call',
): Promise<Error> {
  try {
    await call();
  } catch (error) {
    if (isSessionError(error) && error.code === code) return error;
    throw new Error(`${what}: expected ${code}, failed with ${String(error)}`, { cause: error });
  }
  throw new Error(`${what}: expected ${code}, but it succeeded`);
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join()}}`;
}

function shorten(text: string): string {
  return text.length <= 500 ? text : `${text.slice(0, 500)}… (${text.length} characters)`;
}
