import type {
  CreateSessionOptions,
  SendOptions,
  Session,
  SessionClient,
  TerminateOptions,
} from '../client.ts';
import type { Content, Json, JsonObject, Message, Role, SavedSession } from '../data.ts';
import type { SessionError } from '../errors.ts';
import { asSessionError, view } from './views.ts';
import type { Watch } from './watch.ts';

/** How the latest call is doing, whatever it was. */
export interface ActionState {
  readonly pending: boolean;
  /** What it was rejected with; cleared by the next call. */
  readonly error: SessionError | undefined;
  /** Its name; undefined before the first. */
  readonly action: keyof SessionCalls | undefined;
}

/** What can be asked of a client without having a session. Each returns the promise of the call. */
export interface ClientCalls<TAgentEvent = never> {
  create(options?: CreateSessionOptions): Promise<Session<TAgentEvent> & AsyncDisposable>;
  getOrCreate(
    id: string,
    options?: CreateSessionOptions,
  ): Promise<{ session: Session<TAgentEvent>; created: boolean }>;
  restore(id: string): Promise<Session<TAgentEvent>>;
  deleteSaved(id: string): Promise<void>;
}

/** What can be asked of one session beside. */
export interface SessionCalls<TAgentEvent = never> extends ClientCalls<TAgentEvent> {
  send(role: Role, content: Content, options?: SendOptions): Promise<Message>;
  dispatch(event: TAgentEvent): Promise<void>;
  terminate(options?: TerminateOptions): Promise<void>;
  kill(reason?: unknown): Promise<void>;
  save(): Promise<SavedSession>;
  clearConversation(): Promise<void>;
  addFile(path: string): Promise<void>;
  removeFile(path: string): Promise<void>;
  updateFileIndex(path: string, metadata: JsonObject): Promise<void>;
  put(key: string, value: Json): Promise<void>;
  delete(key: string): Promise<void>;
}

/** The calls, which stay the same functions, and how the latest of them is doing. */
export interface Actions<TCalls> {
  readonly calls: TCalls;
  readonly state: Watch<ActionState>;
}

const RESTING: ActionState = view({ pending: false, error: undefined, action: undefined });

/**
 * Calls that tell how they are doing. A rejection is the caller's to handle, if there is one who does: it is in
 * `error`, and never goes unhandled. With an `id`, the calls on that session too.
 */
export function actionsOf<TAgentEvent>(
  client: SessionClient<TAgentEvent>,
  id: string,
): Actions<SessionCalls<TAgentEvent>>;
export function actionsOf<TAgentEvent>(
  client: SessionClient<TAgentEvent>,
  id?: string,
): Actions<ClientCalls<TAgentEvent>>;
export function actionsOf<TAgentEvent>(
  client: SessionClient<TAgentEvent>,
  id?: string,
): Actions<ClientCalls<TAgentEvent>> {
  const listeners = new Set<{ readonly onChange: () => void }>();
  let state = RESTING;
  const set = (next: ActionState) => {
    state = view(next);
    for (const listener of [...listeners]) if (listeners.has(listener)) listener.onChange();
  };

  function tracked<A extends unknown[], R>(action: keyof SessionCalls, call: (...args: A) => Promise<R>) {
    return (...args: A): Promise<R> => {
      const started: ActionState = { pending: true, error: undefined, action };
      // Who is told of it may call another.
      set(started);
      const settle = (error: SessionError | undefined) => {
        if (state === started) set({ pending: false, error, action });
      };
      // A handle for an invalid id, or on a closed client, throws at once.
      const result = (async () => call(...args))();
      result.then(
        () => settle(undefined),
        (error: unknown) => settle(asSessionError(error, id)),
      );
      return result;
    };
  }

  const clientCalls: ClientCalls<TAgentEvent> = {
    create: tracked('create', (options) => client.createSession(options)),
    getOrCreate: tracked('getOrCreate', (other, options) => client.getOrCreateSession(other, options)),
    restore: tracked('restore', (other) => client.restoreSession(other)),
    deleteSaved: tracked('deleteSaved', (other) => client.deleteSavedSession(other)),
  };
  const calls = id === undefined ? clientCalls : { ...clientCalls, ...sessionCalls(client, id, tracked) };
  return {
    calls: view(calls),
    state: {
      get: () => state,
      subscribe(onChange: () => void) {
        const listener = { onChange };
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
  };
}

type Track = <A extends unknown[], R>(
  action: keyof SessionCalls,
  call: (...args: A) => Promise<R>,
) => (...args: A) => Promise<R>;

function sessionCalls<TAgentEvent>(
  client: SessionClient<TAgentEvent>,
  id: string,
  tracked: Track,
): Omit<SessionCalls<TAgentEvent>, keyof ClientCalls> {
  const session = () => client.session(id);
  return {
    send: tracked('send', (role, content, options) => session().send(role, content, options)),
    dispatch: tracked('dispatch', (event) => session().dispatch(event)),
    terminate: tracked('terminate', (options) => session().terminate(options)),
    kill: tracked('kill', (reason) => session().kill(reason)),
    save: tracked('save', () => client.saveSession(id)),
    clearConversation: tracked('clearConversation', () => session().context.clearConversation()),
    addFile: tracked('addFile', (path) => session().context.addFile(path)),
    removeFile: tracked('removeFile', (path) => session().context.removeFile(path)),
    updateFileIndex: tracked('updateFileIndex', (path, metadata) =>
      session().context.updateFileIndex(path, metadata),
    ),
    put: tracked('put', (key, value) => session().context.put(key, value)),
    delete: tracked('delete', (key) => session().context.delete(key)),
  };
}
