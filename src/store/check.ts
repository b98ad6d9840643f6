import { checkFunction, checkOptions } from '../check.ts';
import { SessionError } from '../errors.ts';
import type { SessionState } from '../session/state.ts';
import { type Damage, damageOf, headsOf } from './inventory.ts';
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
  const saved = await lease.saved.list();
  const counts = Object.values(await lease.counts());
  const total = counts.reduce((sum, count) => sum + count, saved.length);
  const sessions: Record<string, number> = {};
  const damaged: DamagedEntry[] = [];
  let checked = 0;
  const look = async (kind: DamagedEntry['kind'], id: string, check: () => unknown) => {
    try {
      await check();
    } catch (error) {
      damaged.push(Object.freeze({ kind, id, ...damageOf(error) }));
    }
    checked += 1;
    onProgress({ checked, total: Math.max(checked, total) });
  };
  for await (const head of headsOf(lease)) {
    sessions[head.status] = (sessions[head.status] ?? 0) + 1;
    await look('session', head.id, () => checkSession(lease, head));
  }
  for (const document of saved) await look('saved', document.id, () => readSaved(document));
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
  for await (const { id } of headsOf(lease))
    try {
      await readSession(lease, id);
    } catch (error) {
      found.push(Object.freeze({ id, reason: damageOf(error).reason }));
    }
  return Object.freeze(found);
}

async function checkSession(lease: StoreLease, listed: SessionHead): Promise<void> {
  let head: SessionHead | undefined = listed;
  for (let attempt = 1; head; attempt += 1) {
    const state = await readSession(lease, head.id);
    if (!state) return;
    documentOf(state, 0);
    const difference = differenceOf(head, state);
    if (!difference) return;
    if (attempt === ATTEMPTS) throw difference;
    head = await lease.head(head.id);
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
