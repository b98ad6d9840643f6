import type { ListFilter } from '../client.ts';
import { filtered } from './filter.ts';
import {
  CONVERSATION_LOADING,
  type ConversationView,
  type InitialData,
  SESSION_LOADING,
  SESSIONS_LOADING,
  type SessionsView,
  type SessionView,
  view,
} from './views.ts';

/** What is shown before the client has answered: what the page was handed, or `loading`. */

export function initialSessions(data: InitialData | undefined, filter: ListFilter | undefined): SessionsView {
  if (!data?.sessions) return SESSIONS_LOADING;
  return view({ status: 'ready', sessions: view(filtered(data.sessions, filter)), error: undefined });
}

export function initialSession(data: InitialData | undefined, id: string): SessionView {
  const info = snapshotOf(data, id)?.info ?? data?.sessions?.find((each) => each.id === id);
  return info ? view({ status: 'ready', info, error: undefined }) : SESSION_LOADING;
}

export function initialConversation(data: InitialData | undefined, id: string): ConversationView {
  const snapshot = snapshotOf(data, id);
  if (!snapshot) return CONVERSATION_LOADING;
  const { messages } = snapshot;
  return view({ status: 'ready', messages, streaming: CONVERSATION_LOADING.streaming, error: undefined });
}

function snapshotOf(data: InitialData | undefined, id: string) {
  return data?.snapshots?.find(({ info }) => info.id === id);
}

/** Whether what a page was handed is of the past: its client has answered since, even if nobody looks any more. */
export interface Handed<V> {
  /** What is shown then. */
  readonly loading: V;
  isPast(): boolean;
  setPast(): void;
}

const past = new WeakMap<InitialData, Set<string>>();

export function handed<V>(data: InitialData | undefined, thing: string, loading: V): Handed<V> | undefined {
  if (!data) return undefined;
  const things = past.get(data) ?? new Set();
  past.set(data, things);
  return { loading, isPast: () => things.has(thing), setPast: () => void things.add(thing) };
}
