import { type ComputedRef, computed, type MaybeRefOrGetter, toValue } from 'vue';
import { type IsEqual, type SessionState, watchState } from '../bindings/index.ts';
import { follow } from './follow.ts';
import { type ClientOptions, useProvided } from './provider.ts';

/**
 * What `selector` makes of everything about a session, and of the refs that it reads: another value only when
 * `isEqual` (default `Object.is`) says so. Only what the selector reads is asked of the client.
 */
export function useSessionSelector<T>(
  id: MaybeRefOrGetter<string | undefined>,
  selector: (state: SessionState) => T,
  isEqual: IsEqual<T> = Object.is,
  options?: ClientOptions,
): ComputedRef<T> {
  const { client, initialData } = useProvided(options);
  const { view } = follow(() => watchState(client(), toValue(id), initialData()));
  let selected: { readonly value: T } | undefined;
  return computed(() => {
    const value = selector(view.value);
    if (!selected || !isEqual(selected.value, value)) selected = { value };
    return selected.value;
  });
}
