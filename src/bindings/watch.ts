import type { Unsubscribe } from '../client.ts';

/**
 * Something to look at that changes: what every framework's binding is built on. `get` returns the same reference
 * until the view has changed; listeners are called after that, once for all that one turn or frame brought.
 */
export interface Watch<V> {
  get(): V;
  subscribe(onChange: () => void): Unsubscribe;
}

/** A watch whose view is first asked for. */
export interface LoadingWatch<V> extends Watch<V> {
  /** What is shown until an answer has come: `loading`, or what the page was handed. Always the same reference. */
  readonly fallback: V;
  /**
   * Begins to look, as if somebody had subscribed; resolves once the view is no longer `loading`. The same promise
   * until then. The view is held for somebody to come for a while.
   */
  load(): Promise<void>;
  /** Has a view that says `error` asked for again, for somebody who throws it and therefore never subscribes. */
  retry(): void;
}
