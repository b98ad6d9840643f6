import type { CreateSessionOptions, ListFilter, SessionClient } from '../client.ts';
import type { Cell, Status } from './cell.ts';
import { copyOf, filterKey } from './filter.ts';
import { hubOf } from './hub.ts';
import { type Handed, handed, initialConversation, initialSession, initialSessions } from './initial.ts';
import {
  CONVERSATION_LOADING,
  type ConversationView,
  type InitialData,
  SESSION_LOADING,
  SESSIONS_LOADING,
  type SessionsView,
  type SessionView,
} from './views.ts';
import type { LoadingWatch } from './watch.ts';

/**
 * Watches hold nothing: making one costs nothing and keeps nothing alive. What they show is shared by all watches
 * of the same client and the same thing, and is there while somebody is subscribed to one of them.
 */

/** The sessions that match `filter`, in creation order. */
export function watchSessions(
  client: SessionClient,
  filter?: ListFilter,
  initial?: InitialData,
): LoadingWatch<SessionsView> {
  const hub = hubOf(client);
  const key = filterKey(filter);
  const own = copyOf(filter);
  return watchOf(
    () => hub.list(key)?.cell,
    () => hub.listOf(key, own).cell,
    initialSessions(initial, filter),
    handed(initial, `sessions ${key}`, SESSIONS_LOADING),
  );
}

export interface SessionWatchOptions {
  /** Have the session made, unless it is there, whenever somebody subscribes. */
  create?: Omit<CreateSessionOptions, 'id'> | boolean | undefined;
}

/** One session's info record. Without an id it stays `loading`. */
export function watchSession(
  client: SessionClient,
  id: string | undefined,
  { create = false }: SessionWatchOptions = {},
  initial?: InitialData,
): LoadingWatch<SessionView> {
  if (id === undefined) return nothing(SESSION_LOADING);
  const hub = hubOf(client);
  const begin = () => {
    const feed = hub.feedOf(id);
    if (create !== false) feed.create(create === true ? {} : create);
    return feed.info;
  };
  return watchOf(
    () => hub.feed(id)?.info,
    begin,
    initialSession(initial, id),
    handed(initial, `session ${id}`, SESSION_LOADING),
  );
}

/** One session's conversation, and the answers that are being told. Without an id it stays `loading`. */
export function watchConversation(
  client: SessionClient,
  id: string | undefined,
  initial?: InitialData,
): LoadingWatch<ConversationView> {
  if (id === undefined) return nothing(CONVERSATION_LOADING);
  const hub = hubOf(client);
  return watchOf(
    () => hub.feed(id)?.conversation,
    () => hub.feedOf(id).conversation,
    initialConversation(initial, id),
    handed(initial, `conversation ${id}`, CONVERSATION_LOADING),
  );
}

/**
 * A watch over a cell that is there only while somebody looks. `begin` finds or makes it. A `fallback` that was handed
 * is shown until the client has answered once.
 */
export function watchOf<V extends Status>(
  find: () => Cell<V> | undefined,
  begin: () => Cell<V>,
  fallback: V,
  handed?: Handed<V>,
): LoadingWatch<V> {
  return {
    fallback,
    get() {
      const view = find()?.get();
      if (!view || view.status === 'loading') return handed?.isPast() ? handed.loading : fallback;
      if (fallback.status !== 'loading') handed?.setPast();
      return view;
    },
    subscribe: (onChange) => begin().subscribe(onChange),
    load: () => begin().load(),
    retry: () => find()?.retry(),
  };
}

export function nothing<V>(fallback: V): LoadingWatch<V> {
  // One for all would keep all that ever waited for it.
  let never: Promise<never> | undefined;
  const load = () => {
    never ??= new Promise(() => {});
    return never;
  };
  return { fallback, get: () => fallback, subscribe: () => () => {}, load, retry: () => {} };
}
