import type { AnyActorRef } from 'xstate';
import { treeOf } from './agent-tree.ts';

/**
 * Says when an agent may have changed: it, or an actor below it, has started or has taken an event. That its snapshot
 * is the same object as before says nothing, because an event can also send a delayed one or change a context in place.
 */
export class AgentWatch {
  readonly #agent: AnyActorRef;
  readonly #changed: () => void;
  readonly #watched = new WeakSet<AnyActorRef>();

  /** To be made before the agent starts: that is its first change. */
  constructor(agent: AnyActorRef, changed: () => void) {
    this.#agent = agent;
    this.#changed = changed;
    this.#watch(agent);
  }

  /** Watches the actors that came with the last change. To be called after each, within its turn of the event loop. */
  look(): void {
    for (const actor of treeOf(this.#agent).keys()) this.#watch(actor);
  }

  #watch(actor: AnyActorRef): void {
    if (this.#watched.has(actor)) return;
    this.#watched.add(actor);
    // An observer without `error` would have XState throw what the actor failed with; its parent hears of that.
    actor.subscribe({ next: this.#changed, error: () => {} });
  }
}
