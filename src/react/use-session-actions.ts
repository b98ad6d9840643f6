import { useMemo, useSyncExternalStore } from 'react';
import { type ActionState, actionsOf, type ClientCalls, type SessionCalls } from '../bindings/index.ts';
import { useSessionClient } from './provider.ts';

/** Calls that return their promises, and how the latest is doing. The functions stay the same. */
export type ClientActions<TAgentEvent = never> = ClientCalls<TAgentEvent> & ActionState;
export type SessionActions<TAgentEvent = never> = SessionCalls<TAgentEvent> & ActionState;

/**
 * What can be asked of a session: `send`, `dispatch`, `terminate`, `kill`, …, and without an id what needs none:
 * `create`, `getOrCreate`, `restore`, … `pending` and `error` are of this component's latest call; the promise that a
 * call returns may be ignored. Name the events of your agent: `useSessionActions<LibrarianEvent>(id)`.
 */
export function useSessionActions<TAgentEvent = never>(id: string): SessionActions<TAgentEvent>;
export function useSessionActions<TAgentEvent = never>(id?: string): ClientActions<TAgentEvent>;
export function useSessionActions<TAgentEvent = never>(id?: string): ClientActions<TAgentEvent> {
  const client = useSessionClient<TAgentEvent>();
  const { calls, state } = useMemo(() => actionsOf(client, id), [client, id]);
  const { pending, error, action } = useSyncExternalStore(state.subscribe, state.get, state.get);
  return useMemo(() => ({ ...calls, pending, error, action }), [calls, pending, error, action]);
}
