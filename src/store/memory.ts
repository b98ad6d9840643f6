import { checkInteger, checkOptions } from '../check.ts';
import { asyncDispose } from '../dispose.ts';
import { SessionError } from '../errors.ts';
import type {
  FactQuery,
  JournalRecord,
  SavedDocument,
  SessionStore,
  StoredSession,
  StoredSnapshot,
  StoreLease,
} from './port.ts';

export interface MemoryStoreOptions {
  /** Events kept for cursors, over all sessions. Default 10,000. */
  retainEvents?: number;
}

const RETAIN_EVENTS = 10_000;

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

interface MutableSession {
  snapshot: StoredSnapshot | undefined;
  records: JournalRecord[];
  /** Of the newest fact. */
  sessionSeq: number;
}

class Contents {
  readonly sessions = new Map<string, MutableSession>();
  readonly saved = new Map<string, SavedDocument>();
  readonly retained: Ring;
  lastSeq = 0;

  constructor(retainEvents: number) {
    this.retained = new Ring(retainEvents);
  }
}

class MemoryLease implements StoreLease {
  readonly epoch: number;
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
    const { sessions, retained } = this.#contents;
    for (const record of records) {
      const { sessionId, sessionSeq } = record;
      const session = sessions.get(sessionId);
      if (record.type === 'session_terminated') sessions.delete(sessionId);
      else if (session) {
        session.records.push(record);
        session.sessionSeq = sessionSeq;
      } else sessions.set(sessionId, { snapshot: undefined, records: [record], sessionSeq });
      retained.push(record);
      this.#contents.lastSeq = record.seq;
    }
  }

  /** Before anything is kept, since a batch is kept whole or not at all. */
  #checkSequence(records: readonly JournalRecord[]): void {
    const last = new Map<string, number>();
    for (const { sessionId, sessionSeq } of records) {
      const previous = last.get(sessionId) ?? this.#contents.sessions.get(sessionId)?.sessionSeq ?? 0;
      if (sessionSeq !== previous + 1)
        throw new SessionError(
          'STORE_FAILED',
          `Fact ${sessionSeq} of session "${sessionId}" was appended where ${previous + 1} was expected.`,
          { sessionId },
        );
      last.set(sessionId, sessionSeq);
    }
  }

  ids(): Iterable<string> {
    return [...this.#contents.sessions.keys()];
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
    session.snapshot = snapshot;
    session.records = session.records.filter(({ sessionSeq }) => sessionSeq > snapshot.sessionSeq);
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

/** The newest records, in place: position `seq % capacity` works because every `seq` is one more than the last. */
class Ring {
  readonly #capacity: number;
  readonly #records: JournalRecord[] = [];
  #newest = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get cutSeq(): number {
    return Math.max(0, this.#newest - this.#capacity);
  }

  push(record: JournalRecord): void {
    this.#newest = record.seq;
    if (this.#capacity > 0) this.#records[record.seq % this.#capacity] = record;
  }

  /** A copy: what is pushed while a reader takes its time must not change what it reads. */
  after({ from, sessionId, limit = Number.POSITIVE_INFINITY }: FactQuery): JournalRecord[] {
    const records: JournalRecord[] = [];
    for (let seq = Math.max(from, this.cutSeq) + 1; seq <= this.#newest && records.length < limit; seq += 1) {
      const record = this.#records[seq % this.#capacity];
      if (record && (sessionId === undefined || record.sessionId === sessionId)) records.push(record);
    }
    return records;
  }
}
