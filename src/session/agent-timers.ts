import type { AnyActorRef, EventObject } from 'xstate';
import type { Timekeeper, Timer } from '../clock.ts';

/** Timers hold 31 bits; a longer wait is taken in steps. */
const MAX_TIMER_MS = 2 ** 31 - 1;

type System = AnyActorRef['system'];

/** An event that an actor has sent with a delay, `after` included, and that has not arrived yet. */
export interface DelayedEvent {
  readonly source: AnyActorRef;
  readonly target: AnyActorRef;
  readonly event: EventObject;
  /** What `cancel` names it by. */
  readonly id: string;
  /** Milliseconds on the clock; infinite when it never comes. */
  readonly dueAt: number;
}

export interface PendingEvent extends DelayedEvent {
  /** Of sending: of two that are due at the same time the smaller comes first. */
  readonly order: number;
}

interface Pending extends PendingEvent {
  timer: Timer | undefined;
}

/**
 * The delayed events of an actor system, by the actor that sent them. XState's own scheduler notes `Date.now()`,
 * whatever the clock, and walks the delayed events of the whole system to find those of one actor, which it does
 * whenever an actor stops. Here both take as long as the actor has events pending.
 */
export class AgentTimers {
  readonly #time: Timekeeper;
  readonly #system: System;
  readonly #pending = new Map<AnyActorRef, Set<Pending>>();
  #order = 0;

  /** Takes the scheduler's place. To be called before the system's root starts. */
  static install(system: System, time: Timekeeper): AgentTimers {
    const timers = new AgentTimers(system, time);
    system.scheduler = timers;
    return timers;
  }

  /** Those of this system. Throws when they were not installed. */
  static in({ scheduler }: System): AgentTimers {
    if (scheduler instanceof AgentTimers) return scheduler;
    throw new Error('This actor system has a scheduler of its own: AgentTimers.install comes first.');
  }

  private constructor(system: System, time: Timekeeper) {
    this.#system = system;
    this.#time = time;
  }

  /** What `source` has sent and what has not arrived yet, in the order of sending. */
  of(source: AnyActorRef): Iterable<PendingEvent> {
    return this.#pending.get(source) ?? [];
  }

  schedule(
    source: AnyActorRef,
    target: AnyActorRef,
    event: EventObject,
    delay: number,
    id: string = Math.random().toString(36).slice(2),
  ): void {
    this.resume({ source, target, event, id, dueAt: this.#time.now() + Math.max(0, delay || 0) });
  }

  /** Sends `event` once its deadline has come: in the next turn of the clock when it has passed already. */
  resume(event: DelayedEvent): void {
    const pending: Pending = { ...event, order: this.#order++, timer: undefined };
    const siblings = this.#pending.get(event.source);
    if (siblings) siblings.add(pending);
    else this.#pending.set(event.source, new Set([pending]));
    this.#wait(pending);
  }

  /** Events of one actor may share an id; then all of them are taken back. */
  cancel(source: AnyActorRef, id: string): void {
    for (const pending of this.#pending.get(source) ?? []) if (pending.id === id) this.#forget(pending);
  }

  cancelAll(source: AnyActorRef): void {
    for (const pending of this.#pending.get(source) ?? []) this.#forget(pending);
  }

  #wait(pending: Pending): void {
    const left = Math.max(0, pending.dueAt - this.#time.now());
    if (left === Number.POSITIVE_INFINITY) return;
    const step = Math.min(left, MAX_TIMER_MS);
    pending.timer = this.#time.setTimeout(() => {
      pending.timer = undefined;
      // A timer may be a little early by the clock; only one that was a step on the way is set again.
      if (step < left && this.#time.now() < pending.dueAt) this.#wait(pending);
      else this.#send(pending);
    }, step);
  }

  #send(pending: Pending): void {
    this.#forget(pending);
    // Internal to XState and absent from its types: unlike `send`, it tells an inspector who the sender is.
    const system = this.#system as System & {
      _relay(source: AnyActorRef, target: AnyActorRef, event: EventObject): void;
    };
    system._relay(pending.source, pending.target, pending.event);
  }

  #forget(pending: Pending): void {
    const siblings = this.#pending.get(pending.source);
    siblings?.delete(pending);
    if (siblings?.size === 0) this.#pending.delete(pending.source);
    if (pending.timer) this.#time.clearTimeout(pending.timer);
    pending.timer = undefined;
  }
}
