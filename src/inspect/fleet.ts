import type { ErrorInfo } from '../data.ts';
import type { Engine } from '../engine.ts';
import { isSessionError } from '../errors.ts';
import { nextMacrotask } from '../macrotask.ts';
import type { SessionEntry } from '../session/entry.ts';
import type { Fact } from '../session/facts.ts';
import { activeTasks } from '../session/views.ts';
import type { SessionHead } from '../store/port.ts';
import { endedRows } from './ended-rows.ts';
import { changeOf, isSameError, leftRow, sinceAtLeast, unknownRow } from './fleet-row.ts';
import type { FleetChange, FleetRow } from './protocol.ts';
import type { Redaction } from './redaction.ts';

/** Rows held; there may be more sessions. */
export const MAX_ROWS = 100_000;
/** Of the sessions that have ended, so many stay in the list: those that ended last. */
const MAX_ENDED = 1_000;
/** Rows made anew in one update, at most: what is left comes with the next. */
const ROWS_PER_UPDATE = 5_000;
/** Rows looked through in one update for what makes no fact: sleep, tasks, activity. */
const SWEPT_PER_UPDATE = 2_000;
/** Facts looked through, in the beginning, for when a session came to its status, and for those that have ended. */
const FACTS_READ_BACK = 10_000;

export interface FleetUpdate {
  readonly rows: readonly FleetRow[];
  readonly changes: readonly FleetChange[];
  readonly gone: readonly string[];
  readonly hidden: number;
}

/** What is known of one session beside its state. */
interface Tracked {
  readonly id: string;
  readonly seq: number;
  createdAt: number | undefined;
  entry: SessionEntry | undefined;
  /** As viewers have it. */
  row: FleetRow | undefined;
  /** When it came to its status, ISO 8601. */
  since: string | undefined;
  facts: number;
  crashes: number;
  reason: string | undefined;
  error: ErrorInfo | undefined;
  ended: boolean;
  lingers: boolean;
  /** Somebody has no row of it at all. */
  fresh: boolean;
  dirty: boolean;
}

/**
 * The list of all sessions, by what changes in it. A fact costs a look-up and a mark; rows are made of what is marked
 * when an update is asked for, and as many at a time as that may cost.
 */
export class Fleet {
  readonly #engine: Engine;
  readonly #redaction: Redaction;
  readonly #maxRows: number;
  readonly #tracked = new Map<string, Tracked>();
  #dirty: Tracked[] = [];
  readonly #maxEnded: number;
  /** Those that have ended and are still in the list, in the order in which they did. */
  readonly #past: Tracked[] = [];
  #ended = 0;
  #gone: string[] = [];
  #shownHidden = 0;
  #sweep: Iterator<Tracked> | undefined;
  #closed = false;

  /** Knows those that are in memory at once; those that sleep it reads from the store once `ready`. */
  constructor(
    engine: Engine,
    redaction: Redaction,
    ready: Promise<unknown>,
    maxRows = MAX_ROWS,
    maxEnded = MAX_ENDED,
  ) {
    this.#engine = engine;
    this.#redaction = redaction;
    this.#maxRows = maxRows;
    this.#maxEnded = maxEnded;
    for (const entry of engine.registry.values()) {
      if (this.#tracked.size >= maxRows) break;
      // Whoever begins to look is told of all rows: there is nobody to tell of these.
      this.#add(entry.state.id, entry.state.seq, entry).fresh = false;
    }
    this.#readBack();
    ready.then(
      () =>
        this.#readSleeping()
          .then(() => this.#readEnded())
          .catch((error) => this.#failed(error)),
      // The manager says itself why it did not get ready.
      () => {},
    );
  }

  get size(): number {
    return this.#tracked.size;
  }

  /** Sessions without a row. */
  get hidden(): number {
    const { registry, dormant } = this.#engine;
    return Math.max(0, registry.size + dormant.size - (this.#tracked.size - this.#ended));
  }

  close(): void {
    this.#closed = true;
  }

  heard(fact: Fact): void {
    let tracked = this.#tracked.get(fact.sessionId);
    if (!tracked || (fact.type === 'session_created' && tracked.seq !== fact.seq)) {
      const entry = this.#engine.registry.get(fact.sessionId);
      if (!entry || (!tracked && !this.#makeRoom())) return;
      tracked = this.#track(fact.sessionId, entry);
    }
    tracked.facts += 1;
    switch (fact.type) {
      case 'session_status':
        tracked.since = fact.at;
        tracked.reason = fact.payload.reason;
        break;
      case 'session_crashed':
        tracked.crashes += 1;
        break;
      case 'session_terminated':
        tracked.reason = fact.payload.reason;
        this.#end(tracked);
        break;
    }
    this.#mark(tracked);
  }

  /** What has changed since the last one, `undefined` when nothing has. */
  update(): FleetUpdate | undefined {
    this.#lookThrough();
    return this.#update();
  }

  /** The ends that were not told yet. Of an engine that has closed nothing else is so any more. */
  last(): FleetUpdate | undefined {
    this.#dirty = this.#dirty.filter(({ ended }) => ended);
    return this.#update();
  }

  #update(): FleetUpdate | undefined {
    const rows: FleetRow[] = [];
    const changes: FleetChange[] = [];
    for (const tracked of this.#dirty.splice(0, ROWS_PER_UPDATE)) {
      tracked.dirty = false;
      if (this.#tracked.get(tracked.id) !== tracked) continue;
      const before = tracked.row;
      const row = this.#rowOf(tracked);
      if (tracked.fresh || !before) rows.push(row);
      else {
        const change = changeOf(before, row);
        if (change) changes.push(change);
      }
      tracked.fresh = false;
      if (tracked.ended && !tracked.lingers) {
        tracked.lingers = true;
        this.#past.push(tracked);
      }
    }
    while (this.#past.length > this.#maxEnded) this.#forgetOldest();
    const gone = this.#gone;
    this.#gone = [];
    const { hidden } = this;
    if (rows.length + changes.length + gone.length === 0 && hidden === this.#shownHidden) return undefined;
    this.#shownHidden = hidden;
    return { rows, changes, gone, hidden };
  }

  /** All rows as they are now. What is added while it is walked comes too. */
  *rows(): Generator<FleetRow, void> {
    for (const tracked of this.#tracked.values()) yield tracked.row ?? this.#rowOf(tracked);
  }

  row(id: string): FleetRow | undefined {
    const tracked = this.#tracked.get(id);
    return tracked && (tracked.row ?? this.#rowOf(tracked));
  }

  #track(id: string, entry: SessionEntry): Tracked {
    const tracked = this.#add(id, entry.state.seq, entry);
    this.#mark(tracked);
    return tracked;
  }

  #add(id: string, seq: number, entry: SessionEntry | undefined): Tracked {
    const before = this.#tracked.get(id);
    if (before?.ended) this.#ended -= 1;
    const tracked: Tracked = {
      id,
      seq,
      createdAt: undefined,
      entry,
      row: undefined,
      since: undefined,
      facts: 0,
      crashes: 0,
      reason: entry?.state.reason,
      error: undefined,
      ended: false,
      lingers: false,
      fresh: true,
      dirty: false,
    };
    this.#tracked.set(id, tracked);
    return tracked;
  }

  #mark(tracked: Tracked): void {
    if (tracked.dirty) return;
    tracked.dirty = true;
    this.#dirty.push(tracked);
  }

  #end(tracked: Tracked): void {
    if (tracked.ended) return;
    tracked.ended = true;
    this.#ended += 1;
  }

  /** Whether there is room for one that is alive; those that have ended make way. */
  #makeRoom(): boolean {
    while (this.#tracked.size >= this.#maxRows && this.#past.length > 0) this.#forgetOldest();
    return this.#tracked.size < this.#maxRows;
  }

  #forgetOldest(): void {
    const tracked = this.#past.shift();
    // There may be a younger one of its id.
    if (!tracked || this.#tracked.get(tracked.id) !== tracked) return;
    this.#tracked.delete(tracked.id);
    this.#ended -= 1;
    this.#gone.push(tracked.id);
  }

  /** One that has fallen asleep leaves its entry behind, which says how it was then. */
  #entryOf(tracked: Tracked): SessionEntry | undefined {
    if (tracked.ended || tracked.entry?.registered) return tracked.entry;
    const entry = this.#engine.registry.get(tracked.id);
    if (entry) tracked.entry = entry;
    return entry;
  }

  #rowOf(tracked: Tracked): FleetRow {
    const entry = this.#entryOf(tracked);
    const { entry: last = entry } = tracked;
    const row = last ? this.#awake(tracked, last) : (tracked.row ?? unknownRow(tracked));
    tracked.row = entry ? row : leftRow(row, tracked.ended, tracked.reason);
    // Only its last row is of interest from here on.
    if (!entry || tracked.ended) tracked.entry = undefined;
    return tracked.row;
  }

  #awake(tracked: Tracked, entry: SessionEntry): FleetRow {
    const { id, seq, facts, crashes, reason, ended } = tracked;
    const { state } = entry;
    tracked.createdAt ??= Date.parse(state.createdAt);
    const { createdAt } = tracked;
    const status = ended ? 'terminated' : state.status;
    return {
      id,
      seq,
      status,
      asleep: false,
      createdAt,
      since: Date.parse(tracked.since ?? sinceAtLeast(entry)),
      lastActivityAt: entry.activityMs,
      messages: state.conversation?.count ?? 0,
      files: state.files?.size ?? 0,
      tasks: ended ? 0 : activeTasks(entry),
      restarts: state.restarts,
      crashes,
      facts,
      ...(reason !== undefined && { reason }),
      ...(state.error && { error: this.#errorOf(tracked, state.error) }),
    };
  }

  /** The same object for the same error, so that it is sent once. */
  #errorOf(tracked: Tracked, error: ErrorInfo): ErrorInfo {
    const shown = this.#redaction.error(error);
    if (!tracked.error || !isSameError(tracked.error, shown)) tracked.error = shown;
    return tracked.error;
  }

  /** That a session falls asleep, wakes by a look-up or works makes no fact: some of the rows are compared each time. */
  #lookThrough(): void {
    for (let n = 0; n < SWEPT_PER_UPDATE; n += 1) {
      this.#sweep ??= this.#tracked.values();
      const { value: tracked, done } = this.#sweep.next();
      if (done) {
        this.#sweep = undefined;
        return;
      }
      if (!tracked.ended && !tracked.dirty && tracked.row && this.#differs(tracked, tracked.row))
        this.#mark(tracked);
    }
  }

  #differs(tracked: Tracked, row: FleetRow): boolean {
    const entry = this.#entryOf(tracked);
    if (!entry) {
      if (this.#engine.registry.quarantined.has(tracked.id)) this.#end(tracked);
      return tracked.ended || !row.asleep;
    }
    return row.asleep || entry.activityMs !== row.lastActivityAt || activeTasks(entry) !== row.tasks;
  }

  /** Where the store answers at once: since when sessions have their status. */
  #readBack(): void {
    const { journal } = this.#engine;
    const facts = journal.facts({ from: Math.max(0, journal.seq - FACTS_READ_BACK) });
    if (!(Symbol.iterator in facts)) return;
    for (const { type, sessionId, seq, at } of facts) {
      if (type !== 'session_status' && type !== 'session_created') continue;
      const tracked = this.#tracked.get(sessionId);
      if (tracked && seq >= tracked.seq) tracked.since = at;
    }
  }

  async #readSleeping(): Promise<void> {
    const { dormant, stored } = this.#engine;
    if (dormant.size === 0) return;
    for await (const heads of stored.get().sessions.heads()) {
      if (this.#closed) return;
      for (const head of heads) {
        if (!this.#makeRoom()) return;
        this.#found(head);
      }
      // A store that answers at once would keep the event loop to itself.
      await new Promise<void>((resolve) => nextMacrotask(resolve));
    }
  }

  /** Whoever looks because something went wrong comes when it is over. */
  async #readEnded(): Promise<void> {
    const { journal, registry } = this.#engine;
    const from = Math.max(journal.cutSeq, journal.publishedSeq - FACTS_READ_BACK);
    const rows = await endedRows(journal.facts({ from }), this.#redaction, this.#maxEnded);
    if (this.#closed) return;
    const past: Tracked[] = [];
    for (const row of rows) {
      const { id, seq, reason } = row;
      if (this.#tracked.has(id) || registry.get(id) || this.#tracked.size >= this.#maxRows) continue;
      const tracked = this.#add(id, seq, undefined);
      Object.assign(tracked, { row, reason, createdAt: row.createdAt, ended: true, lingers: true });
      this.#ended += 1;
      this.#mark(tracked);
      past.push(tracked);
    }
    this.#past.unshift(...past);
  }

  #failed(error: unknown): void {
    if (this.#closed || (isSessionError(error) && error.code === 'MANAGER_CLOSED')) return;
    this.#engine.guard.log('warn', 'chartroom: the inspector could not list the store.', error);
  }

  #found({ id, seq, status }: SessionHead): void {
    const { registry } = this.#engine;
    if (this.#tracked.has(id) || registry.quarantined.has(id)) return;
    const entry = registry.get(id);
    if (entry) {
      this.#track(id, entry);
      return;
    }
    const tracked = this.#add(id, seq, undefined);
    tracked.row = { ...unknownRow(tracked), status: status as FleetRow['status'] };
    this.#mark(tracked);
  }
}
