import { createMemo, untrack } from 'solid-js';
import {
  type ActionState,
  actionsOf,
  type ClientCalls,
  callsOf,
  type SessionCalls,
} from '../bindings/index.ts';
import type { SessionClient } from '../client.ts';
import { follow, getters } from './follow.ts';
import { type ClientOptions, type MaybeAccessor, toValue, useProvided } from './provider.ts';

/** Calls that return their promises, and how the latest is doing. The functions stay the same. */
export type ClientActions<TAgentEvent = never> = ClientCalls<TAgentEvent> & ActionState;
export type SessionActions<TAgentEvent = never> = SessionCalls<TAgentEvent> & ActionState;

/**
 * What can be asked of a session: `send`, `dispatch`, `terminate`, `kill`, …, and without an id what needs none:
 * `create`, `getOrCreate`, `restore`, … `pending` and `error` are of this component's latest call; the promise that a
 * call returns may be ignored. While an accessor has no id, calls on a session reject `INVALID_SESSION_ID`. Name the
 * events of your agent: `useSessionActions<LibrarianEvent>(id)`.
 */
export function useSessionActions<TAgentEvent = never>(
  id: MaybeAccessor<string | undefined>,
  options?: ClientOptions,
): SessionActions<TAgentEvent>;
export function useSessionActions<TAgentEvent = never>(
  id?: undefined,
  options?: ClientOptions,
): ClientActions<TAgentEvent>;
export function useSessionActions<TAgentEvent = never>(
  id?: MaybeAccessor<string | undefined>,
  options?: ClientOptions,
): ClientActions<TAgentEvent> {
  const { client } = useProvided(options);
  const actions = createMemo(() => {
    const of = client() as SessionClient<TAgentEvent>;
    return id === undefined ? actionsOf(of) : actionsOf(of, toValue(id) ?? '');
  });
  const present = () => untrack(actions);
  const view = follow(() => actions().state);
  const calls = callsOf(present().calls, present);
  return getters<ClientActions<TAgentEvent>>(
    { ...calls },
    ['pending', 'error', 'action'],
    (name) => view()[name as keyof ActionState],
  );
}
