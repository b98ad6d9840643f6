import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import type { Watch } from '../bindings/index.ts';

/** What a watch shows, kept current from when its owner is on the page until it is disposed. A server looks once. */
export function follow<V>(watch: Accessor<Watch<V>>): Accessor<V> {
  const [changed, refresh] = createSignal(undefined, { equals: false });
  const view = createMemo(() => {
    changed();
    return watch().get();
  });
  createEffect(() => {
    onCleanup(watch().subscribe(refresh));
    // It may have changed since it was shown, when nobody listened.
    refresh();
  });
  return view;
}

/** An object with a getter for each name, each of which is another only when what it reads is. */
export function getters<T extends object>(
  target: object,
  names: readonly (keyof T)[],
  read: (name: keyof T) => unknown,
): T {
  for (const name of names)
    Object.defineProperty(target, name, { enumerable: true, get: createMemo(() => read(name)) });
  return target as T;
}
