import { onMount } from 'svelte';
import { toStore } from 'svelte/store';
import {
  type ConversationView,
  filterKey,
  type LoadingWatch,
  type SessionsView,
  type SessionView,
  type SessionWatchOptions,
  watchConversation,
  watchSession,
  watchSessions,
} from '../bindings/index.ts';
import type { ListFilter } from '../client.ts';
import { follow, getters, remember } from './follow.ts';
import { type ClientOptions, type MaybeGetter, provided, toValue } from './provider.ts';

/** A view whose properties are read where they are needed: a template, a `$derived`, an `$effect`. */
export type Live<V> = V & {
  /** Resolves once it is no longer `loading`. */
  readonly load: () => Promise<void>;
};

/** `create`: have the session made on mount, unless it is there. Siblings make one. */
export interface UseSessionOptions extends ClientOptions, SessionWatchOptions {}

/** The sessions that match `filter`, in creation order, kept current. */
export function useSessions(
  filter?: MaybeGetter<ListFilter | undefined>,
  options?: ClientOptions,
): Live<SessionsView> {
  const { client, initialData } = provided(options);
  return live(
    ['status', 'sessions', 'error'],
    () => [client(), filterKey(toValue(filter))],
    () => watchSessions(client(), toValue(filter), initialData()),
  );
}

/** One session's info record, kept current. Without an id it stays `loading`. */
export function useSession(
  id: MaybeGetter<string | undefined>,
  options: UseSessionOptions = {},
): Live<SessionView> {
  const { client, initialData } = provided(options);
  const { create = false } = options;
  const session = live<SessionView>(
    ['status', 'info', 'error'],
    () => [client(), toValue(id)],
    () => watchSession(client(), toValue(id), { create }, initialData()),
  );
  // It is to be made, whether anything of it is shown or not.
  if (create !== false && !options.client) onMount(() => toStore(() => session.status).subscribe(() => {}));
  return session;
}

/** One session's messages, and the answers that are being told. Without an id it stays `loading`. */
export function useConversation(
  id: MaybeGetter<string | undefined>,
  options?: ClientOptions,
): Live<ConversationView> {
  const { client, initialData } = provided(options);
  return live(
    ['status', 'messages', 'streaming', 'error'],
    () => [client(), toValue(id)],
    () => watchConversation(client(), toValue(id), initialData()),
  );
}

function live<V extends object>(
  names: readonly (keyof V)[],
  key: () => readonly unknown[],
  make: () => LoadingWatch<V>,
): Live<V> {
  const present = remember(key, () => {
    const watch = make();
    const parts = new Map(names.map((name) => [name, follow(watch, (view) => view[name])]));
    return { watch, parts };
  });
  const load = () => present().watch.load();
  return getters<Live<V>>({ load }, names, (name) => present().parts.get(name as keyof V)?.());
}
