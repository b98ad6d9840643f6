import type { Guard } from '../guard.ts';
import type { Fact } from '../session/facts.ts';
import { toEvent } from './face.ts';
import type { PublishedEvent, SessionEvent } from './types.ts';

export type AnyListener = (event: SessionEvent) => unknown;

/** One listener on one topic. `order` counts subscriptions over all topics. */
export interface Subscription {
  readonly listener: AnyListener;
  readonly order: number;
  readonly types: ReadonlySet<string> | undefined;
  /** Events up to this `seq` were had already, or are being replayed. */
  after: number;
  /** False once unsubscribed: even within the delivery of an event, it is not called again. */
  live: boolean;
  /** Lets go of the subscriber's signal. */
  release: (() => void) | undefined;
}

/** A list that is replaced on change, so that a delivery in progress keeps the list it began with. */
class Topic {
  list: readonly Subscription[] = [];

  find(listener: AnyListener): Subscription | undefined {
    return this.list.find((each) => each.listener === listener);
  }
}

/**
 * Hands each event to the listeners of all sessions and of its own session, in the order in which they
 * subscribed. A listener that throws stops nobody. The journal publishes one event at a time, so that nested
 * calls come after; a topic exists only while somebody listens.
 */
export class Bus {
  readonly #guard: Guard;
  readonly #everything = new Topic();
  readonly #sessions = new Map<string, Topic>();
  #order = 0;
  #count = 0;

  constructor(guard: Guard) {
    this.#guard = guard;
  }

  get listeners(): number {
    return this.#count;
  }

  get topics(): number {
    return this.#sessions.size;
  }

  /** Like `EventTarget`: a listener that is on the topic already is not added again. */
  subscribe(
    sessionId: string | undefined,
    listener: AnyListener,
    types: ReadonlySet<string> | undefined,
  ): { subscription: Subscription; added: boolean } {
    const topic = this.#topic(sessionId);
    const existing = topic.find(listener);
    if (existing) return { subscription: existing, added: false };
    const subscription: Subscription = {
      listener,
      order: this.#order++,
      types,
      after: -1,
      live: true,
      release: undefined,
    };
    topic.list = [...topic.list, subscription];
    this.#count += 1;
    return { subscription, added: true };
  }

  unsubscribe(sessionId: string | undefined, subscription: Subscription): void {
    if (!subscription.live) return;
    drop(subscription);
    this.#count -= 1;
    const topic = this.#topic(sessionId);
    topic.list = topic.list.filter((each) => each !== subscription);
    if (sessionId !== undefined && topic.list.length === 0) this.#sessions.delete(sessionId);
  }

  /** Nobody pays for an event that nobody hears: it is made for the first listener. */
  publish(fact: Fact): void {
    const all = this.#everything.list;
    const own = this.#sessions.get(fact.sessionId)?.list;
    if (all.length === 0 && !own) return;
    const event = toEvent(fact);
    if (!own) for (const subscription of all) this.#deliver(subscription, event);
    else if (all.length === 0) for (const subscription of own) this.#deliver(subscription, event);
    else for (const subscription of merge(all, own)) this.#deliver(subscription, event);
  }

  /** Everybody, in the order in which they subscribed. */
  all(): Subscription[] {
    const lists = [this.#everything, ...this.#sessions.values()].map(({ list }) => list);
    return lists.flat().sort((a, b) => a.order - b.order);
  }

  clear(): void {
    for (const { list } of [this.#everything, ...this.#sessions.values()])
      for (const subscription of list) drop(subscription);
    this.#everything.list = [];
    this.#sessions.clear();
    this.#count = 0;
  }

  #deliver(subscription: Subscription, event: PublishedEvent): void {
    if (!subscription.live || event.seq <= subscription.after) return;
    if (subscription.types && !subscription.types.has(event.type)) return;
    this.#guard.notify('a listener', subscription.listener, event);
  }

  #topic(sessionId: string | undefined): Topic {
    if (sessionId === undefined) return this.#everything;
    let topic = this.#sessions.get(sessionId);
    if (!topic) {
      topic = new Topic();
      this.#sessions.set(sessionId, topic);
    }
    return topic;
  }
}

function drop(subscription: Subscription): void {
  subscription.live = false;
  subscription.release?.();
}

function merge(left: readonly Subscription[], right: readonly Subscription[]): Subscription[] {
  const merged: Subscription[] = [];
  let l = 0;
  let r = 0;
  for (;;) {
    const a = left[l];
    const b = right[r];
    if (a && (!b || a.order < b.order)) {
      merged.push(a);
      l += 1;
    } else if (b) {
      merged.push(b);
      r += 1;
    } else return merged;
  }
}
