import type { ListFilter } from '../client.ts';
import type { SessionInfo } from '../data.ts';
import { asStoreError, toErrorInfo } from '../error-info.ts';
import { isSessionError } from '../errors.ts';
import type { HeadQuery, SessionHead, StoredSession, StoreLease } from '../store/port.ts';
import { whenAnswered } from '../when-answered.ts';
import type { Dormant } from './dormant.ts';
import { SessionEntry } from './entry.ts';
import { recoverState, revivable } from './recover.ts';
import type { Registry } from './registry.ts';
import type { SessionState } from './state.ts';
import { infoOf } from './views.ts';

/** Sessions in one page of a listing that reads stored ones, and in one step of a walk through the store. */
const PAGE = 256;
/** Trouble of the store, which says nothing about the session that was asked for. */
const STORE_TROUBLE: ReadonlySet<string> = new Set(['STORE_FAILED', 'STORE_LOCKED', 'MANAGER_CLOSED']);

/** Who has asked for a session, and is told one of three things; nothing when it waits no more. */
export interface Fetch {
  isAwaited(): boolean;
  found(entry: SessionEntry): void;
  missing(): void;
  failed(error: unknown): void;
}

/** What these sessions are to the rest of the engine. */
export interface StoredSessionsParts {
  readonly registry: Registry;
  readonly dormant: Dormant;
  /** Makes of a state that was read an entry with a chart. `unsnapshotted`: facts since its snapshot. */
  revive(state: SessionState, unsnapshotted: number): SessionEntry;
  /** Runs what waits for the store, and rejects when the manager closes before that answers. */
  untilClosed<R>(call: () => Promise<R>): Promise<R>;
}

/** Reads the sessions of a store, and brings them back. */
export class StoredSessions {
  readonly #parts: StoredSessionsParts;
  #lease: StoreLease | undefined;
  /** What a walk through the store ends with once the manager closes: it must not come out shorter. */
  #closing: unknown;

  constructor(parts: StoredSessionsParts, lease: StoreLease) {
    this.#parts = parts;
    this.#lease = lease;
  }

  close(error: unknown): void {
    this.#lease = undefined;
    this.#closing = error;
  }

  /** Whether the store has it. Wakes nobody. */
  has(id: string): boolean | Promise<boolean> {
    const head = this.#ask((lease) => lease.head(id));
    if (!(head instanceof Promise)) return head !== undefined;
    return this.#parts.untilClosed(async () => (await head) !== undefined);
  }

  /** Brings it back; at once, where the store answers at once. */
  fetch(id: string, by: Fetch): void {
    whenAnswered(
      () => this.#ask((lease) => lease.load(id)),
      (stored) => {
        if (!by.isAwaited()) return;
        if (!isThere(stored)) {
          by.missing();
          return;
        }
        const state = revivable(recoverState(id, stored));
        this.#parts.dormant.moved(state.status, -1);
        by.found(this.#parts.revive(state, stored.records.length));
      },
      (error) => {
        if (by.isAwaited()) by.failed(isTrouble(error) ? error : this.#setAside(id, error));
      },
    );
  }

  /** Gives the error of its quarantine. */
  #setAside(id: string, error: unknown): unknown {
    const { registry, dormant } = this.#parts;
    // A list may have found it first, and counted it off.
    if (!registry.quarantined.has(id)) {
      this.quarantine(id, undefined, error);
      const uncount = (head: SessionHead | undefined) => head && dormant.moved(head.status, -1);
      Promise.resolve(this.#lease?.head(id)).then(uncount, () => {});
    }
    return registry.quarantineError(id);
  }

  /** Its id stays taken, so that nothing is written over it. */
  quarantine(id: string, status: string | undefined, error: unknown): string {
    const { registry, dormant } = this.#parts;
    const reason = toErrorInfo(error).message;
    if (registry.quarantined.has(id)) return reason;
    registry.quarantined.set(id, reason);
    if (status !== undefined) dormant.moved(status, -1);
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
    return this.#parts.untilClosed(() => this.#list(filter));
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
      await this.#parts.dormant.with(id, () => {});
    } catch (error) {
      if (isTrouble(error)) throw error;
    }
  }

  async #infoOf({ id, status }: SessionHead): Promise<SessionInfo | undefined> {
    const { registry } = this.#parts;
    const entry = registry.get(id);
    if (entry) return infoOf(entry);
    if (registry.quarantined.has(id)) return undefined;
    try {
      const state = await this.read(id);
      // While it was being read it may have come back, and changed.
      const back = registry.get(id);
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
}

function failRead(error: unknown): never {
  throw asStoreError(error, 'The store refused a read');
}

export const isTrouble = (error: unknown): boolean => isSessionError(error) && STORE_TROUBLE.has(error.code);

const isThere = ({ snapshot, records }: StoredSession): boolean =>
  snapshot !== undefined || records.length > 0;
