import type { Unsubscribe } from '../../client.ts';
import type { SessionError } from '../../errors.ts';

/** What becomes of what is written now, for a page to show; `reason` tells a person what to do. */
export type StoreState =
  /** Nobody has opened it, or the last owner has given it back. */
  | { readonly is: 'closed' }
  | { readonly is: 'opening' }
  /** Another tab holds it open in an older format; it opens when that tab is closed or reloaded. */
  | { readonly is: 'blocked' }
  /** What was acknowledged outlives the page, the tab and the browser. */
  | { readonly is: 'durable' }
  /** Durable, but the newest write was refused for want of room; the next one that works makes it `durable` again. */
  | { readonly is: 'full'; readonly reason: SessionError }
  /** Sessions go on in memory alone, and end with the page. */
  | { readonly is: 'memory'; readonly reason: SessionError }
  /** The database was taken away: every call rejects `reason` until the page is loaded again. */
  | { readonly is: 'lost'; readonly reason: SessionError }
  /** It did not open, and memory would not have been right: `STORE_LOCKED`, `STORE_VERSION`, `STORE_CORRUPT`… */
  | { readonly is: 'refused'; readonly reason: SessionError };

export type StoreStateListener = (state: StoreState) => void;

export const CLOSED: StoreState = Object.freeze({ is: 'closed' });
export const OPENING: StoreState = Object.freeze({ is: 'opening' });
export const BLOCKED: StoreState = Object.freeze({ is: 'blocked' });
export const DURABLE: StoreState = Object.freeze({ is: 'durable' });

/** The state of a store, and who is told of it: the same object until it changes. */
export class StateTopic {
  readonly #subscriptions = new Set<{ readonly listener: StoreStateListener }>();
  #state = CLOSED;
  /** What is still to be told: a listener may bring about the next before all have heard of this one. */
  readonly #news: StoreState[] = [];
  #telling = false;

  get state(): StoreState {
    return this.#state;
  }

  /** Somebody is told. */
  get isHeard(): boolean {
    return this.#subscriptions.size > 0;
  }

  subscribe(listener: StoreStateListener): Unsubscribe {
    const subscription = { listener };
    this.#subscriptions.add(subscription);
    return () => void this.#subscriptions.delete(subscription);
  }

  /** All listeners run; what one throws is reported as an uncaught error, and affects nobody. */
  announce(state: StoreState): void {
    if (state === this.#state) return;
    this.#state = Object.freeze(state);
    this.#news.push(state);
    if (this.#telling) return;
    this.#telling = true;
    for (let next = this.#news.shift(); next; next = this.#news.shift()) this.#tell(next);
    this.#telling = false;
  }

  #tell(state: StoreState): void {
    for (const subscription of [...this.#subscriptions])
      try {
        if (this.#subscriptions.has(subscription)) subscription.listener(state);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
  }
}
