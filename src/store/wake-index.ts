/** Something with a wake time: see `JournalRecord.wakeAt`. */
export interface Waking {
  wakeAt: number | null;
  /** Its place in the index; only the index writes it. */
  wake: WakeEntry | undefined;
}

export interface WakeEntry {
  readonly wakeAt: number;
  readonly of: Waking;
}

/** Entries that are out of date are given back once they are this many and half of all. */
const COMPACT_AT = 1024;

/**
 * Who is due when, ascending. What is out of date stays until compaction and is passed over, so that a change costs
 * one insertion, mostly at the end.
 */
export class WakeIndex<W extends Waking> {
  #entries: WakeEntry[] = [];
  #stale = 0;

  /** After each change of `wakeAt`; times that are null, or not after 0, are not held. */
  changed(of: W): void {
    this.drop(of);
    const { wakeAt } = of;
    if (wakeAt === null || wakeAt <= 0) return;
    of.wake = { wakeAt, of };
    this.#entries.splice(this.#firstAfter(wakeAt), 0, of.wake);
  }

  /** It is gone. */
  drop(of: W): void {
    if (!of.wake) return;
    of.wake = undefined;
    this.#stale += 1;
    if (this.#stale < COMPACT_AT || this.#stale * 2 < this.#entries.length) return;
    this.#stale = 0;
    this.#entries = this.#entries.filter(isCurrent);
  }

  /** Those with `after < wakeAt ≤ by`, in that order; `after` is not below 0. */
  *between(after: number, by: number): Generator<W, void> {
    for (let n = this.#firstAfter(after); n < this.#entries.length; n += 1) {
      const entry = this.#entries[n] as WakeEntry;
      if (entry.wakeAt > by) return;
      if (isCurrent(entry)) yield entry.of as W;
    }
  }

  #firstAfter(wakeAt: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle] as WakeEntry).wakeAt <= wakeAt) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const isCurrent = (entry: WakeEntry): boolean => entry.of.wake === entry;
