import { createContext, createElement, type ReactNode, useContext, useMemo, useState } from 'react';
import type { InitialData } from '../bindings/index.ts';
import type { SessionClient } from '../client.ts';
import { SessionError } from '../errors.ts';

export interface SessionProviderProps {
  /** A manager, or any other client. It is the caller's to close. */
  client: SessionClient;
  /** What the server rendered from, so that the first render in the page shows the same. Read once, for this client. */
  initialData?: InitialData | undefined;
  children?: ReactNode;
}

interface Provided {
  readonly client: SessionClient;
  readonly initialData: InitialData | undefined;
}

const Provided = createContext<Provided | undefined>(undefined);

/** Gives the components inside it a client to look at and to call. */
export function SessionProvider({ client, initialData, children }: SessionProviderProps): ReactNode {
  const [first] = useState({ client, initialData });
  const initial = client === first.client ? first.initialData : undefined;
  const provided = useMemo(() => ({ client, initialData: initial }), [client, initial]);
  return createElement(Provided.Provider, { value: provided }, children);
}

export function useProvided(): Provided {
  const provided = useContext(Provided);
  if (provided) return provided;
  throw new SessionError(
    'INVALID_ARGUMENT',
    'No <SessionProvider client={…}> is above this component; put one around your app.',
  );
}

/** The client of the provider. Name the events of your agent, if it has one: `useSessionClient<LibrarianEvent>()`. */
export function useSessionClient<TAgentEvent = never>(): SessionClient<TAgentEvent> {
  return useProvided().client as SessionClient<TAgentEvent>;
}
