import { checkOptions } from '../check.ts';
import type {
  EventListener,
  EventStreamOptions,
  SendOptions,
  Session,
  SessionCache,
  SessionClient,
  SessionContext,
  SubscribeOptions,
  TerminateOptions,
  Unsubscribe,
} from '../client.ts';
import type { Content, Message, Role } from '../data.ts';
import { asyncDispose } from '../dispose.ts';
import { isSessionError } from '../errors.ts';
import type { SessionEvent } from '../events/types.ts';
import { checkAgentEvent } from './agent.ts';
import { CacheHandle } from './cache-handle.ts';
import { ContextHandle, sendThrough } from './context-handle.ts';
import type { HandleHost } from './host.ts';

/** A plain handle: an id and its manager. */
export class SessionHandle<TAgentEvent> implements Session<TAgentEvent> {
  readonly id: string;
  readonly #client: SessionClient<TAgentEvent>;
  readonly #host: HandleHost;

  constructor(client: SessionClient<TAgentEvent>, host: HandleHost, id: string) {
    this.#client = client;
    this.#host = host;
    this.id = id;
  }

  get context(): SessionContext {
    return new ContextHandle(this.#host, this.id);
  }

  get cache(): SessionCache {
    return new CacheHandle(this.#host, this.id);
  }

  info() {
    return this.#client.getSessionInfo(this.id);
  }

  async snapshot(options?: { messages?: number }) {
    this.#host.checkOpen();
    const { messages } = checkOptions(options, 'options', ['messages']);
    return this.#host.admit(() => this.#host.operations.snapshot(this.id, messages));
  }

  send(role: Role, content: Content, options?: SendOptions): Promise<Message> {
    return sendThrough(this.#host, this.id, role, content, options);
  }

  async dispatch(event: TAgentEvent): Promise<void> {
    this.#host.checkOpen();
    const checked = checkAgentEvent(event);
    return this.#host.admitWrite(() => this.#host.operations.dispatch(this.id, checked));
  }

  subscribe<T extends SessionEvent['type']>(
    listener: EventListener<T>,
    options?: SubscribeOptions<T>,
  ): Unsubscribe {
    return this.#client.subscribeToSession(this.id, listener, options);
  }

  events<T extends SessionEvent['type']>(options?: EventStreamOptions<T>) {
    return this.#client.events<T>({ ...checkOptions(options, 'options'), sessionId: this.id });
  }

  terminate(options?: TerminateOptions): Promise<void> {
    return this.#client.terminateSession(this.id, options);
  }

  kill(reason?: unknown): Promise<void> {
    return this.#client.killSession(this.id, reason);
  }
}

const OVER: ReadonlySet<string> = new Set(['SESSION_NOT_FOUND', 'MANAGER_CLOSED']);

/** What `createSession` gives: disposing it terminates the session that was created, not a later one of that id. */
export class OwnedSessionHandle<TAgentEvent> extends SessionHandle<TAgentEvent> implements AsyncDisposable {
  readonly #end: () => Promise<void>;

  /** `end` terminates the session if it is still the one that was created. */
  constructor(client: SessionClient<TAgentEvent>, host: HandleHost, id: string, end: () => Promise<void>) {
    super(client, host, id);
    this.#end = end;
  }

  async [asyncDispose](): Promise<void> {
    try {
      await this.#end();
    } catch (error) {
      // It is gone, or the manager closes meanwhile: then it is the manager's end that counts.
      if (!isSessionError(error) || !OVER.has(error.code)) throw error;
    }
  }
}
