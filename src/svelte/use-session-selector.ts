import { type IsEqual, type SessionState, watchState } from '../bindings/index.ts';
import { follow, remember } from './follow.ts';
import { type ClientOptions, type MaybeGetter, provided, toValue } from './provider.ts';

/**
 * What `selector` makes of everything about a session, and of the state that it reads, as `current`: another value
 * only when `isEqual` (default `Object.is`) says so. Only what the selector reads is asked of the client.
 */
export function useSessionSelector<T>(
  id: MaybeGetter<string | undefined>,
  selector: (state: SessionState) => T,
  isEqual?: IsEqual<T>,
  options?: ClientOptions,
): { readonly current: T } {
  const { client, initialData } = provided(options);
  const present = remember(
    () => [client(), toValue(id)],
    () => follow(watchState(client(), toValue(id), initialData()), selector, isEqual),
  );
  return {
    get current() {
      return present()();
    },
  };
}
