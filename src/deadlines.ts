import type { Timekeeper, Timer } from './clock.ts';

/** Timers hold 31 bits; a longer wait is taken in steps. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Something that is due at a time. A queue holds each at most once. */
export interface Deadline {
  /** Milliseconds on the clock. */
  dueAt: number;
  /** Its place in the queue's heap, -1 when it is not armed. Only the queue writes it. */
  slot: number;
}

/** All deadlines on one timer of the clock: a binary heap whose members know their place. */
export class DeadlineQueue<D extends Deadline> {
  readonly #time: Timekeeper;
  readonly #due: (deadline: D) => void;
  readonly #heap: D[] = [];
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  /** The timer is a step on the way, because the wait is too long for one. */
  #stepped = false;

  /** `due` gets each deadline once, when its time has come, no longer armed. */
  constructor(time: Timekeeper, due: (deadline: D) => void) {
    this.#time = time;
    this.#due = due;
  }

  get size(): number {
    return this.#heap.length;
  }

  arm(deadline: D, dueAt: number): void {
    this.disarm(deadline);
    deadline.dueAt = dueAt;
    this.#place(deadline, this.#heap.length);
    this.#up(deadline);
    this.#schedule();
  }

  disarm(deadline: D): void {
    if (deadline.slot < 0) return;
    this.#remove(deadline);
    this.#schedule();
  }

  clear(): void {
    for (const deadline of this.#heap) deadline.slot = -1;
    this.#heap.length = 0;
    this.#schedule();
  }

  #schedule(): void {
    const next = this.#heap[0]?.dueAt ?? Number.POSITIVE_INFINITY;
    if (next === this.#timerAt) return;
    if (this.#timer !== undefined) this.#time.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerAt = next;
    if (next === Number.POSITIVE_INFINITY) return;
    const left = Math.max(0, next - this.#time.now());
    const wait = Math.min(left, MAX_TIMER_MS);
    this.#stepped = wait < left;
    this.#timer = this.#time.setTimeout(() => this.#fire(), wait);
  }

  #fire(): void {
    const waited = this.#timerAt;
    this.#timer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
    // The wait is over even when the clock was set back meanwhile.
    const now = Math.max(this.#time.now(), this.#stepped ? Number.NEGATIVE_INFINITY : waited);
    // What a deadline arms for a time that has passed too, after a leap of the clock, is due in this turn.
    for (let due = this.#takeDue(now); due.length > 0; due = this.#takeDue(now))
      for (const deadline of due) if (deadline.slot < 0) this.#due(deadline);
    this.#schedule();
  }

  #takeDue(now: number): D[] {
    const due: D[] = [];
    for (let next = this.#heap[0]; next && next.dueAt <= now; next = this.#heap[0]) {
      due.push(next);
      this.#remove(next);
    }
    return due;
  }

  /** Its place goes to the last one, which then finds its own. */
  #remove(deadline: D): void {
    const { slot } = deadline;
    const last = this.#heap.pop() as D;
    deadline.slot = -1;
    if (last === deadline) return;
    this.#place(last, slot);
    this.#up(last);
    this.#down(last);
  }

  #up(deadline: D): void {
    while (deadline.slot > 0) {
      const parent = this.#heap[(deadline.slot - 1) >> 1] as D;
      if (parent.dueAt <= deadline.dueAt) return;
      this.#swap(parent, deadline);
    }
  }

  #down(deadline: D): void {
    for (;;) {
      const left = this.#heap[deadline.slot * 2 + 1];
      const right = this.#heap[deadline.slot * 2 + 2];
      const least = right && left && right.dueAt < left.dueAt ? right : left;
      if (!least || least.dueAt >= deadline.dueAt) return;
      this.#swap(deadline, least);
    }
  }

  #swap(upper: D, lower: D): void {
    const { slot } = upper;
    this.#place(upper, lower.slot);
    this.#place(lower, slot);
  }

  #place(deadline: D, slot: number): void {
    this.#heap[slot] = deadline;
    deadline.slot = slot;
  }
}
