import {
  hasInjectionContext,
  type InjectionKey,
  inject,
  type MaybeRefOrGetter,
  type Plugin,
  provide,
  toRaw,
  toValue,
} from 'vue';
import type { InitialData } from '../bindings/index.ts';
import type { SessionClient } from '../client.ts';
import { SessionError } from '../errors.ts';

export interface ProvideOptions {
  /** What the server rendered from, so that the first render in the page shows the same. */
  initialData?: InitialData | undefined;
}

export interface SessionPluginOptions extends ProvideOptions {
  /** A manager, or any other client. It is the caller's to close. */
  client: MaybeRefOrGetter<SessionClient>;
}

/** Of every composable. */
export interface ClientOptions {
  /** In place of the one that is provided: where nothing is, as in a scope outside of components. */
  client?: MaybeRefOrGetter<SessionClient> | undefined;
}

export interface Provided {
  readonly client: () => SessionClient;
  /** What was handed with the client, as long as that is the one. */
  readonly initialData: () => InitialData | undefined;
}

const KEY: InjectionKey<Provided> = Symbol('chartroom');

/** `app.use(SessionPlugin, { client })` gives every component of the app a client to look at and to call. */
export const SessionPlugin: Plugin<[SessionPluginOptions]> = {
  install(app, { client, initialData }) {
    app.provide(KEY, provided(client, initialData));
  },
};

/** Gives the components inside this one a client: a manager, or any other. It is the caller's to close. */
export function provideSessionClient(
  client: MaybeRefOrGetter<SessionClient>,
  { initialData }: ProvideOptions = {},
): void {
  provide(KEY, provided(client, initialData));
}

/** The client that is provided. Name the events of your agent, if it has one: `useSessionClient<LibrarianEvent>()`. */
export function useSessionClient<TAgentEvent = never>(): SessionClient<TAgentEvent> {
  return useProvided().client() as SessionClient<TAgentEvent>;
}

export function useProvided({ client }: ClientOptions = {}): Provided {
  if (client !== undefined) return provided(client, undefined);
  const given = hasInjectionContext() ? inject(KEY, undefined) : undefined;
  if (given) return given;
  throw new SessionError(
    'INVALID_ARGUMENT',
    'No client is provided here; call app.use(SessionPlugin, { client }), or provideSessionClient(client) in a component above.',
  );
}

function provided(client: MaybeRefOrGetter<SessionClient>, initialData: InitialData | undefined): Provided {
  // What a deep ref makes of it has not the private fields of the class.
  const present = () => toRaw(toValue(client));
  const first = present();
  return { client: present, initialData: () => (present() === first ? initialData : undefined) };
}
