import type { Unsubscribe } from '../client.ts';
import { nextMacrotask } from '../macrotask.ts';
import { type Changing, changeSoon } from './pace.ts';
import type { LoadingWatch } from './watch.ts';

/** How long a view is held for somebody who began to load it and has not subscribed yet, in milliseconds. */
const HELD_MS = 10_000;
/** The same for one that failed: whoever tries again is to have it asked again. */
const HELD_FAILED_MS = 1000;

export interface Status {
  readonly status: 'loading' | 'ready' | 'error';
}

/** What a cell shows, and what is done for it while somebody looks. */
export interface CellLife<V> {
  /** Returns `previous` when nothing has changed. */
  compute(previous: V): V;
  start(): void;
  stop(): void;
  /** Somebody has come to a view that says `error`. */
  retry(): void;
}

/**
 * One shared view. It is live from its first listener until a turn after its last, so that somebody who leaves and
 * comes back at once (a remount, another key) finds it as it was.
 */
export class Cell<V extends Status> implements Changing, LoadingWatch<V> {
  readonly fallback: V;
  readonly #life: CellLife<V>;
  readonly #listeners = new Set<{ readonly onChange: () => void }>();
  #view: V;
  #live = false;
  #held = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #loaded: PromiseWithResolvers<void> | undefined;

  constructor(fallback: V, life: CellLife<V>) {
    this.fallback = fallback;
    this.#view = fallback;
    this.#life = life;
  }

  get live(): boolean {
    return this.#live;
  }

  get(): V {
    return this.#view;
  }

  subscribe(onChange: () => void): Unsubscribe {
    const listener = { onChange };
    this.#listeners.add(listener);
    if (!this.#live) this.#start();
    else this.retry();
    return () => {
      if (this.#listeners.delete(listener)) this.#leave();
    };
  }

  load(): Promise<void> {
    if (!this.#live) this.#start();
    if (this.#view.status !== 'loading') return Promise.resolve();
    this.#held = true;
    this.#loaded ??= Promise.withResolvers();
    return this.#loaded.promise;
  }

  retry(): void {
    if (this.#live && this.#view.status === 'error') this.#life.retry();
  }

  /** The view may have changed. */
  touch(): void {
    if (this.#live) changeSoon(this);
  }

  commit(): boolean {
    if (!this.#live) return false;
    const previous = this.#view;
    this.#view = this.#life.compute(previous);
    if (this.#loaded && this.#view.status !== 'loading') this.#settle(this.#loaded);
    return this.#view !== previous;
  }

  tell(): void {
    const failures: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      try {
        if (this.#listeners.has(listener)) listener.onChange();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  #start(): void {
    this.#live = true;
    this.#life.start();
  }

  #settle(loaded: PromiseWithResolvers<void>): void {
    this.#loaded = undefined;
    loaded.resolve();
    clearTimeout(this.#timer);
    const ms = this.#view.status === 'error' ? HELD_FAILED_MS : HELD_MS;
    const letGo = () => {
      this.#held = false;
      this.#leave();
    };
    this.#timer = setTimeout(letGo, ms);
    // A server that has rendered may end.
    (this.#timer as { unref?(): void }).unref?.();
  }

  #leave(): void {
    if (!this.#needed)
      nextMacrotask(() => {
        if (this.#needed || !this.#live) return;
        this.#live = false;
        this.#view = this.fallback;
        this.#life.stop();
      });
  }

  get #needed(): boolean {
    return this.#listeners.size > 0 || this.#held;
  }
}
