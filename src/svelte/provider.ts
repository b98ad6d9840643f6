import { getContext, setContext } from 'svelte';
import type { InitialData } from '../bindings/index.ts';
import type { SessionClient } from '../client.ts';
import { SessionError } from '../errors.ts';

/** A value, or a function that reads one: `() => props.id`. What such a function reads is followed. */
export type MaybeGetter<T> = T | (() => T);

export interface ProvideOptions {
  /** What the server rendered from, so that the first render in the page shows the same. */
  initialData?: InitialData | undefined;
}

/** Of every function that looks or acts. */
export interface ClientOptions {
  /** In place of the one that is set above: where nothing is, as in a module outside of components. */
  client?: MaybeGetter<SessionClient> | undefined;
}

export interface Provided {
  readonly client: () => SessionClient;
  /** What was handed with the client, as long as that is the one. */
  readonly initialData: () => InitialData | undefined;
}

const KEY = Symbol('chartroom');

/** Gives this component and those inside it a client: a manager, or any other. It is the caller's to close. */
export function setSessionClient(
  client: MaybeGetter<SessionClient>,
  { initialData }: ProvideOptions = {},
): void {
  const first = toValue(client);
  const present = () => toValue(client);
  const provided: Provided = {
    client: present,
    initialData: () => (present() === first ? initialData : undefined),
  };
  setContext(KEY, provided);
}

/** The client that is set above. Name the events of your agent, if it has one: `getSessionClient<LibrarianEvent>()`. */
export function getSessionClient<TAgentEvent = never>(): SessionClient<TAgentEvent> {
  return provided().client() as SessionClient<TAgentEvent>;
}

export function provided({ client }: ClientOptions = {}): Provided {
  if (client !== undefined) return { client: () => toValue(client), initialData: () => undefined };
  const given = context();
  if (given) return given;
  throw new SessionError(
    'INVALID_ARGUMENT',
    'No client is set here; call setSessionClient(client) in a component above, while it initializes.',
  );
}

function context(): Provided | undefined {
  try {
    return getContext<Provided | undefined>(KEY);
  } catch {
    // Outside of components there is none.
    return undefined;
  }
}

export function toValue<T>(given: MaybeGetter<T>): T {
  return typeof given === 'function' ? (given as () => T)() : given;
}
