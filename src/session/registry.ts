import type { ListFilter } from '../client.ts';
import type { SessionStatus } from '../data.ts';
import { SessionError } from '../errors.ts';
import { checkSessionId } from '../ids.ts';
import type { SessionEntry } from './entry.ts';

/** Ended sessions leave holes in the order; this many and as many as half of it, and they are closed. */
const COMPACT_AT = 64;

export function notFound(id: string): SessionError {
  return new SessionError(
    'SESSION_NOT_FOUND',
    `There is no session "${id}"; it was never created here, or it has ended. listSessions() shows what there is.`,
    { sessionId: id },
  );
}

export function duplicate(id: string): SessionError {
  return new SessionError(
    'DUPLICATE_SESSION',
    `There is a session "${id}" already; an id is free again once its session has ended. getOrCreateSession takes either.`,
    { sessionId: id },
  );
}

/** The sessions in memory, by id and in creation order. */
export class Registry {
  readonly #byId = new Map<string, SessionEntry>();
  /** Stored sessions that could not be read, and why: their ids stay taken, so that nothing is written over them. */
  readonly quarantined = new Map<string, string>();
  /** Ascending `seq`; ended sessions stay in it, unregistered, until compaction. */
  #order: SessionEntry[] = [];
  /** A session that came back from the store was added behind younger ones. */
  #unordered = false;
  readonly #counts: Record<SessionStatus, number> = {
    initializing: 0,
    active: 0,
    idle: 0,
    terminating: 0,
    terminated: 0,
  };

  get size(): number {
    return this.#byId.size;
  }

  get counts(): Record<SessionStatus, number> {
    return { ...this.#counts };
  }

  get(id: string): SessionEntry | undefined {
    return this.#byId.get(id);
  }

  /** Of those in memory. Throws `SESSION_NOT_FOUND`, or what {@link checkFindable} throws. */
  find(id: string): SessionEntry {
    const entry = this.#byId.get(id);
    if (entry) return entry;
    this.checkFindable(id);
    throw notFound(id);
  }

  /** Throws `INVALID_SESSION_ID` for what no session could be called, `STORE_CORRUPT` for one in quarantine. */
  checkFindable(id: string): void {
    checkSessionId(id);
    this.checkQuarantine(id);
  }

  /** Throws `STORE_CORRUPT` for a session that is stored and could not be read. */
  checkQuarantine(id: string): void {
    if (this.quarantined.has(id)) throw this.quarantineError(id);
  }

  quarantineError(id: string): SessionError {
    const reason = this.quarantined.get(id) ?? '';
    const message = `Session "${id}" is quarantined: ${reason} It stays in the store as it is; use another id.`;
    return new SessionError('STORE_CORRUPT', message, { sessionId: id, details: { reason } });
  }

  add(entry: SessionEntry): void {
    this.#byId.set(entry.state.id, entry);
    if (entry.state.seq < (this.#order.at(-1)?.state.seq ?? 0)) this.#unordered = true;
    this.#order.push(entry);
    this.#counts[entry.state.status] += 1;
  }

  moved(from: SessionStatus, to: SessionStatus): void {
    this.#counts[from] -= 1;
    this.#counts[to] += 1;
  }

  remove(entry: SessionEntry): void {
    entry.registered = false;
    this.#byId.delete(entry.state.id);
    this.#counts[entry.state.status] -= 1;
    const holes = this.#order.length - this.#byId.size;
    if (holes >= COMPACT_AT && holes * 2 >= this.#order.length)
      this.#order = this.#order.filter(({ registered }) => registered);
  }

  values(): Iterable<SessionEntry> {
    return this.#byId.values();
  }

  list({ status, limit = Number.POSITIVE_INFINITY, after = -1 }: ListFilter): SessionEntry[] {
    const wanted = status === undefined ? undefined : new Set(typeof status === 'string' ? [status] : status);
    const page: SessionEntry[] = [];
    if (this.#unordered) this.#sort();
    for (let n = this.#firstAfter(after); n < this.#order.length && page.length < limit; n += 1) {
      const entry = this.#order[n] as SessionEntry;
      if (entry.registered && (!wanted || wanted.has(entry.state.status))) page.push(entry);
    }
    return page;
  }

  clear(): void {
    for (const entry of [...this.#byId.values()]) this.remove(entry);
  }

  #sort(): void {
    this.#order.sort((a, b) => a.state.seq - b.state.seq);
    this.#unordered = false;
  }

  #firstAfter(seq: number): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#order[middle] as SessionEntry).state.seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
