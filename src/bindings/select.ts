import type { Watch } from './watch.ts';

export type IsEqual<T> = (a: T, b: T) => boolean;

/**
 * What `selector` makes of a view: the same value as before while `isEqual` says so. Listeners are called only when
 * it is another. A selector that throws throws out of `get`, and its listeners are called to see that.
 */
export function select<V, T>(
  watch: Watch<V>,
  selector: (view: V) => T,
  isEqual: IsEqual<T> = Object.is,
): Watch<T> {
  let selected: { readonly from: V; readonly value: T } | undefined;
  const get = () => {
    const from = watch.get();
    if (selected && Object.is(selected.from, from)) return selected.value;
    const value = selector(from);
    selected = { from, value: selected && isEqual(selected.value, value) ? selected.value : value };
    return selected.value;
  };
  return {
    get,
    subscribe(onChange) {
      let known = attempt(get);
      return watch.subscribe(() => {
        const now = attempt(get);
        const isSame = known && now && Object.is(known.value, now.value);
        known = now;
        if (!isSame) onChange();
      });
    },
  };
}

function attempt<T>(get: () => T): { readonly value: T } | undefined {
  try {
    return { value: get() };
  } catch {
    return undefined;
  }
}
