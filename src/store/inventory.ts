import { checkOptions } from '../check.ts';
import type { JsonObject, SessionStatus } from '../data.ts';
import type { SessionErrorCode } from '../errors.ts';
import type { SessionState } from '../session/state.ts';
import type { HeadQuery, SessionHead, StoreLease } from './port.ts';
import { isDamage, readSession } from './reading.ts';

const PAGE = 256;
/** Sessions asked for at once: enough to keep a store on another thread busy, few enough to hold. */
const AT_ONCE = 16;

/** Why something in a store cannot be read. */
export interface Damage {
  readonly code: SessionErrorCode;
  readonly reason: string;
}

/** A session as it stands in its store. */
export interface StoredSessionInfo {
  readonly id: string;
  /** The cursor of its creation. */
  readonly seq: number;
  readonly status: SessionStatus;
  readonly metadata: JsonObject;
  readonly messageCount: number;
  readonly activeFileCount: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly lastActivityAt: string;
  /**
   * When a manager brings it back though nobody touches it: milliseconds on the clock, 0 for at once, null for
   * never.
   */
  readonly wakeAt: number | null;
}

/** One that cannot be read: what its head says, and why. */
export interface DamagedSessionInfo {
  readonly id: string;
  readonly seq: number;
  readonly status: string;
  readonly wakeAt: number | null;
  readonly damage: Damage;
}

/** What the store holds, in the order of creation; what cannot be read is in it, with the reason. */
export async function* storedSessions(
  lease: StoreLease,
  options?: { status?: SessionStatus | readonly SessionStatus[] },
): AsyncGenerator<StoredSessionInfo | DamagedSessionInfo, void> {
  const { status } = checkOptions(options, 'options', ['status']);
  const query = status === undefined ? {} : { status: [status].flat() };
  for await (const { head, read } of readSessions(lease, query)) {
    if ('damage' in read) yield damagedInfoOf(head, read.damage);
    // It may have gone since its head was read.
    else if (read.state) yield infoOf(read.state, head);
  }
}

/** Every session that is asked for, folded; one that cannot be has its damage in place of its state. */
export async function* readSessions(
  lease: StoreLease,
  query: HeadQuery = {},
): AsyncGenerator<{ readonly head: SessionHead; readonly read: ReadState }, void> {
  for await (const page of pagesOf(lease, query))
    for (let n = 0; n < page.length; n += AT_ONCE) {
      const heads = page.slice(n, n + AT_ONCE);
      yield* await Promise.all(heads.map(async (head) => ({ head, read: await readState(lease, head.id) })));
    }
}

/** The ids of all sessions, in the order of creation. */
export async function storedIds(lease: StoreLease): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of pagesOf(lease)) for (const { id } of page) ids.push(id);
  return ids;
}

/** Heads, a page at a time: the owner of the store may go on writing meanwhile. */
async function* pagesOf(
  lease: StoreLease,
  query: HeadQuery = {},
): AsyncGenerator<readonly SessionHead[], void> {
  let after = 0;
  for (;;) {
    const page = await lease.heads({ ...query, after, limit: PAGE });
    yield page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.seq;
  }
}

export type ReadState = { readonly state: SessionState | undefined } | { readonly damage: Damage };

/** The session's state, or what is wrong with it; throws only when the store fails. */
async function readState(lease: StoreLease, id: string): Promise<ReadState> {
  try {
    return { state: await readSession(lease, id) };
  } catch (error) {
    return { damage: damageOf(error) };
  }
}

/** Throws what is no damage. */
export function damageOf(error: unknown): Damage {
  if (isDamage(error)) return { code: error.code, reason: error.message };
  throw error;
}

function damagedInfoOf({ id, seq, status, wakeAt }: SessionHead, damage: Damage): DamagedSessionInfo {
  return { id, seq, status, wakeAt, damage };
}

function infoOf(state: SessionState, { wakeAt }: SessionHead): StoredSessionInfo {
  const { id, seq, status, metadata, createdAt, updatedAt, lastActivityAt } = state;
  return {
    id,
    seq,
    status,
    metadata,
    messageCount: state.conversation?.count ?? 0,
    activeFileCount: state.files?.size ?? 0,
    createdAt,
    updatedAt,
    lastActivityAt,
    wakeAt,
  };
}
