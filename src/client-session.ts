import { checkOptions } from './check.ts';
import type {
  EventListener,
  EventOf,
  EventStreamOptions,
  SendOptions,
  Session,
  SessionCache,
  SessionClient,
  SessionContext,
  SubscribeOptions,
  TerminateOptions,
  Unsubscribe,
} from './client.ts';
import type { Content, Message, Role } from './data.ts';
import { isSessionError } from './errors.ts';
import type { SessionEvent } from './events/types.ts';

/** A plain handle: an id and its client. What a client has no method for, each kind of client does in its own way. */
export abstract class ClientSession<TAgentEvent> implements Session<TAgentEvent> {
  readonly id: string;
  readonly #client: SessionClient<TAgentEvent>;

  constructor(client: SessionClient<TAgentEvent>, id: string) {
    this.#client = client;
    this.id = id;
  }

  abstract get context(): SessionContext;
  abstract get cache(): SessionCache;
  abstract snapshot(options?: { messages?: number }): ReturnType<Session['snapshot']>;
  abstract dispatch(event: TAgentEvent): Promise<void>;

  info() {
    return this.#client.getSessionInfo(this.id);
  }

  send(role: Role, content: Content, options?: SendOptions): Promise<Message> {
    return this.#client.sendMessage(this.id, role, content, options);
  }

  subscribe<T extends SessionEvent['type']>(
    listener: EventListener<T>,
    options?: SubscribeOptions<T>,
  ): Unsubscribe {
    return this.#client.subscribeToSession(this.id, listener, options);
  }

  events<T extends SessionEvent['type']>(options?: EventStreamOptions<T>): AsyncIterableIterator<EventOf<T>> {
    return this.#client.events<T>({ ...checkOptions(options, 'options'), sessionId: this.id });
  }

  terminate(options?: TerminateOptions): Promise<void> {
    return this.#client.terminateSession(this.id, options);
  }

  kill(reason?: unknown): Promise<void> {
    return this.#client.killSession(this.id, reason);
  }
}

/** Disposes of an owned session: it may be gone, or its client closed; then that is the end that counts. */
export async function endOwned(end: () => Promise<void>): Promise<void> {
  try {
    await end();
  } catch (error) {
    if (!isSessionError(error) || !OVER.has(error.code)) throw error;
  }
}

const OVER: ReadonlySet<string> = new Set(['SESSION_NOT_FOUND', 'MANAGER_CLOSED']);
