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
  readonly #kept: Moment[];
  #fold: Fold;
  #last: Moment;

  constructor(recording: Recording) {
    this.#recording = recording;
    this.#last = beginning(recording.bases);
    this.#kept = [this.#last];
    this.#fold = new Fold(this.#last);
  }

  get recording(): Recording {
    return this.#recording;
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
    let low = 0;
    let high = this.#kept.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#kept[middle]?.n ?? 0) <= n) low = middle;
      else high = middle - 1;
    }
    return this.#kept[low] ?? beginning(this.#recording.bases);
  }

  #keep(): void {
    const newest = this.#kept.at(-1);
    const since = this.#fold.n - (newest?.n ?? 0);
    if (since < SPACING || since < (newest?.sessions.size ?? 0) + (newest?.charts.size ?? 0)) return;
    this.#kept.push(this.#fold.moment());
  }
}
