import { SessionError } from '../../errors.ts';
import type { StoredSnapshot } from '../port.ts';
import { native, put } from './connection.ts';
import type { Writing } from './format.ts';
import { type Retention, release } from './retention.ts';
import { type FactInput, factRow, type HeadRow, type StoreRow, snapshotRow } from './rows.ts';

/** A session as the facts of one append change it. */
type Head = { -readonly [K in keyof HeadRow]: HeadRow[K] };

/** Puts facts and snapshots into the object stores, inside the transaction of whoever calls. */
export class Appender {
  readonly #retention: Retention;

  constructor(retention: Retention) {
    this.#retention = retention;
  }

  /** What the store's row is then. Refuses a wrong `seq` or `sessionSeq` with `STORE_FAILED`. */
  async append(transaction: Writing, facts: readonly FactInput[], row: StoreRow): Promise<StoreRow> {
    const heads = await headsOf(transaction, facts);
    const rows = native(transaction, 'facts');
    const newest = facts.at(-1) as FactInput;
    let lastSeq = row.lastSeq;
    for (const fact of facts) {
      const { seq, id, sessionSeq } = fact;
      if (!(seq > lastSeq))
        throw new SessionError('STORE_FAILED', `Fact ${seq} was appended after fact ${lastSeq}.`);
      lastSeq = seq;
      const head = heads.get(id) ?? newHead(fact);
      if (sessionSeq !== head.sessionSeq + 1) throw wrongSequence(fact, head.sessionSeq + 1);
      head.sessionSeq = sessionSeq;
      rows.add(factRow(fact, head.seq));
      if (fact.ends) {
        endSession(transaction, head);
        heads.set(id, undefined);
        continue;
      }
      heads.set(id, head);
      if (fact.status !== undefined) head.status = fact.status;
      if (fact.wakeAt !== undefined) head.wakeAt = fact.wakeAt;
    }
    const sessions = native(transaction, 'sessions');
    for (const head of heads.values()) if (head) sessions.put(head);
    const marked = await this.#retention.advance(transaction, { ...row, lastSeq }, facts.length, newest.at);
    put(transaction, marked);
    return marked;
  }
}

/** Nothing when the session is not there. `data` is the snapshot's, as JSON. */
export async function putSnapshot(
  transaction: Writing,
  id: string,
  snapshot: Omit<StoredSnapshot, 'data'>,
  data: string,
): Promise<void> {
  const head = await transaction.objectStore('sessions').get(id);
  if (!head) return;
  const { sessionSeq, wakeAt } = snapshot;
  if (sessionSeq > head.sessionSeq || sessionSeq < head.snapshotSeq)
    throw new SessionError(
      'STORE_FAILED',
      `A snapshot of session "${id}" as of its fact ${sessionSeq} came where one from ${head.snapshotSeq} to ${head.sessionSeq} was expected.`,
      { sessionId: id },
    );
  native(transaction, 'snapshots').put(snapshotRow(id, head.seq, snapshot, data));
  native(transaction, 'sessions').put({
    ...head,
    snapshotSeq: sessionSeq,
    wakeAt: wakeAt === undefined || sessionSeq < head.sessionSeq ? head.wakeAt : wakeAt,
  });
  release(transaction, head, sessionSeq);
}

export async function removeSession(transaction: Writing, id: string): Promise<void> {
  const head = await transaction.objectStore('sessions').get(id);
  if (!head) return;
  native(transaction, 'facts').delete(IDBKeyRange.bound([id, head.seq], [id, head.seq, []]));
  native(transaction, 'snapshots').delete(id);
  native(transaction, 'sessions').delete(id);
}

/** Its facts stay for cursors; those that were kept for `load` alone go. */
function endSession(transaction: Writing, head: HeadRow): void {
  native(transaction, 'snapshots').delete(head.id);
  native(transaction, 'sessions').delete(head.id);
  release(transaction, head, head.sessionSeq);
}

/** Of the sessions that the facts are about, those that are there. */
async function headsOf(
  transaction: Writing,
  facts: readonly FactInput[],
): Promise<Map<string, Head | undefined>> {
  const sessions = transaction.objectStore('sessions');
  const ids = [...new Set(facts.map(({ id }) => id))];
  const found = await Promise.all(ids.map((id) => sessions.get(id)));
  return new Map(ids.map((id, index) => [id, found[index]]));
}

function newHead({ seq, id }: FactInput): Head {
  return {
    id,
    seq,
    sessionSeq: 0,
    status: 'initializing',
    wakeAt: null,
    snapshotSeq: 0,
    sweptSeq: 0,
  };
}

function wrongSequence({ id, sessionSeq }: FactInput, expected: number): SessionError {
  return new SessionError(
    'STORE_FAILED',
    `Fact ${sessionSeq} of session "${id}" was appended where ${expected} was expected.`,
    { sessionId: id },
  );
}
