import type { SessionError } from '../../errors.ts';
import { checksum } from './checksum.ts';
import type { Connection } from './driver.ts';
import { isDamage } from './faults.ts';
import type { Text } from './protocol.ts';
import { corruptSession, readFact, type StoredFact, snapshotText } from './rows.ts';

/** Sessions that one statement reads; a statement for each costs four times as much. */
const TOGETHER = 256;

interface HeadAndSnapshot {
  /** Among the ids that were asked for. */
  readonly position: number;
  readonly seq: number;
  readonly id: string;
  readonly session_seq: number;
  readonly snapshot_seq: number;
  readonly stored_seq: number | null;
  readonly version: number | null;
  readonly data: string | null;
  readonly checksum: number | null;
}

interface PlacedFact extends StoredFact {
  /** Of its session among the heads. */
  readonly position: number;
}

/** Reads whole sessions: the snapshot and the facts after it. */
export class Loader {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(connection: Connection) {
    this.#statements = prepare(connection);
  }

  /** For each id its session, or the `STORE_CORRUPT` of one whose rows are missing or not what was written. */
  load(ids: readonly string[]): Array<Text | SessionError> {
    const loaded: Array<Text | SessionError> = [];
    for (let start = 0; start < ids.length; start += TOGETHER)
      loaded.push(...this.#loadTogether(ids.slice(start, start + TOGETHER)));
    return loaded;
  }

  #loadTogether(ids: readonly string[]): Array<Text | SessionError> {
    try {
      return this.#read(ids);
    } catch (error) {
      if (!isDamage(error)) throw error;
      // A damaged page breaks the statement off; its sessions are those that cannot be read by themselves.
      if (ids.length > 1) return ids.flatMap((id) => this.#loadTogether([id]));
      return ids.map((id) => corruptSession(id, 'the pages of the file that hold it are damaged'));
    }
  }

  #read(ids: readonly string[]): Array<Text | SessionError> {
    const heads = this.#statements.heads.all(JSON.stringify(ids)) as HeadAndSnapshot[];
    const facts = heads.map((): StoredFact[] => []);
    for (const row of this.#statements.facts.all(JSON.stringify(heads.map(({ seq }) => seq)))) {
      const fact = row as PlacedFact;
      facts[fact.position]?.push(fact);
    }
    const loaded: Array<Text | SessionError> = ids.map(() => '{"records":[]}');
    for (const [index, head] of heads.entries())
      loaded[head.position] = sessionText(head, facts[index] ?? []);
    return loaded;
  }
}

function sessionText(head: HeadAndSnapshot, facts: readonly StoredFact[]): Text | SessionError {
  const { id, session_seq, snapshot_seq } = head;
  const records: Text[] = [];
  let expected = snapshot_seq + 1;
  for (const fact of facts) {
    if (fact.session_seq !== expected) break;
    const text = readFact(id, fact);
    if (text === undefined) return corruptSession(id, `its fact ${expected} does not match its checksum`);
    records.push(text);
    expected += 1;
  }
  if (expected <= session_seq) return corruptSession(id, `its fact ${expected} is missing`);
  if (expected > session_seq + 1) return corruptSession(id, 'it has more facts than its head counts');
  if (snapshot_seq === 0) return `{"records":[${records.join()}]}`;
  const snapshot = readSnapshot(head);
  return typeof snapshot === 'string' ? `{"snapshot":${snapshot},"records":[${records.join()}]}` : snapshot;
}

function readSnapshot(head: HeadAndSnapshot): Text | SessionError {
  const { id, seq, snapshot_seq, stored_seq, version, data } = head;
  if (stored_seq !== snapshot_seq || version === null || data === null)
    return corruptSession(id, 'its snapshot is missing');
  const text = snapshotText(stored_seq, version, data);
  return checksum(text, seq) === head.checksum
    ? text
    : corruptSession(id, 'its snapshot does not match its checksum');
}

function prepare(connection: Connection) {
  return {
    heads: connection.prepare(`
      SELECT list.key AS position, sessions.seq, sessions.id, sessions.session_seq, snapshot_seq,
        snapshots.session_seq AS stored_seq, version, data, checksum
      FROM json_each(?) AS list CROSS JOIN sessions ON sessions.id = list.value
      LEFT JOIN snapshots ON snapshots.session = sessions.seq`),
    // Each session's come in the order of its index. To sort them would be to copy them all once more.
    facts: connection.prepare(`
      SELECT list.key AS position, facts.*
      FROM json_each(?) AS list CROSS JOIN sessions ON sessions.seq = list.value
      CROSS JOIN facts ON facts.session = sessions.seq AND facts.session_seq > snapshot_seq`),
  };
}
