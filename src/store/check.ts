import { checkFunction, checkOptions } from '../check.ts';
import { SessionError } from '../errors.ts';
import type { SessionState } from '../session/state.ts';
import { type Damage, damageOf, readSessions } from './inventory.ts';
import type { SessionHead, StoreLease } from './port.ts';
import { documentOf, readSaved, readSession } from './reading.ts';

/** Something in a store that cannot be read. */
export interface DamagedEntry extends Damage {
  readonly kind: 'session' | 'saved';
  readonly id: string;
}

export interface StoreCheck {
  /** How many owners the store has had. */
  readonly epoch: number;
  /** The newest fact ever appended. */
  readonly lastSeq: number;
  /** The newest fact that cursors can no longer reach. */
  readonly cutSeq: number;
  /** How many sessions have each status. */
  readonly sessions: Readonly<Record<string, number>>;
  /** How many saved sessions there are. */
  readonly saved: number;
  readonly damaged: readonly DamagedEntry[];
}

export interface CheckProgress {
  readonly checked: number;
  readonly total: number;
}

/** A session whose owner goes on writing is read again, before its head and its facts are said to disagree. */
const ATTEMPTS = 5;

/**
 * Reads and folds every session and every saved document, and holds each to all the rules of its format. Changes
 * nothing. Rejects only when the store itself fails.
 */
export async function checkStore(
  lease: StoreLease,
  options?: { onProgress?: (progress: CheckProgress) => void },
): Promise<StoreCheck> {
  const { onProgress = () => {} } = checkOptions(options, 'options', ['onProgress']);
  checkFunction(onProgress, 'options.onProgress');
  const { epoch, lastSeq, cutSeq } = lease;
  const saved = await lease.saved.ids();
  const counts = Object.values(await lease.counts());
  const total = counts.reduce((sum, count) => sum + count, saved.length);
  const sessions: Record<string, number> = {};
  const damaged: DamagedEntry[] = [];
  let checked = 0;
  const note = (kind: DamagedEntry['kind'], id: string, damage: Damage | undefined) => {
    if (damage) damaged.push(Object.freeze({ kind, id, ...damage }));
    checked += 1;
    onProgress({ checked, total: Math.max(checked, total) });
  };
  for await (const { head, read } of readSessions(lease)) {
    sessions[head.status] = (sessions[head.status] ?? 0) + 1;
    const { id } = head;
    if ('damage' in read) note('session', id, read.damage);
    else note('session', id, await damageIn(() => checkSession(lease, head, read.state)));
  }
  for (const id of saved) note('saved', id, await damageIn(() => checkSaved(lease, id)));
  return Object.freeze({
    epoch,
    lastSeq,
    cutSeq,
    sessions: Object.freeze(sessions),
    saved: saved.length,
    damaged: Object.freeze(damaged),
  });
}

/**
 * The sessions that a manager would report as quarantined, and why: they stay in the store as they are, until
 * `lease.remove(id)`.
 */
export async function quarantinedSessions(
  lease: StoreLease,
): Promise<ReadonlyArray<{ readonly id: string; readonly reason: string }>> {
  const found: Array<{ readonly id: string; readonly reason: string }> = [];
  for await (const { head, read } of readSessions(lease))
    if ('damage' in read) found.push(Object.freeze({ id: head.id, reason: read.damage.reason }));
  return Object.freeze(found);
}

async function damageIn(check: () => unknown): Promise<Damage | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    return damageOf(error);
  }
}

/** Throws what is wrong with it. One that is not there any more was deleted meanwhile. */
async function checkSaved(lease: StoreLease, id: string): Promise<void> {
  const document = await lease.saved.get(id);
  if (document) readSaved(document);
}

/** Throws what is wrong with it. One that is not there any more has ended meanwhile. */
async function checkSession(
  lease: StoreLease,
  listed: SessionHead,
  read: SessionState | undefined,
): Promise<void> {
  let head: SessionHead | undefined = listed;
  let state = read;
  for (let attempt = 1; head && state; attempt += 1) {
    documentOf(state, 0);
    const difference = differenceOf(head, state);
    if (!difference) return;
    if (attempt === ATTEMPTS) throw difference;
    head = await lease.head(listed.id);
    state = await readSession(lease, listed.id);
  }
}

/** A head is found by its index, and listed by it: it must say what the facts say. */
function differenceOf(head: SessionHead, state: SessionState): SessionError | undefined {
  for (const key of ['seq', 'sessionSeq', 'status'] as const)
    if (head[key] !== state[key]) {
      const message = `Session "${head.id}" is listed with ${key} ${JSON.stringify(head[key])}, and its facts give ${JSON.stringify(state[key])}.`;
      return new SessionError('STORE_CORRUPT', message, { sessionId: head.id });
    }
  return undefined;
}
