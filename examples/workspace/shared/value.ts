/** A value that can be read and watched: what every framework can be shown. */
export interface Value<T> {
  get(): T;
  /** Calls `listener` after each change, until the function that it gives is called. */
  subscribe(listener: () => void): () => void;
}

export interface Settable<T> extends Value<T> {
  set(next: T): void;
}

export function createValue<T>(initial: T): Settable<T> {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set(next) {
      if (Object.is(next, current)) return;
      current = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      const own = () => listener();
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}
