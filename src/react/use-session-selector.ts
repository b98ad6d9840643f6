import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { type IsEqual, type SessionState, watchState } from '../bindings/index.ts';
import { useProvided } from './provider.ts';

/**
 * What `selector` makes of everything about a session; the component renders again only when that is another, by
 * `isEqual` (default `Object.is`). Only what the selector reads is asked of the client. It may be written inline.
 */
export function useSessionSelector<T>(
  id: string | undefined,
  selector: (state: SessionState) => T,
  isEqual: IsEqual<T> = Object.is,
): T {
  const { client, initialData } = useProvided();
  const watch = useMemo(() => watchState(client, id, initialData), [client, id, initialData]);
  const committed = useRef<{ readonly value: T } | undefined>(undefined);
  const [get, getServer] = useMemo(() => {
    // What is on the page stays what it is while it is equal, whichever closure selects it.
    const selecting = (getState: () => SessionState) => {
      let selected: { readonly state: SessionState; readonly value: T } | undefined;
      return () => {
        const state = getState();
        if (selected?.state === state) return selected.value;
        const value = selector(state);
        const known = selected ?? committed.current;
        selected = { state, value: known && isEqual(known.value, value) ? known.value : value };
        return selected.value;
      };
    };
    return [selecting(watch.get), selecting(() => watch.fallback)];
  }, [watch, selector, isEqual]);
  const value = useSyncExternalStore(watch.subscribe, get, getServer);
  useEffect(() => {
    committed.current = { value };
  }, [value]);
  return value;
}
