import type { ListFilter, SessionClient, Unsubscribe } from '../client.ts';
import type { SessionInfo } from '../data.ts';
import { isSessionError, type SessionError } from '../errors.ts';
import type { SessionEvent } from '../events/types.ts';
import { sameJson } from '../same-json.ts';
import { Cell } from './cell.ts';
import { WITHOUT_CHUNKS } from './event-types.ts';
import { matches } from './filter.ts';
import { askSoon } from './pace.ts';
import { Question } from './question.ts';
import { asSessionError, SESSIONS_LOADING, type SessionsView, view } from './views.ts';

/** So many sessions that changed in one turn are asked for one by one, however short the list is. */
const FEW = 64;

/** Whom a list tells that it begins and ends to look. */
export interface ListHost {
  readonly client: SessionClient;
  began(list: SessionList): void;
  ended(list: SessionList): void;
}

/**
 * The sessions that match a filter: listed once, then kept by asking for those that events name. It is listed anew
 * after a gap, when most of it has changed, and when a full page has lost a row.
 */
export class SessionList {
  readonly cell: Cell<SessionsView>;
  readonly #host: ListHost;
  readonly #filter: ListFilter | undefined;
  readonly #listing: Question<SessionInfo[]>;
  #unsubscribe: Unsubscribe | undefined;
  #rows = new Map<string, SessionInfo>();
  /** In creation order; undefined when `#rows` has changed since. */
  #sessions: readonly SessionInfo[] | undefined;
  #error: SessionError | undefined;
  #listed = false;
  /** Named by events, and not asked for since. */
  readonly #changed = new Set<string>();
  /** An answer is on its way. */
  readonly #asked = new Set<string>();
  /** Answers to what was asked before the last listing are not heard. */
  #version = 0;

  constructor(host: ListHost, filter: ListFilter | undefined) {
    this.#host = host;
    this.#filter = filter;
    this.cell = new Cell(SESSIONS_LOADING, {
      compute: (previous) => this.#view(previous),
      start: () => this.#start(),
      stop: () => this.#stop(),
      retry: () => this.resync(),
    });
    this.#listing = new Question(
      () => this.#list(),
      (infos) => this.#fill(infos),
      (error) => this.#fail(error),
    );
  }

  resync(): void {
    this.#listing.stale();
  }

  #start(): void {
    this.#host.began(this);
    try {
      this.#unsubscribe = this.#host.client.subscribeToAllSessions((event) => this.#receive(event), {
        types: WITHOUT_CHUNKS,
      });
    } catch {
      // The listing fails with the same.
    }
    this.#listing.ask();
  }

  #stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#listing.drop();
    this.#forgetAsked();
    this.#rows.clear();
    this.#listed = false;
    this.#error = undefined;
    this.#host.ended(this);
  }

  #receive(event: SessionEvent): void {
    if (!this.cell.live) return;
    if (event.type === 'gap') this.resync();
    else {
      this.#changed.add(event.sessionId);
      askSoon(this.#askChanged);
    }
  }

  #list(): Promise<SessionInfo[]> {
    this.#forgetAsked();
    return this.#host.client.listSessions(this.#filter);
  }

  #forgetAsked(): void {
    this.#version += 1;
    this.#asked.clear();
    this.#changed.clear();
  }

  readonly #askChanged = (): void => {
    // What changes while it is being listed is asked for after that.
    if (!this.cell.live || !this.#listing.resting) return;
    const { size } = this.#changed;
    const isMost = size > FEW && size * 2 > this.#rows.size;
    if (!this.#listed || isMost) this.#listing.ask();
    for (const id of this.#changed)
      if (!this.#asked.has(id)) {
        this.#changed.delete(id);
        this.#asked.add(id);
        void this.#ask(id, this.#version);
      }
  };

  async #ask(id: string, version: number): Promise<void> {
    let info: SessionInfo | undefined;
    let failure: unknown;
    try {
      info = await this.#host.client.getSessionInfo(id);
    } catch (error) {
      if (!isSessionError(error) || error.code !== 'SESSION_NOT_FOUND') failure = error;
    }
    if (version !== this.#version) return;
    this.#asked.delete(id);
    if (this.#changed.has(id)) askSoon(this.#askChanged);
    if (failure !== undefined) this.resync();
    else if (info && matches(this.#filter, info)) this.#put(info);
    else this.#remove(id);
    this.cell.touch();
  }

  #put(info: SessionInfo): void {
    const known = this.#rows.get(info.id);
    if (known && sameJson(known, info)) return;
    this.#rows.set(info.id, info);
    this.#sessions = undefined;
  }

  #remove(id: string): void {
    const { limit } = this.#filter ?? {};
    const wasFull = limit !== undefined && this.#rows.size >= limit;
    if (!this.#rows.delete(id)) return;
    this.#sessions = undefined;
    if (wasFull) this.resync();
  }

  #fill(infos: readonly SessionInfo[]): void {
    const known = this.#rows;
    this.#rows = new Map();
    for (const info of infos) {
      const row = known.get(info.id);
      this.#rows.set(info.id, row && sameJson(row, info) ? row : info);
    }
    this.#sessions = undefined;
    this.#listed = true;
    this.#error = undefined;
    if (this.#changed.size > 0) askSoon(this.#askChanged);
    this.cell.touch();
  }

  #fail(error: unknown): void {
    this.#listed = false;
    this.#error = asSessionError(error);
    this.cell.touch();
  }

  #view(previous: SessionsView): SessionsView {
    if (!this.#listed && !this.#error) return previous;
    const sessions = this.#inOrder(previous.sessions);
    const status = this.#error ? 'error' : 'ready';
    if (previous.status === status && previous.sessions === sessions && previous.error === this.#error)
      return previous;
    return view({ status, sessions, error: this.#error } as SessionsView);
  }

  #inOrder(previous: readonly SessionInfo[]): readonly SessionInfo[] {
    if (this.#sessions) return this.#sessions;
    const rows = [...this.#rows.values()].sort((a, b) => a.seq - b.seq);
    const { limit = rows.length } = this.#filter ?? {};
    for (const { id } of rows.splice(limit)) this.#rows.delete(id);
    const isSame = rows.length === previous.length && rows.every((row, n) => row === previous[n]);
    this.#sessions = isSame ? previous : Object.freeze(rows);
    return this.#sessions;
  }
}
