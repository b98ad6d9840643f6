import type { JsonObject } from '../data.ts';
import type { Fact } from '../session/facts.ts';
import { recoverState } from '../session/recover.ts';
import { FORMAT_VERSION, snapshotData } from '../session/snapshot.ts';
import { applyFact, type SessionState } from '../session/state.ts';
import type { StoredSnapshot } from '../store/port.ts';
import type { TraceEntry } from '../testing/trace.ts';
import type { Recording } from './protocol.ts';

export interface ReelOptions {
  /** Entries held. Default 10,000. */
  readonly limit?: number;
  /** Held in all, about. Default 32 MiB. */
  readonly maxBytes?: number;
}

/** Of an entry whose size nobody has measured. */
const USUAL_BYTES = 256;

interface Held {
  readonly entry: TraceEntry;
  readonly bytes: number;
}

/** Some entries on their way to a viewer. */
export interface ReelPart {
  readonly entries: readonly TraceEntry[];
  /** The place behind them. */
  readonly next: number;
}

/**
 * What has happened, in order, bounded in number and in bytes. What falls off at the old end is not lost for the state
 * of things: a fact is folded into the base of its session, and of each chart that still runs the last snapshot is
 * carried in front. So what is held is a whole recording at any time.
 */
export class Reel {
  readonly #limit: number;
  readonly #maxBytes: number;
  /** The entry pushed as the n-th is at `n % limit`. */
  readonly #ring: (Held | undefined)[] = [];
  #start = 0;
  #end = 0;
  #bytes = 0;
  #cut = false;
  readonly #bases = new Map<string, StoredSnapshot | SessionState>();
  readonly #carried = new Map<string, TraceEntry>();

  constructor({ limit = 10_000, maxBytes = 32 * 1024 * 1024 }: ReelOptions = {}) {
    this.#limit = limit;
    this.#maxBytes = maxBytes;
  }

  /** The place of the oldest entry that is held. */
  get start(): number {
    return this.#start;
  }

  /** The place behind the newest: how many were ever pushed. */
  get end(): number {
    return this.#end;
  }

  /** There is a past that is not held any more. */
  get cut(): boolean {
    return this.#cut;
  }

  /** What a session held before its first entry, of whose facts the past is therefore not here. */
  begin(sessionId: string, base: StoredSnapshot): void {
    this.#bases.set(sessionId, base);
    this.#cut = true;
  }

  /** `bytes`: about, as JSON. */
  push(entry: TraceEntry, bytes = USUAL_BYTES): void {
    if (this.#end - this.#start >= this.#limit) this.#drop();
    this.#ring[this.#end % this.#limit] = { entry, bytes };
    this.#end += 1;
    this.#bytes += bytes;
    while (this.#bytes > this.#maxBytes && this.#end - this.#start > 1) this.#drop();
  }

  /** From `from` on, as far as the bounds go, and one at least where there is one. `from` must still be held. */
  part(from: number, maxEntries: number, maxBytes: number): ReelPart {
    const entries: TraceEntry[] = [];
    let next = Math.max(from, this.#start);
    for (let bytes = 0; next < this.#end && entries.length < maxEntries; next += 1) {
      const held = this.#at(next);
      bytes += held.bytes;
      if (bytes > maxBytes && entries.length > 0) break;
      entries.push(held.entry);
    }
    return { entries, next };
  }

  /** How many entries came before the first of {@link recording}. */
  get from(): number {
    return Math.max(0, this.#start - this.#carried.size);
  }

  /** All that is held, or what of it comes before `to`. */
  recording(definitions: Recording['definitions'], to = this.#end): Recording {
    const { entries } = this.part(this.#start, to - this.#start, Number.POSITIVE_INFINITY);
    return { definitions, bases: this.#shownBases(), entries: [...this.#carried.values(), ...entries] };
  }

  #at(place: number): Held {
    return this.#ring[place % this.#limit] as Held;
  }

  #drop(): void {
    const { entry, bytes } = this.#at(this.#start);
    this.#ring[this.#start % this.#limit] = undefined;
    this.#start += 1;
    this.#bytes -= bytes;
    this.#cut = true;
    if (entry.kind === 'fact') this.#fold(entry.fact as unknown as Fact);
    else if (entry.kind === 'snapshot') this.#carry(entry);
  }

  #carry(entry: Extract<TraceEntry, { kind: 'snapshot' }>): void {
    // Actors of several definitions may have one name.
    const chart = `${entry.definition}\n${entry.actor}`;
    this.#carried.delete(chart);
    if (entry.status === 'active') this.#carried.set(chart, entry);
  }

  #fold(fact: Fact): void {
    const id = fact.sessionId;
    const base = this.#bases.get(id);
    if (fact.type === 'session_created') this.#bases.set(id, applyFact(undefined, fact));
    else if (fact.type === 'session_terminated') this.#bases.delete(id);
    else if (base) this.#bases.set(id, applyFact(stateOf(id, base), fact));
  }

  #shownBases(): Record<string, StoredSnapshot> {
    const shown = [...this.#bases].map(([id, base]) => [id, snapshotOf(base)] as const);
    return Object.fromEntries(shown);
  }
}

/** As a store would keep it. */
export function snapshotOf(base: StoredSnapshot | SessionState): StoredSnapshot {
  if ('data' in base) return base;
  const data = snapshotData(base) as unknown as JsonObject;
  return { sessionSeq: base.sessionSeq, version: FORMAT_VERSION, data };
}

function stateOf(id: string, base: StoredSnapshot | SessionState): SessionState {
  return 'data' in base ? recoverState(id, { snapshot: base, records: [] }) : base;
}
