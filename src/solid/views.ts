import { createMemo, createResource } from 'solid-js';
import {
  type ConversationView,
  type LoadingWatch,
  type SessionsView,
  type SessionView,
  type SessionWatchOptions,
  watchConversation,
  watchSession,
  watchSessions,
} from '../bindings/index.ts';
import type { ListFilter } from '../client.ts';
import { follow, getters } from './follow.ts';
import { type ClientOptions, type MaybeAccessor, toValue, useProvided } from './provider.ts';

/** How a view tells that there is nothing to show yet, or that something is wrong. */
export interface ReadOptions extends ClientOptions {
  /** Wait in the nearest `<Suspense>` instead of being `loading`; errors are thrown then, too. */
  suspense?: boolean | undefined;
  /** Throw to the nearest `<ErrorBoundary>` instead of being `error`. Default: as `suspense`. */
  throwOnError?: boolean | undefined;
}

/** `create`: have the session made on mount, unless it is there. Siblings make one. */
export interface UseSessionOptions extends ReadOptions, SessionWatchOptions {}

/** The sessions that match `filter`, in creation order, kept current. */
export function useSessions(
  filter?: MaybeAccessor<ListFilter | undefined>,
  options?: ReadOptions,
): SessionsView {
  const { client, initialData } = useProvided(options);
  const make = () => watchSessions(client(), toValue(filter), initialData());
  return live(['status', 'sessions', 'error'], make, options);
}

/** One session's info record, kept current. Without an id it stays `loading`. */
export function useSession(
  id: MaybeAccessor<string | undefined>,
  options: UseSessionOptions = {},
): SessionView {
  const { client, initialData } = useProvided(options);
  const { create = false } = options;
  const make = () => watchSession(client(), toValue(id), { create }, initialData());
  return live(['status', 'info', 'error'], make, options);
}

/** One session's messages, and the answers that are being told. Without an id it stays `loading`. */
export function useConversation(
  id: MaybeAccessor<string | undefined>,
  options?: ReadOptions,
): ConversationView {
  const { client, initialData } = useProvided(options);
  const make = () => watchConversation(client(), toValue(id), initialData());
  return live(['status', 'messages', 'streaming', 'error'], make, options);
}

function live<V extends { readonly status: string; readonly error: unknown }>(
  names: readonly (keyof V)[],
  make: () => LoadingWatch<V>,
  { suspense = false, throwOnError = suspense }: ReadOptions = {},
): V {
  const watch = createMemo(make);
  const view = follow(watch);
  const loaded = suspense ? createResource(watch, (present) => present.load())[0] : undefined;
  const parts = getters<V>({}, names, (name) => view()[name]);
  return getters<V>({}, names, (name) => {
    if (parts.status === 'loading') loaded?.();
    if (throwOnError && parts.status === 'error') throw parts.error;
    return parts[name];
  });
}
