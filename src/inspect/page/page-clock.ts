import type { Clock } from '../../clock.ts';

interface Timer {
  readonly dueAt: number;
  readonly fn: () => void;
  handle: unknown;
}

/**
 * Timers that also go by what is heard: of a page that nobody sees, because the inspector's window is in front of it,
 * browsers let timers run once a second and at last once a minute, but messages at once.
 */
export class PageClock implements Clock {
  readonly #timers = new Set<Timer>();
  readonly #system: Clock;

  constructor(system: Clock) {
    this.#system = system;
  }

  now(): number {
    return this.#system.now();
  }

  setTimeout(fn: () => void, ms: number): unknown {
    const timer: Timer = { dueAt: this.now() + ms, fn, handle: undefined };
    timer.handle = this.#system.setTimeout(() => this.#run(timer), ms);
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(handle: unknown): void {
    const timer = handle as Timer;
    if (this.#timers.delete(timer)) this.#system.clearTimeout(timer.handle);
  }

  /** Runs what is due already. What that sets anew has its time. */
  catchUp(): void {
    const now = this.now();
    for (const timer of [...this.#timers]) if (timer.dueAt <= now) this.#run(timer);
  }

  #run(timer: Timer): void {
    if (!this.#timers.delete(timer)) return;
    this.#system.clearTimeout(timer.handle);
    timer.fn();
  }
}
