import type { ListFilter } from '../client.ts';
import type { SessionInfo } from '../data.ts';
import { asStoreError, toErrorInfo } from '../error-info.ts';
import { isSessionError } from '../errors.ts';
import type { HeadQuery, SessionHead, StoredSession, StoreLease } from '../store/port.ts';
import { whenAnswered } from '../when-answered.ts';
import { SessionEntry } from './entry.ts';
import { recoverState, revivable } from './recover.ts';
import { notFound, type Registry } from './registry.ts';
import type { SessionState } from './state.ts';
import { infoOf } from './views.ts';

/** Sessions in one page of a listing that reads stored ones, and in one step of a walk through the store. */
const PAGE = 256;
/** Trouble of the store, which says nothing about the session that was asked for. */
const STORE_TROUBLE: ReadonlySet<string> = new Set(['STORE_FAILED', 'STORE_LOCKED', 'MANAGER_CLOSED']);

interface Waiter {
  /** It was asked for after a creation had been; what was asked before finds nothing of that. */
  readonly late: boolean;
  use(entry: SessionEntry): void;
  reject(error: unknown): void;
}

/** A session that may be about to be there: it is being read, or created. */
interface Arrival {
  /** Creations that have not come to an end. */
  creations: number;
  /** Whether the store was asked for it, and has answered. */
  look: 'none' | 'asked' | 'done';
  /** It is there, and those who waited go on one by one: whoever comes meanwhile queues behind them. */
  released: boolean;
  waiters: Waiter[];
}

/** What becomes of a state that was read from the store: an entry with a chart. `unsnapshotted`: facts since its snapshot. */
export type Revive = (state: SessionState, unsnapshotted: number) => SessionEntry;

/** Runs what waits for the store, and rejects when the manager closes before that answers. */
export type UntilClosed = <R>(call: () => Promise<R>) => Promise<R>;

/**
 * The sessions that are in the store and not in memory. Whoever touches one waits until it is back, in the order
 * of the calls; of those that nobody touches nothing is held but a number.
 */
export class Dormant {
  readonly #registry: Registry;
  readonly #revive: Revive;
  readonly #untilClosed: UntilClosed;
  #lease: StoreLease | undefined;
  /** What a walk through the store ends with once the manager closes: it must not come out shorter. */
  #closing: unknown;
  readonly #arrivals = new Map<string, Arrival>();
  #counts: Record<string, number> = {};
  #size = 0;
  #waiting = 0;

  constructor(registry: Registry, revive: Revive, untilClosed: UntilClosed = (call) => call()) {
    this.#registry = registry;
    this.#revive = revive;
    this.#untilClosed = untilClosed;
  }

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  get counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  /** Calls that wait for a session to come back. */
  get waiting(): number {
    return this.#waiting;
  }

  async open(lease: StoreLease): Promise<void> {
    this.#counts = { ...(await lease.counts()) };
    for (const count of Object.values(this.#counts)) this.#size += count;
    this.#lease = lease;
  }

  /** Refuses what waits for a session to come back. */
  close(error: unknown): void {
    this.#lease = undefined;
    this.#closing = error;
    for (const arrival of this.#arrivals.values()) this.#refuse(arrival, error);
    this.#arrivals.clear();
    this.#counts = {};
    this.#size = 0;
  }

  /** One went out of memory (1), or came back (-1). */
  moved(status: string, change: 1 | -1): void {
    this.#size += change;
    this.#counts[status] = (this.#counts[status] ?? 0) + change;
  }

  /**
   * `use` gets the session: now, or when it is back. Throws or rejects `SESSION_NOT_FOUND`, `STORE_CORRUPT` for
   * one that cannot be read, and `INVALID_SESSION_ID` for what no session could be called.
   */
  with<R>(id: string, use: (entry: SessionEntry) => R | Promise<R>): R | Promise<R> {
    const entry = this.#registry.get(id);
    if (entry && !(this.#arrivals.size > 0 && this.#arrivals.get(id)?.released)) return use(entry);
    this.#registry.checkFindable(id);
    if (!entry && this.#size === 0 && !this.#arrivals.has(id)) throw notFound(id);
    return new Promise<R>((resolve, reject) => {
      const settle = (found: SessionEntry) => {
        try {
          resolve(use(found));
        } catch (error) {
          reject(error);
        }
      };
      const arrival = this.#arrival(id);
      this.#waiting += 1;
      arrival.waiters.push({ late: arrival.creations > 0, use: settle, reject });
      const isComing = arrival.released || arrival.creations > 0 || arrival.look === 'asked';
      if (!isComing) this.#look(id, arrival);
    });
  }

  /** The session, `undefined` when there is none. */
  async find(id: string): Promise<SessionEntry | undefined> {
    try {
      return await this.with(id, (entry) => entry);
    } catch (error) {
      if (isSessionError(error) && error.code === 'SESSION_NOT_FOUND') return undefined;
      throw error;
    }
  }

  /** Whether it is in the store and not in memory. Wakes nobody. Throws `STORE_CORRUPT` for one in quarantine. */
  isAway(id: string): boolean | Promise<boolean> {
    this.#registry.checkQuarantine(id);
    if (this.#size === 0 || this.#registry.get(id) || !this.#lease) return false;
    const head = this.#ask((lease) => lease.head(id));
    if (!(head instanceof Promise)) return head !== undefined;
    return this.#untilClosed(async () => (await head) !== undefined);
  }

  /** A session of this id is being created: calls on it wait. Say so when that has come to an end. */
  expect(id: string): () => void {
    const arrival = this.#arrival(id);
    arrival.creations += 1;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      arrival.creations -= 1;
      this.#settle(id, arrival);
    };
  }

  /** The sessions that are being created. */
  expected(): string[] {
    return [...this.#arrivals].filter(([, { creations }]) => creations > 0).map(([id]) => id);
  }

  /** It was created: calls that came after that go on, in their order. */
  created(entry: SessionEntry): void {
    const arrival = this.#arrivals.get(entry.state.id);
    if (!arrival) return;
    this.#refuse(arrival, notFound(entry.state.id), ({ late }) => !late);
    this.#arrived(entry);
  }

  #arrived(entry: SessionEntry): void {
    const { id } = entry.state;
    const arrival = this.#arrivals.get(id);
    if (!arrival) return;
    arrival.released = true;
    while (arrival.waiters.length > 0) {
      const waiters = arrival.waiters.splice(0);
      this.#waiting -= waiters.length;
      for (const waiter of waiters) waiter.use(entry);
    }
    this.#arrivals.delete(id);
  }

  /** Its id stays taken, so that nothing is written over it. */
  quarantine(id: string, status: string | undefined, error: unknown): string {
    const reason = toErrorInfo(error).message;
    if (this.#registry.quarantined.has(id)) return reason;
    this.#registry.quarantined.set(id, reason);
    if (status !== undefined) this.moved(status, -1);
    return reason;
  }

  /** The session as it is stored, `undefined` when it is gone. Throws when it cannot go on from there. */
  async read(id: string): Promise<SessionState | undefined> {
    const stored = await this.#ask((lease) => lease.load(id));
    this.#checkOpen();
    return isThere(stored) ? revivable(recoverState(id, stored)) : undefined;
  }

  /** Walks through the heads of all stored sessions, those in memory included, in the order of creation. */
  async *heads(query: HeadQuery = {}): AsyncGenerator<readonly SessionHead[], void> {
    let { after = 0 } = query;
    for (;;) {
      const page = await this.#heads({ limit: PAGE, ...query, after });
      if (page.length === 0) return;
      yield page;
      after = page.at(-1)?.seq ?? after;
      if (page.length < (query.limit ?? PAGE)) return;
    }
  }

  /** As the registry lists them, with those that are away in their places. They stay away. */
  list(filter: ListFilter): Promise<SessionInfo[]> {
    return this.#untilClosed(() => this.#list(filter));
  }

  async #list({ status, limit = Number.POSITIVE_INFINITY, after = 0 }: ListFilter): Promise<SessionInfo[]> {
    const wanted = status === undefined ? undefined : [status].flat();
    const found = new Map<string, SessionInfo>();
    const query = { after, limit: Math.min(limit, PAGE), ...(wanted && { status: wanted }) };
    if (limit > 0)
      for await (const page of this.heads(query)) {
        for (const info of await Promise.all(page.map((head) => this.#infoOf(head))))
          if (info && (!wanted || wanted.includes(info.status))) found.set(info.id, info);
        if (found.size >= limit) break;
      }
    // One that ended and began again meanwhile is a newer session than the one that was to be listed.
    return [...found.values()].sort((one, other) => one.seq - other.seq).slice(0, limit);
  }

  /** Brings back the sessions with `after < wakeAt ≤ by`, a page at a time. */
  async *due(after: number, by: number): AsyncGenerator<void, void> {
    for await (const heads of this.#dueHeads(after, by))
      for (let n = 0; n < heads.length; n += PAGE) {
        await Promise.all(heads.slice(n, n + PAGE).map(({ id }) => this.#touch(id)));
        yield;
      }
  }

  /** Page by page, but those that are due at the same time as the last of a page are in it too. */
  async *#dueHeads(after: number, by: number): AsyncGenerator<readonly SessionHead[], void> {
    for (let from = after; from < by; ) {
      const page = await this.#heads({ wakeAfter: from, wakeBy: by, limit: PAGE });
      const last = page[PAGE - 1]?.wakeAt ?? by;
      yield page.length < PAGE ? page : await this.#heads({ wakeAfter: from, wakeBy: last });
      from = last;
    }
  }

  /** The first wake time after this one. */
  async nextDue(after: number): Promise<number | undefined> {
    const query = { wakeAfter: after, wakeBy: Number.MAX_SAFE_INTEGER, limit: 1 };
    const heads = await this.#heads(query);
    return heads[0]?.wakeAt ?? undefined;
  }

  /** Whoever cannot come back is in quarantine by then, or gone. */
  async #touch(id: string): Promise<void> {
    try {
      await this.with(id, () => {});
    } catch (error) {
      if (isTrouble(error)) throw error;
    }
  }

  async #infoOf({ id, status }: SessionHead): Promise<SessionInfo | undefined> {
    const entry = this.#registry.get(id);
    if (entry) return infoOf(entry);
    if (this.#registry.quarantined.has(id)) return undefined;
    try {
      const state = await this.read(id);
      // While it was being read it may have come back, and changed.
      const back = this.#registry.get(id);
      if (back) return infoOf(back);
      return state && infoOf(new SessionEntry(state, 0));
    } catch (error) {
      if (isTrouble(error)) throw error;
      this.quarantine(id, status, error);
      return undefined;
    }
  }

  /** What a store throws without a word on the session is its own trouble: `STORE_FAILED`. */
  #ask<R>(read: (lease: StoreLease) => R | Promise<R>): R | Promise<R> {
    const lease = this.#checkOpen();
    try {
      const answer = read(lease);
      return answer instanceof Promise ? answer.catch(failRead) : answer;
    } catch (error) {
      return failRead(error);
    }
  }

  #heads(query: HeadQuery): readonly SessionHead[] | Promise<readonly SessionHead[]> {
    return this.#ask((lease) => lease.heads(query));
  }

  #checkOpen(): StoreLease {
    if (this.#lease) return this.#lease;
    throw this.#closing;
  }

  #arrival(id: string): Arrival {
    let arrival = this.#arrivals.get(id);
    if (!arrival) {
      arrival = { creations: 0, look: 'none', released: false, waiters: [] };
      this.#arrivals.set(id, arrival);
    }
    return arrival;
  }

  #look(id: string, arrival: Arrival): void {
    arrival.look = 'asked';
    whenAnswered(
      () => this.#ask((lease) => lease.load(id)),
      (stored) => this.#read(id, arrival, stored),
      (error) => this.#unreadable(id, arrival, error),
    );
  }

  #read(id: string, arrival: Arrival, stored: StoredSession): void {
    if (!this.#lease || this.#arrivals.get(id) !== arrival) return;
    arrival.look = 'done';
    if (isThere(stored)) {
      const state = revivable(recoverState(id, stored));
      this.moved(state.status, -1);
      this.#arrived(this.#revive(state, stored.records.length));
    } else {
      this.#refuse(arrival, notFound(id), ({ late }) => !late);
      this.#settle(id, arrival);
    }
  }

  /** When nothing is under way from which it could come, those who still wait have waited in vain. */
  #settle(id: string, arrival: Arrival): void {
    if (this.#arrivals.get(id) !== arrival || arrival.creations > 0 || arrival.look === 'asked') return;
    if (arrival.waiters.length > 0 && arrival.look === 'none' && this.#size > 0) this.#look(id, arrival);
    else {
      this.#arrivals.delete(id);
      this.#refuse(arrival, notFound(id));
    }
  }

  #refuse(arrival: Arrival, error: unknown, whom: (waiter: Waiter) => boolean = () => true): void {
    const refused = arrival.waiters.filter(whom);
    arrival.waiters = arrival.waiters.filter((waiter) => !whom(waiter));
    this.#waiting -= refused.length;
    for (const { reject } of refused) reject(error);
  }

  #unreadable(id: string, arrival: Arrival, error: unknown): void {
    if (!this.#lease || this.#arrivals.get(id) !== arrival) return;
    this.#arrivals.delete(id);
    if (isTrouble(error)) this.#refuse(arrival, error);
    else {
      this.#setAside(id, error);
      this.#refuse(arrival, this.#registry.quarantineError(id));
    }
  }

  #setAside(id: string, error: unknown): void {
    // A list may have found it first, and counted it off.
    if (this.#registry.quarantined.has(id)) return;
    this.quarantine(id, undefined, error);
    const uncount = (head: SessionHead | undefined) => head && this.moved(head.status, -1);
    Promise.resolve(this.#lease?.head(id)).then(uncount, () => {});
  }
}

function failRead(error: unknown): never {
  throw asStoreError(error, 'The store refused a read');
}

export const isTrouble = (error: unknown): boolean => isSessionError(error) && STORE_TROUBLE.has(error.code);

const isThere = ({ snapshot, records }: StoredSession): boolean =>
  snapshot !== undefined || records.length > 0;
