import { isSessionError } from '../errors.ts';
import type { SessionEntry } from './entry.ts';
import { notFound, type Registry } from './registry.ts';
import type { StoredSessions } from './stored-sessions.ts';

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

/**
 * The sessions that are in the store and not in memory. Whoever touches one waits until it is back, in the order
 * of the calls; of those that nobody touches nothing is held but a number.
 */
export class Dormant {
  readonly #registry: Registry;
  /** Asked only while there are any. */
  readonly #stored: () => StoredSessions;
  #closed = false;
  readonly #arrivals = new Map<string, Arrival>();
  #counts: Record<string, number> = {};
  #size = 0;
  #waiting = 0;

  constructor(registry: Registry, stored: () => StoredSessions) {
    this.#registry = registry;
    this.#stored = stored;
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

  /** What the store holds by status. */
  open(counts: Readonly<Record<string, number>>): void {
    this.#counts = { ...counts };
    for (const count of Object.values(counts)) this.#size += count;
  }

  /** Refuses what waits for a session to come back. */
  close(error: unknown): void {
    this.#closed = true;
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
    if (this.#size === 0 || this.#registry.get(id)) return false;
    return this.#stored().has(id);
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
    this.#stored().fetch(id, {
      isAwaited: () => !this.#closed && this.#arrivals.get(id) === arrival,
      found: (entry) => this.#arrived(entry),
      missing: () => {
        arrival.look = 'done';
        this.#refuse(arrival, notFound(id), ({ late }) => !late);
        this.#settle(id, arrival);
      },
      failed: (error) => {
        this.#arrivals.delete(id);
        this.#refuse(arrival, error);
      },
    });
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
}
