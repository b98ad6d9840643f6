import { useSyncExternalStore } from 'react';
import type { LoadingWatch } from '../bindings/index.ts';

/** How a hook tells that there is nothing to show yet, or that something is wrong. */
export interface ReadOptions {
  /** Wait in the nearest `<Suspense>` instead of returning `loading`; errors are thrown then, too. */
  suspense?: boolean | undefined;
  /** Throw to the nearest error boundary instead of returning `error`. Default: as `suspense`. */
  throwOnError?: boolean | undefined;
}

/** What a hook with these options can return. */
export type Read<V, O extends ReadOptions> = Exclude<
  V,
  | ([O] extends [{ suspense: true }] ? { readonly status: 'loading' } : never)
  | ([O] extends [{ throwOnError: true } | { suspense: true; throwOnError?: true | undefined }]
      ? { readonly status: 'error' }
      : never)
>;

interface AnyView {
  readonly status: 'loading' | 'ready' | 'error';
  readonly error: Error | undefined;
}

export function useWatch<V extends AnyView, O extends ReadOptions>(
  watch: LoadingWatch<V>,
  { suspense = false, throwOnError = suspense }: ReadOptions,
): Read<V, O> {
  // A server that has waited shows what it has got; otherwise it shows what the page will show first.
  const waits = suspense && watch.fallback.status === 'loading';
  const getServerView = waits ? watch.get : () => watch.fallback;
  const view = useSyncExternalStore(watch.subscribe, watch.get, getServerView);
  if (suspense && view.status === 'loading') throw watch.load();
  if (throwOnError && view.status === 'error') {
    // An error boundary that tries again is to find a newer answer, though others keep this one.
    watch.retry();
    throw view.error;
  }
  return view as Read<V, O>;
}
