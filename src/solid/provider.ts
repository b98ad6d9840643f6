import { type Accessor, createComponent, createContext, type JSX, untrack, useContext } from 'solid-js';
import type { InitialData } from '../bindings/index.ts';
import type { SessionClient } from '../client.ts';
import { SessionError } from '../errors.ts';

/** A value, or an accessor of one: `() => props.id`. What it reads is followed. */
export type MaybeAccessor<T> = T | Accessor<T>;

export interface SessionProviderProps {
  /** A manager, or any other client. It is the caller's to close. */
  client: SessionClient;
  /** What the server rendered from, so that the first rendering in the page shows the same. Read once, for this client. */
  initialData?: InitialData | undefined;
  children?: JSX.Element;
}

/** Of everything that looks or acts. */
export interface ClientOptions {
  /** In place of the provider's: where there is none, as in a root outside of components. */
  client?: MaybeAccessor<SessionClient> | undefined;
}

export interface Provided {
  readonly client: Accessor<SessionClient>;
  /** What was handed with the client, as long as that is the one. */
  readonly initialData: () => InitialData | undefined;
}

const Context = createContext<Provided>();

/** Gives the components inside it a client to look at and to call. */
export function SessionProvider(props: SessionProviderProps): JSX.Element {
  const first = untrack(() => ({ client: props.client, data: props.initialData }));
  const client = () => props.client;
  const initialData = () => (client() === first.client ? first.data : undefined);
  return createComponent(Context.Provider, {
    value: { client, initialData },
    get children() {
      return props.children;
    },
  });
}

/** The client of the provider. Name the events of your agent, if it has one: `useSessionClient<LibrarianEvent>()`. */
export function useSessionClient<TAgentEvent = never>(): SessionClient<TAgentEvent> {
  return untrack(useProvided().client) as SessionClient<TAgentEvent>;
}

export function useProvided({ client }: ClientOptions = {}): Provided {
  if (client !== undefined) return { client: () => toValue(client), initialData: () => undefined };
  const provided = useContext(Context);
  if (provided) return provided;
  throw new SessionError(
    'INVALID_ARGUMENT',
    'No <SessionProvider client={…}> is above this component; put one around your app.',
  );
}

export function toValue<T>(given: MaybeAccessor<T>): T {
  return typeof given === 'function' ? (given as Accessor<T>)() : given;
}
