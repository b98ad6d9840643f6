import { checkInteger, checkOptions } from '../check.ts';
import { asyncDispose } from '../dispose.ts';
import { SessionError } from '../errors.ts';
import type {
  FactQuery,
  HeadQuery,
  JournalRecord,
  SavedDocument,
  SessionHead,
  SessionStore,
  StoredSession,
  StoredSnapshot,
  StoreLease,
} from './port.ts';
import { WakeIndex, type Waking } from './wake-index.ts';

export interface MemoryStoreOptions {
  /** Events kept for cursors, over all sessions. Default 10,000. */
  retainEvents?: number;
}

export const RETAIN_EVENTS = 10_000;

/** The default store: as long as the object lives, a manager opened on it finds what the one before it left. */
export function memoryStore(options?: MemoryStoreOptions): SessionStore {
  const { retainEvents = RETAIN_EVENTS } = checkOptions(options, 'options', ['retainEvents']);
  checkInteger(retainEvents, 'options.retainEvents', { min: 0 });
  const contents = new Contents(retainEvents);
  let owner: string | undefined;
  let epoch = 0;
  return {
    async open(request) {
      if (owner !== undefined)
        throw new SessionError(
          'STORE_LOCKED',
          `This memory store belongs to "${owner}" until that manager is closed; close it first, or give each manager a store of its own.`,
          { details: { owner } },
        );
      owner = request.owner;
      epoch += 1;
      return new MemoryLease(contents, epoch, () => {
        owner = undefined;
      });
    },
  };
}

interface MutableSession extends Waking {
  readonly id: string;
  /** Of its first fact. */
  readonly seq: number;
  snapshot: StoredSnapshot | undefined;
  records: JournalRecord[];
  /** Of the newest fact. */
  sessionSeq: number;
  status: string;
}

/** What one store in memory holds, between its leases too. */
export class Contents {
  /** In the order of creation. */
  readonly sessions = new Map<string, MutableSession>();
  readonly saved = new Map<string, SavedDocument>();
  readonly wakes = new WakeIndex<MutableSession>();
  readonly retained: Ring;
  lastSeq = 0;

  constructor(retainEvents: number) {
    this.retained = new Ring(retainEvents);
  }
}

export class MemoryLease implements StoreLease {
  readonly epoch: number;
  readonly volatile = true;
  readonly #contents: Contents;
  readonly #release: () => void;
  #open = true;

  constructor(contents: Contents, epoch: number, release: () => void) {
    this.#contents = contents;
    this.epoch = epoch;
    this.#release = release;
  }

  get lastSeq(): number {
    return this.#contents.lastSeq;
  }

  get cutSeq(): number {
    return this.#contents.retained.cutSeq;
  }

  append(records: readonly JournalRecord[]): void {
    this.#checkOpen();
    this.#checkSequence(records);
    const { sessions, retained, wakes } = this.#contents;
    for (const record of records) {
      const { sessionId, wakeAt } = record;
      if (record.type === 'session_terminated') this.#forget(sessionId);
      else {
        const session = sessions.get(sessionId) ?? newSession(record);
        if (session.sessionSeq === 0) sessions.set(sessionId, session);
        add(session, record);
        if (wakeAt !== undefined) wakes.changed(session);
      }
      retained.push(record);
      this.#contents.lastSeq = record.seq;
    }
  }

  /** Before anything is kept, since a batch is kept whole or not at all. */
  #checkSequence(records: readonly JournalRecord[]): void {
    const last = new Map<string, number>();
    let newest = this.#contents.lastSeq;
    for (const { seq, sessionId, sessionSeq, type } of records) {
      if (!(seq > newest))
        throw new SessionError('STORE_FAILED', `Fact ${seq} was appended after fact ${newest}.`);
      newest = seq;
      const previous = last.get(sessionId) ?? this.#contents.sessions.get(sessionId)?.sessionSeq ?? 0;
      if (sessionSeq !== previous + 1)
        throw new SessionError(
          'STORE_FAILED',
          `Fact ${sessionSeq} of session "${sessionId}" was appended where ${previous + 1} was expected.`,
          { sessionId },
        );
      // Behind its end the id is free again, in the same append too.
      last.set(sessionId, type === 'session_terminated' ? 0 : sessionSeq);
    }
  }

  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { status } of this.#contents.sessions.values()) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }

  head(id: string): SessionHead | undefined {
    const session = this.#contents.sessions.get(id);
    return session && headOf(session);
  }

  heads(query: HeadQuery = {}): SessionHead[] {
    const { after = 0, status, limit = Number.POSITIVE_INFINITY, wakeAfter, wakeBy } = query;
    const wake = wakeAfter === undefined || wakeBy === undefined ? undefined : ([wakeAfter, wakeBy] as const);
    const found: SessionHead[] = [];
    for (const session of wake ? this.#due(...wake) : this.#contents.sessions.values()) {
      if (found.length >= limit) break;
      if (session.seq > after && (!status || status.includes(session.status))) found.push(headOf(session));
    }
    return found;
  }

  /** The index holds no time that is not after 0: those are looked for, by whoever opens the store. */
  *#due(after: number, by: number): Generator<MutableSession, void> {
    if (after < 0) {
      const atOnce = ({ wakeAt }: MutableSession) =>
        wakeAt !== null && wakeAt > after && wakeAt <= Math.min(0, by);
      const found = [...this.#contents.sessions.values()].filter(atOnce);
      yield* found.sort((a, b) => (a.wakeAt ?? 0) - (b.wakeAt ?? 0));
    }
    yield* this.#contents.wakes.between(Math.max(0, after), by);
  }

  #forget(id: string): void {
    const { sessions, wakes } = this.#contents;
    const session = sessions.get(id);
    if (session) wakes.drop(session);
    sessions.delete(id);
  }

  load(id: string): StoredSession {
    const session = this.#contents.sessions.get(id);
    return {
      ...(session?.snapshot && { snapshot: session.snapshot }),
      records: session ? [...session.records] : [],
    };
  }

  putSnapshot(id: string, snapshot: StoredSnapshot): void {
    this.#checkOpen();
    const session = this.#contents.sessions.get(id);
    if (!session) return;
    const oldest = session.snapshot?.sessionSeq ?? 0;
    if (snapshot.sessionSeq > session.sessionSeq || snapshot.sessionSeq < oldest)
      throw new SessionError(
        'STORE_FAILED',
        `A snapshot of session "${id}" as of its fact ${snapshot.sessionSeq} came where one from ${oldest} to ${session.sessionSeq} was expected.`,
        { sessionId: id },
      );
    session.snapshot = snapshot;
    if (snapshot.wakeAt !== undefined && snapshot.sessionSeq === session.sessionSeq) {
      session.wakeAt = snapshot.wakeAt;
      this.#contents.wakes.changed(session);
    }
    session.records = session.records.filter(({ sessionSeq }) => sessionSeq > snapshot.sessionSeq);
  }

  remove(id: string): void {
    this.#checkOpen();
    this.#forget(id);
  }

  facts(query: FactQuery): Iterable<JournalRecord> {
    return this.#contents.retained.after(query);
  }

  get saved(): StoreLease['saved'] {
    this.#checkOpen();
    const { saved } = this.#contents;
    return {
      put: (document) => void saved.set(document.id, document),
      get: (id) => saved.get(id),
      list: () => [...saved.values()],
      ids: () => [...saved.keys()],
      delete: (id) => saved.delete(id),
    };
  }

  async [asyncDispose](): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#release();
  }

  #checkOpen(): void {
    if (!this.#open) throw new SessionError('STORE_LOCKED', 'This lease on the store was given back.');
  }
}

function newSession({ sessionId: id, seq }: JournalRecord): MutableSession {
  return {
    id,
    seq,
    snapshot: undefined,
    records: [],
    sessionSeq: 0,
    status: 'initializing',
    wakeAt: null,
    wake: undefined,
  };
}

function add(session: MutableSession, record: JournalRecord): void {
  session.records.push(record);
  session.sessionSeq = record.sessionSeq;
  if (record.type === 'session_status') session.status = (record.payload as { status: string }).status;
  if (record.wakeAt !== undefined) session.wakeAt = record.wakeAt;
}

function headOf({ id, seq, sessionSeq, status, wakeAt }: MutableSession): SessionHead {
  return { id, seq, sessionSeq, status, wakeAt };
}

/** The newest records, as many as it holds: the n-th that was pushed is at `n % capacity`. */
class Ring {
  readonly #capacity: number;
  readonly #records: JournalRecord[] = [];
  #pushed = 0;
  #cutSeq = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Of the newest that was pushed out. */
  get cutSeq(): number {
    return this.#cutSeq;
  }

  push(record: JournalRecord): void {
    if (this.#capacity === 0) this.#cutSeq = record.seq;
    else {
      const place = this.#pushed % this.#capacity;
      if (this.#pushed >= this.#capacity) this.#cutSeq = this.#records[place]?.seq ?? 0;
      this.#records[place] = record;
    }
    this.#pushed += 1;
  }

  /** A copy: what is pushed while a reader takes its time must not change what it reads. */
  after({ from, sessionId, limit = Number.POSITIVE_INFINITY }: FactQuery): JournalRecord[] {
    const records: JournalRecord[] = [];
    for (let n = this.#firstAfter(from); n < this.#pushed && records.length < limit; n += 1) {
      const record = this.#at(n);
      if (record && (sessionId === undefined || record.sessionId === sessionId)) records.push(record);
    }
    return records;
  }

  #at(n: number): JournalRecord | undefined {
    return this.#records[n % this.#capacity];
  }

  #firstAfter(seq: number): number {
    let low = Math.max(0, this.#pushed - this.#capacity);
    let high = this.#pushed;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#at(middle)?.seq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
