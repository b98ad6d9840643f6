import { native } from './connection.ts';
import type { Writing } from './format.ts';
import type { HeadRow, StoreRow } from './rows.ts';

/** Rows looked at per append, beside as many again as it brings: enough to keep up and to catch up, never a pause. */
const STEP = 64;

/** The facts of one life that a step of the sweep has come to; they follow each other. */
interface Swept {
  readonly id: string;
  readonly life: number;
  readonly first: number;
  last: number;
}

/**
 * Which facts cursors may still read, and the deletion of the others: in small steps beside the appends, inside
 * their transactions. Age is measured against the newest fact, so that no clock has to be believed twice.
 */
export class Retention {
  readonly #retainEvents: number;
  readonly #retainMs: number;

  constructor(retainEvents: number, retainMs: number) {
    this.#retainEvents = retainEvents;
    this.#retainMs = retainMs;
  }

  /** The newest fact that cursors are not given. */
  cut({ lastSeq, cutSeq }: StoreRow): number {
    return Math.max(cutSeq, lastSeq - this.#retainEvents);
  }

  /** `added` facts came, the newest of `at`: moves the marks on and deletes a step's worth. */
  async advance(transaction: Writing, row: StoreRow, added: number, at: string): Promise<StoreRow> {
    const limit = STEP + 2 * added;
    const cutSeq = await this.#cutByAge(transaction, this.cut(row), Date.parse(at), limit);
    const sweptSeq = await sweep(transaction, row.sweptSeq, cutSeq, limit);
    return { ...row, cutSeq, sweptSeq };
  }

  async #cutByAge(transaction: Writing, cutSeq: number, now: number, limit: number): Promise<number> {
    if (this.#retainMs === Number.POSITIVE_INFINITY) return cutSeq;
    let newest = cutSeq;
    const index = transaction.objectStore('facts').index('seq');
    let cursor = await index.openCursor(IDBKeyRange.lowerBound(cutSeq, true));
    for (let looked = 0; cursor && looked < limit; looked += 1) {
      const { seq, at } = cursor.value;
      if (!(Date.parse(at) < now - this.#retainMs)) break;
      newest = seq;
      cursor = await cursor.continue();
    }
    return newest;
  }
}

/** Of a session that takes no more of what `load` needs no longer: what the sweep had left to it alone goes. */
export function release(transaction: Writing, { id, seq, sweptSeq }: HeadRow, snapshotSeq: number): void {
  const last = Math.min(sweptSeq, snapshotSeq);
  if (last > 0) deleteFacts(transaction, { id, life: seq, first: 1, last });
}

/**
 * Deletes those of the next facts after `from` up to `to` that `load` does not need. Gives how far it came: by facts and
 * not by numbers, of which a session that was saved elsewhere may skip a great many.
 */
async function sweep(transaction: Writing, from: number, to: number, limit: number): Promise<number> {
  if (from >= to) return from;
  const facts = transaction.objectStore('facts');
  const keys = await facts.index('seq').getAllKeys(IDBKeyRange.bound(from, to, true), limit);
  const last = keys[limit - 1];
  const sweptSeq = (last && (await facts.get(last))?.seq) ?? to;
  const lives = new Map<number, Swept>();
  for (const [id, life, sessionSeq] of keys) {
    const swept = lives.get(life);
    if (swept) swept.last = sessionSeq;
    else lives.set(life, { id, life, first: sessionSeq, last: sessionSeq });
  }
  await Promise.all([...lives.values()].map((each) => sweepLife(transaction, each)));
  return sweptSeq;
}

async function sweepLife(transaction: Writing, swept: Swept): Promise<void> {
  const { id, life, last } = swept;
  const head = await transaction.objectStore('sessions').get(id);
  if (head?.seq !== life) {
    deleteFacts(transaction, swept);
    return;
  }
  deleteFacts(transaction, { ...swept, last: Math.min(last, head.snapshotSeq) });
  if (last > head.snapshotSeq) native(transaction, 'sessions').put({ ...head, sweptSeq: last });
}

function deleteFacts(transaction: Writing, { id, life, first, last }: Swept): void {
  if (last < first) return;
  native(transaction, 'facts').delete(IDBKeyRange.bound([id, life, first], [id, life, last]));
}
