import { useMemo } from 'react';
import {
  type ConversationView,
  filterKey,
  type SessionsView,
  type SessionView,
  type SessionWatchOptions,
  watchConversation,
  watchSession,
  watchSessions,
} from '../bindings/index.ts';
import type { ListFilter } from '../client.ts';
import { useProvided } from './provider.ts';
import { type Read, type ReadOptions, useWatch } from './use-watch.ts';

/** `create`: have the session made on mount, unless it is there. StrictMode and siblings make one. Read on mount. */
export interface UseSessionOptions extends ReadOptions, SessionWatchOptions {}

/** The sessions that match `filter`, in creation order, kept current. The filter may be written inline. */
export function useSessions<const O extends ReadOptions = ReadOptions>(
  filter?: ListFilter,
  options?: O,
): Read<SessionsView, O> {
  const { client, initialData } = useProvided();
  const key = filterKey(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what the filter says.
  const watch = useMemo(() => watchSessions(client, filter, initialData), [client, key, initialData]);
  return useWatch<SessionsView, O>(watch, options ?? {});
}

/** One session's info record, kept current. Without an id it stays `loading`. */
export function useSession<const O extends UseSessionOptions = UseSessionOptions>(
  id: string | undefined,
  options?: O,
): Read<SessionView, O> {
  const { client, initialData } = useProvided();
  const { create = false, ...how } = options ?? {};
  const isMade = create !== false;
  // biome-ignore lint/correctness/useExhaustiveDependencies: how it is made is read on mount.
  const watch = useMemo(
    () => watchSession(client, id, { create }, initialData),
    [client, id, isMade, initialData],
  );
  return useWatch<SessionView, O>(watch, how);
}

/** One session's messages, and the answers that are being told. Without an id it stays `loading`. */
export function useConversation<const O extends ReadOptions = ReadOptions>(
  id: string | undefined,
  options?: O,
): Read<ConversationView, O> {
  const { client, initialData } = useProvided();
  const watch = useMemo(() => watchConversation(client, id, initialData), [client, id, initialData]);
  return useWatch<ConversationView, O>(watch, options ?? {});
}
