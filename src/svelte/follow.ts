import { createSubscriber } from 'svelte/reactivity';
import type { IsEqual, Watch } from '../bindings/index.ts';

/**
 * Reads what `selector` makes of a watch. An effect that reads it runs again only when that is another, by `isEqual`;
 * and with the newest of whatever else the selector reads. It is looked at while such an effect lives.
 */
export function follow<V, T>(
  watch: Watch<V>,
  selector: (view: V) => T,
  isEqual: IsEqual<T> = Object.is,
): () => T {
  /** What every effect that reads it has seen last. */
  let shown: { readonly value: T } | undefined;
  const read = () => {
    const value = selector(watch.get());
    if (!shown || !isEqual(shown.value, value)) shown = { value };
    return shown;
  };
  const track = createSubscriber((update) =>
    watch.subscribe(() => {
      const before = shown;
      try {
        if (read() === before) return;
      } catch {
        // Whoever reads it is to see that.
      }
      update();
    }),
  );
  return () => {
    track();
    return read().value;
  };
}

/** The same until one of the values of the key is another. */
export function remember<T>(key: () => readonly unknown[], make: () => T): () => T {
  let known: { readonly key: readonly unknown[]; readonly value: T } | undefined;
  return () => {
    const now = key();
    if (!known?.key.every((each, n) => Object.is(each, now[n]))) known = { key: now, value: make() };
    return known.value;
  };
}

/** An object with a getter for each name. */
export function getters<T extends object>(
  target: object,
  names: readonly (keyof T)[],
  get: (name: keyof T) => unknown,
): T {
  for (const name of names) Object.defineProperty(target, name, { enumerable: true, get: () => get(name) });
  return target as T;
}
