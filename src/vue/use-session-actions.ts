import { type ComputedRef, computed, type MaybeRefOrGetter, toValue } from 'vue';
import {
  type ActionState,
  actionsOf,
  type ClientCalls,
  callsOf,
  type SessionCalls,
} from '../bindings/index.ts';
import type { SessionClient } from '../client.ts';
import { follow } from './follow.ts';
import { type ClientOptions, useProvided } from './provider.ts';

type ActionRefs = { readonly [K in keyof ActionState]: ComputedRef<ActionState[K]> };

/** Calls that return their promises, and refs of how the latest is doing. */
export type ClientActions<TAgentEvent = never> = ClientCalls<TAgentEvent> & ActionRefs;
export type SessionActions<TAgentEvent = never> = SessionCalls<TAgentEvent> & ActionRefs;

/**
 * What can be asked of a session: `send`, `dispatch`, `terminate`, `kill`, …, and without an id what needs none:
 * `create`, `getOrCreate`, `restore`, … `pending` and `error` are of this component's latest call; the promise that a
 * call returns may be ignored. While a ref has no id, calls on a session reject `INVALID_SESSION_ID`. Name the events
 * of your agent: `useSessionActions<LibrarianEvent>(id)`.
 */
export function useSessionActions<TAgentEvent = never>(
  id: MaybeRefOrGetter<string | undefined>,
  options?: ClientOptions,
): SessionActions<TAgentEvent>;
export function useSessionActions<TAgentEvent = never>(
  id?: undefined,
  options?: ClientOptions,
): ClientActions<TAgentEvent>;
export function useSessionActions<TAgentEvent = never>(
  id?: MaybeRefOrGetter<string | undefined>,
  options?: ClientOptions,
): ClientActions<TAgentEvent> {
  const { client } = useProvided(options);
  const actions = computed(() => {
    const of = client() as SessionClient<TAgentEvent>;
    return id === undefined ? actionsOf(of) : actionsOf(of, toValue(id) ?? '');
  });
  const { view } = follow(() => actions.value.state);
  return {
    ...callsOf(actions.value.calls, () => actions.value),
    pending: computed(() => view.value.pending),
    error: computed(() => view.value.error),
    action: computed(() => view.value.action),
  };
}
