import { checkOptions } from '../check.ts';
import type { SessionCache, SessionClient, SessionContext } from '../client.ts';
import { ClientSession, endOwned } from '../client-session.ts';
import { asyncDispose } from '../dispose.ts';
import { checkAgentEvent } from './agent.ts';
import { CacheHandle } from './cache-handle.ts';
import { ContextHandle } from './context-handle.ts';
import type { HandleHost } from './host.ts';

/** A handle on a session of a manager in this process. */
export class SessionHandle<TAgentEvent> extends ClientSession<TAgentEvent> {
  readonly #host: HandleHost;

  constructor(client: SessionClient<TAgentEvent>, host: HandleHost, id: string) {
    super(client, id);
    this.#host = host;
  }

  override get context(): SessionContext {
    return new ContextHandle(this.#host, this.id);
  }

  override get cache(): SessionCache {
    return new CacheHandle(this.#host, this.id);
  }

  override async snapshot(options?: { messages?: number }) {
    this.#host.checkOpen();
    const { messages } = checkOptions(options, 'options', ['messages']);
    return this.#host.admit(() => this.#host.operations.snapshot(this.id, messages));
  }

  override async dispatch(event: TAgentEvent): Promise<void> {
    this.#host.checkOpen();
    const checked = checkAgentEvent(event);
    return this.#host.admitWrite(() => this.#host.operations.dispatch(this.id, checked));
  }
}

/** What `createSession` gives: disposing it terminates the session that was created, not a later one of that id. */
export class OwnedSessionHandle<TAgentEvent> extends SessionHandle<TAgentEvent> implements AsyncDisposable {
  readonly #end: () => Promise<void>;

  /** `end` terminates the session if it is still the one that was created. */
  constructor(client: SessionClient<TAgentEvent>, host: HandleHost, id: string, end: () => Promise<void>) {
    super(client, host, id);
    this.#end = end;
  }

  [asyncDispose](): Promise<void> {
    return endOwned(this.#end);
  }
}
