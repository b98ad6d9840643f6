import { SessionError } from '../../errors.ts';
import type { HeadQuery, JournalRecord, SessionHead } from '../port.ts';
import { ONE, type Reading } from './format.ts';
import { corruptSession, type FactRow, type HeadRow, headOf, readFact } from './rows.ts';

/** Heads read at once. */
const PAGE_HEADS = 1024;

type HeadIndex = 'seq' | 'status' | 'wake';

/** Those of one index between two keys, both left out. */
interface HeadRange {
  readonly index: HeadIndex;
  readonly lower: IDBValidKey;
  readonly upper: IDBValidKey | undefined;
  /** Where the next page goes on. */
  readonly keyOf: (row: HeadRow) => IDBValidKey;
  readonly wanted?: (row: HeadRow) => boolean;
}

/** After every number, in the order of keys. */
const END: IDBValidKey[] = [];

export async function counts(transaction: Reading): Promise<Record<string, number>> {
  const index = transaction.objectStore('sessions').index('status');
  const found = new Map<string, number>();
  let cursor = await index.openKeyCursor();
  while (cursor) {
    const [status] = cursor.key;
    found.set(status, await index.count(IDBKeyRange.bound([status], [status, END])));
    cursor = await cursor.continue([status, END] as never);
  }
  return Object.fromEntries(found);
}

export async function head(transaction: Reading, id: string): Promise<SessionHead | undefined> {
  const row = await transaction.objectStore('sessions').get(id);
  return row && headOf(row);
}

export async function heads(transaction: Reading, query: HeadQuery): Promise<SessionHead[]> {
  const { after = 0, status, limit = Number.POSITIVE_INFINITY, wakeAfter, wakeBy } = query;
  if (wakeAfter !== undefined && wakeBy !== undefined) {
    const wanted = (row: HeadRow) => row.seq > after && (!status || status.includes(row.status));
    const range = { lower: [wakeAfter, END], upper: [wakeBy, END], wanted };
    const found = await collect(
      transaction,
      { index: 'wake', keyOf: ({ wakeAt, seq }) => [wakeAt as number, seq], ...range },
      limit,
    );
    return found.map(headOf);
  }
  if (status) {
    const ofStatus = (each: string): HeadRange => ({
      index: 'status',
      lower: [each, after],
      upper: [each, END],
      keyOf: ({ seq }) => [each, seq],
    });
    const runs = await Promise.all(
      [...new Set(status)].map((each) => collect(transaction, ofStatus(each), limit)),
    );
    const found = runs.flat().sort((a, b) => a.seq - b.seq);
    return found.slice(0, limit).map(headOf);
  }
  const all: HeadRange = { index: 'seq', lower: after, upper: undefined, keyOf: ({ seq }) => seq };
  return (await collect(transaction, all, limit)).map(headOf);
}

async function collect(transaction: Reading, range: HeadRange, limit: number): Promise<HeadRow[]> {
  const { upper, keyOf, wanted } = range;
  const index = transaction.objectStore('sessions').index(range.index);
  const found: HeadRow[] = [];
  let from = range.lower;
  while (found.length < limit) {
    const count = wanted ? PAGE_HEADS : Math.min(PAGE_HEADS, limit - found.length);
    const keys =
      upper === undefined ? IDBKeyRange.lowerBound(from, true) : IDBKeyRange.bound(from, upper, true, true);
    const page = await index.getAll(keys, count);
    for (const row of page) if (!wanted || wanted(row)) found.push(row);
    const last = page.at(-1);
    if (!last || page.length < count) break;
    from = keyOf(last);
  }
  return found.slice(0, limit);
}

export interface FactsRequest {
  /** Facts with a greater `seq`; where it goes on behind a page, the `seq` of that one's last. */
  readonly from: number;
  /** The newest fact wanted. */
  readonly to: number;
  readonly id: string | undefined;
  /** Rows read at once. */
  readonly rows: number;
  /** The key of the last row of the page before, of one session. */
  readonly behind?: readonly [string, number, number] | undefined;
  /** No fact up to here is given. */
  readonly cutSeq: number;
  /** It goes on where a page ended: a cut beyond `from` would be a gap that nobody sees. */
  readonly resumed: boolean;
}

export interface FactsPage {
  readonly facts: readonly JournalRecord[];
  /** Of the payloads, in characters. */
  readonly size: number;
  /** What goes on behind this page; undefined when it was the last. */
  readonly next: Pick<FactsRequest, 'from' | 'behind'> | undefined;
}

/**
 * The facts after `from`. One that is not what was written is left out, so that the others can be read; asked for
 * its session alone, it is `STORE_CORRUPT`.
 */
export async function facts(transaction: Reading, request: FactsRequest): Promise<FactsPage> {
  const { to, id, rows } = request;
  const stored = await transaction.objectStore('store').get(ONE);
  const cutSeq = Math.max(request.cutSeq, stored?.cutSeq ?? 0);
  if (request.resumed && request.from < cutSeq) throw cutMeanwhile(request.from, cutSeq);
  const from = Math.max(request.from, cutSeq);
  const page =
    id === undefined
      ? await rowsOfAll(transaction, from, to, rows)
      : await rowsOfSession(transaction, id, request.behind ?? (await keyUpTo(transaction, id, from)), rows);
  const found: JournalRecord[] = [];
  let size = 0;
  for (const row of page) {
    if (!(row.seq > from && row.seq <= to)) continue;
    const fact = readFact(row);
    if (fact) {
      found.push(fact);
      size += row.payload.length;
    } else if (id !== undefined)
      throw corruptSession(id, `its fact ${row.sessionSeq} does not match its checksum`);
  }
  const last = page.at(-1);
  const isLast = !last || page.length < rows || last.seq >= to;
  return {
    facts: found,
    size,
    next: isLast
      ? undefined
      : { from: Math.max(from, last.seq), behind: [last.id, last.life, last.sessionSeq] },
  };
}

async function rowsOfAll(
  transaction: Reading,
  from: number,
  to: number,
  rows: number,
): Promise<readonly FactRow[]> {
  if (from >= to) return [];
  return transaction
    .objectStore('facts')
    .index('seq')
    .getAll(IDBKeyRange.bound(from, to, true), rows);
}

/** Of each life that the id has had, the oldest first: every fact of one is older than every fact of the next. */
async function rowsOfSession(
  transaction: Reading,
  id: string,
  behind: FactsRequest['behind'],
  rows: number,
): Promise<readonly FactRow[]> {
  return transaction.objectStore('facts').getAll(IDBKeyRange.bound(behind ?? [id], [id, END], true), rows);
}

/** The key of the session's newest fact up to `from`: found in a few looks, however many there are. */
async function keyUpTo(transaction: Reading, id: string, from: number): Promise<FactsRequest['behind']> {
  const facts = transaction.objectStore('facts');
  const newest = await facts.openKeyCursor(IDBKeyRange.bound([id], [id, from, END]), 'prev');
  if (!newest) return undefined;
  const [, life, last] = newest.key;
  // The facts up to `low` are not after `from`, those behind `high` are.
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const [row] = await facts.getAll(IDBKeyRange.bound([id, life, middle], [id, life, last]), 1);
    if (row && row.seq <= from) low = row.sessionSeq;
    else high = middle - 1;
  }
  return [id, life, low];
}

function cutMeanwhile(from: number, cutSeq: number): SessionError {
  return new SessionError(
    'STORE_FAILED',
    `The facts up to ${cutSeq} were cut while those after ${from} were still to be read; read on from there.`,
    { details: { cutSeq } },
  );
}
