import type { Unsubscribe } from '../client.ts';
import type { SessionError } from '../errors.ts';
import type { Guard } from '../guard.ts';
import { nextMacrotask } from '../macrotask.ts';

/** What a tab is to the others. Frozen; the same object until it changes. */
export type TabState =
  /** Nobody owns the sessions yet, or not any more: calls wait. */
  | { readonly is: 'joining' }
  /** The engine runs in this tab. */
  | { readonly is: 'owner' }
  /** It runs in another one. */
  | { readonly is: 'follower' }
  /** It runs in this tab and the others do not know of it: the browser lacks something. */
  | { readonly is: 'alone'; readonly reason: SessionError }
  /** There is no engine that this tab can reach: calls reject with the reason. */
  | { readonly is: 'failed'; readonly reason: SessionError }
  | { readonly is: 'closed' };

/** The present state, and who wants to hear when it changes. */
export class TabStates {
  #state: TabState = Object.freeze({ is: 'joining' });
  readonly #listeners = new Set<() => void>();
  readonly #guard: Guard;

  constructor(guard: Guard) {
    this.#guard = guard;
  }

  get state(): TabState {
    return this.#state;
  }

  /** A closed tab stays closed. */
  set(state: TabState): void {
    const { is } = this.#state;
    if (is === 'closed' || (is === state.is && is !== 'failed')) return;
    this.#state = Object.freeze(state);
    for (const listener of [...this.#listeners])
      this.#guard.notify('a listener of the tab', listener, undefined);
    if ('reason' in state) nextMacrotask(() => this.#warn(state));
  }

  subscribe(listener: () => void): Unsubscribe {
    const own = () => listener();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** By then whoever wants to show it has subscribed. */
  #warn(state: TabState & { readonly reason: SessionError }): void {
    if (this.#listeners.size > 0) return;
    this.#guard.log('warn', `chartroom: this tab is ${state.is}. ${state.reason.message}`);
  }
}
