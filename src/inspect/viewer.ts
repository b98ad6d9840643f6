import type { JsonObject } from '../data.ts';
import type { FleetUpdate } from './fleet.ts';
import type { Looked } from './looked.ts';
import type { Detail, FleetRow, InspectorMessage, Subject, ViewerChannel } from './protocol.ts';

const ROWS_PER_MESSAGE = 1_000;
const FLEET_MESSAGES_PER_TURN = 5;
const ENTRIES_PER_MESSAGE = 1_000;
const BYTES_PER_MESSAGE = 1024 * 1024;
const ENTRY_MESSAGES_PER_TURN = 2;
/** Answers that wait for a viewer to read; whoever leaves more unread is let go. */
const MAX_UNREAD = 1_000;

/** The rows as they are, for viewers that have some of them yet to get. */
export interface RowSource {
  rows(): Iterator<FleetRow>;
  row(id: string): FleetRow | undefined;
  readonly hidden: number;
}

/** A subject that is there to be looked at, with what is so now of it. */
export interface Shown {
  readonly subject: Subject;
  readonly looked: Looked;
  readonly detail: Detail;
  /** Counts the changes of `detail`. */
  readonly version: number;
}

/** How far a viewer has been told of a subject. */
interface Told {
  readonly shown: Shown;
  /** `looking` has been said. */
  begun: boolean;
  /** The place in the reel behind what it has. */
  place: number;
  definitions: Readonly<Record<string, JsonObject>>;
  version: number;
}

/**
 * What one viewer has been told, and what it is to be told next. Nothing is said twice to keep pace: of what a slow
 * viewer does not take it is noted what it misses, and it gets that as it is by then.
 */
export class Viewer {
  readonly #channel: ViewerChannel;
  readonly #source: RowSource;
  readonly #unread: InspectorMessage[] = [];
  #walk: Iterator<FleetRow> | undefined;
  #mustReset = true;
  /** Rows that it was not told of when they came. */
  readonly #missed = new Set<string>();
  readonly #told = new Map<Subject, Told>();
  /** Actions that it waits for. */
  acting = 0;
  /** Since when it takes nothing. */
  stuckSince: number | undefined;
  /** The channel is of no use any more. */
  broken = false;

  constructor(channel: ViewerChannel, source: RowSource) {
    this.#channel = channel;
    this.#source = source;
    this.#walk = source.rows();
  }

  looksAt(subject: Subject): boolean {
    return this.#told.has(subject);
  }

  /** What must not be lost, in its order. */
  tell(message: InspectorMessage, now: number): void {
    this.#unread.push(message);
    if (this.#unread.length > MAX_UNREAD) this.broken = true;
    this.#read(now);
  }

  /** What is of no use later. */
  mention(message: InspectorMessage, now: number): void {
    if (this.#unread.length === 0) this.#offer(message, now);
  }

  look(shown: Shown): void {
    if (this.#told.has(shown.subject)) return;
    this.#told.set(shown.subject, { shown, begun: false, place: 0, definitions: {}, version: 0 });
  }

  leave(subject: Subject): boolean {
    return this.#told.delete(subject);
  }

  /** What has changed in the list. Before the viewer has the list there is nothing to change. */
  change({ rows, changes, gone, hidden }: FleetUpdate, now: number): void {
    if (this.#mustReset) return;
    const part = {
      ...(rows.length > 0 && { rows }),
      ...(changes.length > 0 && { changes }),
      ...(gone.length > 0 && { gone }),
    };
    if (this.#unread.length === 0 && this.#offer({ type: 'fleet', ...part, hidden }, now)) return;
    for (const { id } of [...rows, ...changes]) this.#missed.add(id);
    for (const id of gone) this.#missed.add(id);
  }

  /** Goes on with all that is to be said, as far as it is taken. */
  goOn(now: number): void {
    if (!this.#read(now) || !this.#list(now)) return;
    for (const told of this.#told.values()) if (!this.#follow(told, now)) return;
  }

  close(reason: string): void {
    try {
      this.#channel.close(reason);
    } catch {
      // It is being let go: nobody is left to be told.
    }
  }

  #offer(message: InspectorMessage, now: number): boolean {
    if (this.broken) return false;
    try {
      if (this.#channel.send(message)) {
        this.stuckSince = undefined;
        return true;
      }
      this.stuckSince ??= now;
    } catch {
      this.broken = true;
    }
    return false;
  }

  #read(now: number): boolean {
    for (let first = this.#unread[0]; first; first = this.#unread[0]) {
      // Taken out first: the viewer may ask for more while it is told.
      this.#unread.shift();
      if (this.#offer(first, now)) continue;
      this.#unread.unshift(first);
      return false;
    }
    return true;
  }

  #list(now: number): boolean {
    for (let n = 0; n < FLEET_MESSAGES_PER_TURN; n += 1) {
      const { rows, gone } = this.#nextRows();
      if (rows.length + gone.length === 0 && !this.#mustReset) return true;
      const reset = this.#mustReset && ({ reset: true } as const);
      const { hidden } = this.#source;
      const said = { type: 'fleet', ...reset, rows, ...(gone.length > 0 && { gone }), hidden } as const;
      if (!this.#offer(said, now)) {
        for (const id of [...rows.map((row) => row.id), ...gone]) this.#missed.add(id);
        return false;
      }
      this.#mustReset = false;
    }
    return true;
  }

  #nextRows(): { rows: FleetRow[]; gone: string[] } {
    const rows: FleetRow[] = [];
    const gone: string[] = [];
    while (this.#walk && rows.length < ROWS_PER_MESSAGE) {
      const { value, done } = this.#walk.next();
      if (done) this.#walk = undefined;
      else rows.push(value);
    }
    for (const id of this.#missed) {
      if (rows.length + gone.length >= ROWS_PER_MESSAGE) break;
      this.#missed.delete(id);
      const row = this.#source.row(id);
      if (row) rows.push(row);
      else gone.push(id);
    }
    return { rows, gone };
  }

  #follow(told: Told, now: number): boolean {
    const { subject, looked } = told.shown;
    const { reel } = looked;
    // With a hole in its facts a recording is worth nothing: it begins anew.
    if ((!told.begun || told.place < reel.start) && !this.#begin(told, now)) return false;
    for (let n = 0; n < ENTRY_MESSAGES_PER_TURN && told.place < reel.end; n += 1) {
      const { entries, next } = reel.part(told.place, ENTRIES_PER_MESSAGE, BYTES_PER_MESSAGE);
      const all = looked.definitions();
      const known = told.definitions;
      const added = all === known ? [] : Object.entries(all).filter(([name]) => !Object.hasOwn(known, name));
      const more = added.length > 0 && { definitions: Object.fromEntries(added) };
      if (!this.#offer({ type: 'entries', subject, entries, ...more }, now)) return false;
      told.place = next;
      told.definitions = all;
    }
    return this.#describe(told, now);
  }

  #begin(told: Told, now: number): boolean {
    const { subject, looked, detail, version } = told.shown;
    const { reel } = looked;
    const { next } = reel.part(reel.start, ENTRIES_PER_MESSAGE, BYTES_PER_MESSAGE);
    const definitions = looked.definitions();
    const recording = reel.recording(definitions, next);
    const said = { type: 'looking', subject, recording, detail, now: looked.now(), cut: reel.cut } as const;
    if (!this.#offer({ ...said, from: reel.from }, now)) return false;
    Object.assign(told, { begun: true, place: next, definitions, version });
    return true;
  }

  #describe(told: Told, now: number): boolean {
    const { subject, looked, detail, version } = told.shown;
    if (version === told.version) return true;
    if (!this.#offer({ type: 'detail', subject, detail, now: looked.now() }, now)) return false;
    told.version = version;
    return true;
  }
}
