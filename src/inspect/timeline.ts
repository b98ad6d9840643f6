import type { TraceEntry } from '../testing/trace.ts';
import { beginning, Fold } from './fold.ts';
import type { Moment } from './moment.ts';
import type { Recording } from './protocol.ts';

/** Entries between two moments that are kept; more where a moment itself holds more, so that all stays linear. */
const SPACING = 1000;

/**
 * The moments of one recording: any of them costs the fold of some thousand entries at most, the next one after the
 * last that was asked for a single one. Moments that others start from are kept as one comes by.
 */
export class Timeline {
  #recording: Recording;
  readonly #first: Moment;
  /** In their order, without the first. */
  readonly #kept: Moment[] = [];
  #newest: Moment;
  #fold: Fold;
  #last: Moment;

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#first = beginning(recording.bases);
    this.#newest = this.#first;
    this.#last = this.#first;
    this.#fold = new Fold(this.#first);
  }

  get entries(): readonly TraceEntry[] {
    return this.#recording.entries;
  }

  get length(): number {
    return this.#recording.entries.length;
  }

  /** Takes up what came behind the same entries. False: `next` is another recording, and needs a timeline of its own. */
  extend(next: Recording): boolean {
    const { bases, entries } = this.#recording;
    const last = entries.length - 1;
    const goesOn =
      next.bases === bases &&
      next.entries.length >= entries.length &&
      next.entries[0] === (entries[0] ?? next.entries[0]) &&
      (last < 0 || next.entries[last] === entries[last]);
    if (goesOn) this.#recording = next;
    return goesOn;
  }

  /** What holds after the first `n` entries; of an `n` outside of what there is, at the nearer end. */
  at(n: number): Moment {
    const target = Math.max(0, Math.min(this.length, Math.trunc(n) || 0));
    if (target === this.#last.n) return this.#last;
    const start = this.#before(target);
    if (target < this.#fold.n || this.#fold.n < start.n) this.#fold = new Fold(start);
    for (const entry of this.entries.slice(this.#fold.n, target)) {
      this.#fold.apply(entry);
      this.#keep();
    }
    this.#last = this.#fold.moment();
    return this.#last;
  }

  /** The newest of the kept moments that `n` can start from. */
  #before(n: number): Moment {
    let start = this.#first;
    for (const moment of this.#kept) {
      if (moment.n > n) break;
      start = moment;
    }
    return start;
  }

  #keep(): void {
    const { n, sessions, charts } = this.#newest;
    const since = this.#fold.n - n;
    if (since < SPACING || since < sessions.size + charts.size) return;
    this.#newest = this.#fold.moment();
    this.#kept.push(this.#newest);
  }
}
