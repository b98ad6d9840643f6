import { type ComputedRef, computed, type MaybeRefOrGetter, toValue } from 'vue';
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
import { followLoading } from './follow.ts';
import { type ClientOptions, useProvided } from './provider.ts';

/** The parts of a view as refs, each of which changes only when its part does. */
export type ViewRefs<V> = { readonly [K in keyof V]: ComputedRef<V[K]> } & {
  /**
   * Resolves once it is no longer `loading`: await it in an async setup, inside a `<Suspense>`; or hand it to
   * `onServerPrefetch`, to have a server wait.
   */
  readonly load: () => Promise<void>;
};

/** `status` is `loading`, `ready` or `error`. */
export type SessionsRefs = ViewRefs<Pick<SessionsView, keyof SessionsView>>;
export type SessionRefs = ViewRefs<Pick<SessionView, keyof SessionView>>;
export type ConversationRefs = ViewRefs<Pick<ConversationView, keyof ConversationView>>;

/** `create`: have the session made on mount, unless it is there. Siblings make one. */
export interface UseSessionOptions extends ClientOptions, SessionWatchOptions {}

/** The sessions that match `filter`, in creation order, kept current. */
export function useSessions(
  filter?: MaybeRefOrGetter<ListFilter | undefined>,
  options?: ClientOptions,
): SessionsRefs {
  const { client, initialData } = useProvided(options);
  return refsOf(['status', 'sessions', 'error'], () =>
    watchSessions(client(), toValue(filter), initialData()),
  );
}

/** One session's info record, kept current. Without an id it stays `loading`. */
export function useSession(
  id: MaybeRefOrGetter<string | undefined>,
  options: UseSessionOptions = {},
): SessionRefs {
  const { client, initialData } = useProvided(options);
  const { create = false } = options;
  return refsOf(['status', 'info', 'error'], () =>
    watchSession(client(), toValue(id), { create }, initialData()),
  );
}

/** One session's messages, and the answers that are being told. Without an id it stays `loading`. */
export function useConversation(
  id: MaybeRefOrGetter<string | undefined>,
  options?: ClientOptions,
): ConversationRefs {
  const { client, initialData } = useProvided(options);
  return refsOf(['status', 'messages', 'streaming', 'error'], () =>
    watchConversation(client(), toValue(id), initialData()),
  );
}

function refsOf<V extends object>(names: readonly (keyof V)[], make: () => LoadingWatch<V>) {
  const { view, load } = followLoading(make);
  const refs = names.map((name) => [name, computed(() => view.value[name])]);
  return { ...Object.fromEntries(refs), load };
}
