import { createSubscriber } from 'svelte/reactivity';
import type { Value } from '../shared/value.ts';

/** Read as `current`, it is followed by whatever reads it. */
export function useValue<T>({ get, subscribe }: Value<T>): { readonly current: T } {
  const track = createSubscriber((update) => subscribe(update));
  return {
    get current() {
      track();
      return get();
    },
  };
}
