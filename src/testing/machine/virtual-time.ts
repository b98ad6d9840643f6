import type { AnyActorRef, EventObject } from 'xstate';

/** An event that is on its way: `after`, or sent with a delay. */
export interface Delayed {
  readonly source: AnyActorRef;
  readonly target: AnyActorRef;
  readonly event: EventObject;
  /** What `cancel` names it by. */
  readonly id: string;
  /** Milliseconds on the run's clock; infinite when it never comes. */
  readonly dueAt: number;
}

interface Pending extends Delayed {
  readonly order: number;
}

type Deliver = (delayed: Delayed) => void;

/** More events than this at one instant are a loop. */
const MAX_AT_ONCE = 1000;
/** A wait ends early after so many events: a ticker of 1 ms must not make an hour last for ever. */
const MAX_IN_A_WAIT = 2000;

/** Events came due at one instant without end. */
export class EndlessInstant extends Error {
  override readonly name = 'EndlessInstant';
}

/**
 * The clock of a run, in the place of an actor system's scheduler. It stands at each deadline while what is due
 * there arrives, so that a chain of delays takes the time it takes, however far the clock is moved at once.
 */
export class VirtualTime {
  #now: number;
  #order = 0;
  #pending: Pending[] = [];
  readonly #deliver: Deliver;

  constructor(deliver: Deliver, now = 0) {
    this.#deliver = deliver;
    this.#now = now;
  }

  /** Milliseconds since the start of the run. */
  get now(): number {
    return this.#now;
  }

  /** In the order in which they are due. */
  get pending(): readonly Delayed[] {
    return this.#pending;
  }

  /** Milliseconds until the next deadline; `undefined` when none will come. */
  get untilNext(): number | undefined {
    const [next] = this.#pending;
    return next === undefined || next.dueAt === Number.POSITIVE_INFINITY ? undefined : next.dueAt - this.#now;
  }

  schedule(source: AnyActorRef, target: AnyActorRef, event: EventObject, delay: number, id?: string): void {
    const dueAt = this.#now + Math.max(0, delay || 0);
    // XState numbers them at random where no id is given, which no two runs would have in common.
    this.resume({ source, target, event, id: id ?? `delayed ${this.#order}`, dueAt });
  }

  /** Has it arrive at its own deadline, at once when that has passed. */
  resume(delayed: Delayed): void {
    const pending = { ...delayed, order: this.#order++ };
    const after = this.#pending.findIndex(({ dueAt }) => dueAt > pending.dueAt);
    if (after < 0) this.#pending.push(pending);
    else this.#pending.splice(after, 0, pending);
  }

  /** Events of one actor may share an id; then all of them are taken back. */
  cancel(source: AnyActorRef, id: string): void {
    this.#forget((each) => each.source === source && each.id === id);
  }

  cancelAll(source: AnyActorRef): void {
    this.#forget((each) => each.source === source);
  }

  /** Moves the clock, and has everything arrive that is due on the way. Returns the milliseconds that it moved. */
  advance(ms: number): number {
    const from = this.#now;
    const until = from + ms;
    let atOnce = 0;
    for (let delivered = 0; ; delivered += 1) {
      const [next] = this.#pending;
      if (next === undefined || next.dueAt > until) break;
      if (delivered === MAX_IN_A_WAIT) return this.#now - from;
      if (next.dueAt > this.#now) {
        atOnce = 0;
        this.#now = next.dueAt;
      } else if (++atOnce > MAX_AT_ONCE) throw new EndlessInstant(next.event.type);
      this.#pending.shift();
      this.#deliver(next);
    }
    this.#now = until;
    return ms;
  }

  #forget(isGone: (each: Pending) => boolean): void {
    if (this.#pending.some(isGone)) this.#pending = this.#pending.filter((each) => !isGone(each));
  }
}
