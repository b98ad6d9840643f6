import type { JournalRecord, StoredSession, StoredSnapshot } from '../port.ts';
import { isDamage } from './faults.ts';
import type { Reading } from './format.ts';
import {
  corruptSession,
  type FactRow,
  type HeadRow,
  readFact,
  readSnapshot,
  type SnapshotRow,
} from './rows.ts';

/** The snapshot and the facts after it; `STORE_CORRUPT` when rows are missing or not what was written. */
export async function load(transaction: Reading, id: string): Promise<StoredSession> {
  try {
    const head = await transaction.objectStore('sessions').get(id);
    if (!head) return { records: [] };
    const behind = [id, head.seq, head.snapshotSeq];
    const [facts, snapshot] = await Promise.all([
      transaction.objectStore('facts').getAll(IDBKeyRange.bound(behind, [id, head.seq, []], true)),
      transaction.objectStore('snapshots').get(id),
    ]);
    const records = readFacts(head, facts);
    return head.snapshotSeq === 0 ? { records } : { snapshot: snapshotOf(head, snapshot), records };
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw corruptSession(id, `the browser cannot read what it holds of it (${(error as Error).name})`);
  }
}

function readFacts({ id, seq, sessionSeq, snapshotSeq }: HeadRow, rows: readonly FactRow[]): JournalRecord[] {
  const records: JournalRecord[] = [];
  let expected = snapshotSeq + 1;
  for (const row of rows) {
    if (row.sessionSeq !== expected) break;
    const record = row.life === seq ? readFact(row) : undefined;
    if (!record) throw corruptSession(id, `its fact ${expected} does not match its checksum`);
    records.push(record);
    expected += 1;
  }
  if (expected <= sessionSeq) throw corruptSession(id, `its fact ${expected} is missing`);
  if (expected !== sessionSeq + 1) throw corruptSession(id, 'it has more facts than its head counts');
  return records;
}

function snapshotOf({ id, seq, snapshotSeq }: HeadRow, row: SnapshotRow | undefined): StoredSnapshot {
  if (row?.life !== seq || row.sessionSeq !== snapshotSeq)
    throw corruptSession(id, 'its snapshot is missing');
  const snapshot = readSnapshot(row);
  if (!snapshot) throw corruptSession(id, 'its snapshot does not match its checksum');
  return snapshot;
}
