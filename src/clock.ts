import type { Guard } from './guard.ts';

/**
 * Time as a port: a test hands in a clock that it moves by hand. XState's exported `SimulatedClock` fits.
 */
export interface Clock {
  /** Milliseconds since the epoch (or since the start of a simulation). */
  now(): number;
  setTimeout(fn: (...args: unknown[]) => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (fn, ms) => globalThis.setTimeout(fn, ms),
  clearTimeout: (handle) => globalThis.clearTimeout(handle as ReturnType<typeof globalThis.setTimeout>),
};

const MAX_DATE_MS = 8.64e15;

/** A timer and the clock that it runs on. */
export interface Timer {
  readonly clock: Clock;
  readonly handle: unknown;
}

/** Reads a user's clock safely: one that throws or gives no time is logged, and the last good time stands. */
export class Timekeeper {
  readonly clock: Clock;
  readonly #guard: Guard;
  #last = 0;
  #isoOf = Number.NaN;
  #iso = '';

  constructor(clock: Clock, guard: Guard) {
    this.clock = clock;
    this.#guard = guard;
  }

  now(): number {
    try {
      const now: unknown = this.clock.now();
      if (typeof now === 'number' && Math.abs(now) <= MAX_DATE_MS) this.#last = now;
      else this.#guard.log('error', `chartroom: clock.now() gave ${now}; the last good time stands.`);
    } catch (error) {
      this.#guard.log('error', 'chartroom: clock.now() threw; the last good time stands.', error);
    }
    return this.#last;
  }

  /** ISO 8601. Made once for each millisecond: formatting costs more than the rest of a send. */
  iso(ms = this.now()): string {
    if (ms !== this.#isoOf) {
      this.#isoOf = ms;
      this.#iso = new Date(ms).toISOString();
    }
    return this.#iso;
  }

  /** Where the clock refuses, the system's stands in: a deadline must come. */
  setTimeout(fn: () => void, ms: number): Timer {
    try {
      return { clock: this.clock, handle: this.clock.setTimeout(fn, ms) };
    } catch (error) {
      this.#guard.log('error', 'chartroom: clock.setTimeout threw; the system clock stands in.', error);
      return { clock: systemClock, handle: systemClock.setTimeout(fn, ms) };
    }
  }

  clearTimeout({ clock, handle }: Timer): void {
    try {
      clock.clearTimeout(handle);
    } catch (error) {
      this.#guard.log('error', 'chartroom: clock.clearTimeout threw.', error);
    }
  }
}
