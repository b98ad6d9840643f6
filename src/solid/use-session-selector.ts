import { type Accessor, createMemo } from 'solid-js';
import { type IsEqual, type SessionState, watchState } from '../bindings/index.ts';
import { follow } from './follow.ts';
import { type ClientOptions, type MaybeAccessor, toValue, useProvided } from './provider.ts';

/**
 * What `selector` makes of everything about a session, and of the signals that it reads: another value only when
 * `isEqual` (default `Object.is`) says so. Only what the selector reads is asked of the client.
 */
export function useSessionSelector<T>(
  id: MaybeAccessor<string | undefined>,
  selector: (state: SessionState) => T,
  isEqual: IsEqual<T> = Object.is,
  options?: ClientOptions,
): Accessor<T> {
  const { client, initialData } = useProvided(options);
  const watch = createMemo(() => watchState(client(), toValue(id), initialData()));
  const view = follow(watch);
  return createMemo(() => selector(view()), undefined, { equals: isEqual });
}
