import { throwIfAborted } from './abort.ts';
import { checkInteger, checkOptions, checkSignal, checkString, invalidArgument } from './check.ts';
import type {
  CreateSessionOptions,
  EventListener,
  EventOf,
  EventStreamOptions,
  ListFilter,
  SendOptions,
  Session,
  SessionClient,
  SubscribeOptions,
  TerminateOptions,
  Unsubscribe,
} from './client.ts';
import type { Content, Message, Role, SavedSession, SessionInfo, SessionStatus } from './data.ts';
import { asyncDispose } from './dispose.ts';
import type { Engine } from './engine.ts';
import type { AnyListener } from './events/bus.ts';
import type { Subscriptions } from './events/subscriptions.ts';
import type { SessionEvent } from './events/types.ts';
import { checkSessionId } from './ids.ts';
import { bindIncarnation } from './incarnation.ts';
import { sendThrough } from './session/context-handle.ts';
import type { CreateRequest, Creator } from './session/creation.ts';
import type { SessionEntry } from './session/entry.ts';
import type { HandleHost } from './session/host.ts';
import type { Lifecycle } from './session/lifecycle.ts';
import { notFound } from './session/registry.ts';
import type { SavedShelf } from './session/saved.ts';
import { OwnedSessionHandle, SessionHandle } from './session/session-handle.ts';
import { infoOf } from './session/views.ts';

const STATUSES: readonly SessionStatus[] = ['initializing', 'active', 'idle', 'terminating', 'terminated'];

/** What a {@link LocalClient} is made of. */
export interface ClientParts {
  readonly engine: Engine;
  readonly host: HandleHost;
  readonly lifecycle: Lifecycle;
  readonly subscriptions: Subscriptions;
  readonly creator: Creator;
}

/** The client interface in process: checks each call, lets it in, and asks the parts of the engine. */
export abstract class LocalClient<TAgentEvent> implements SessionClient<TAgentEvent> {
  readonly #parts: ClientParts;
  readonly #host: HandleHost;

  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.#host = parts.host;
  }

  abstract close(options?: { terminate?: boolean }): Promise<void>;

  [asyncDispose](): Promise<void> {
    return this.close();
  }

  // --- sessions

  async createSession(options?: CreateSessionOptions): Promise<Session<TAgentEvent> & AsyncDisposable> {
    this.#host.checkOpen();
    const request = this.#check(options);
    const entry = await this.#host.admitWrite(() => this.#parts.creator.create(request));
    const { id } = request;
    const { seq } = entry.state;
    return bindIncarnation(new OwnedSessionHandle(this, this.#host, id, () => this.#end(id, seq)), seq);
  }

  async getOrCreateSession(id: string, options?: CreateSessionOptions) {
    this.#host.checkOpen();
    checkSessionId(id);
    const request = this.#check({ ...checkOptions(options, 'options'), id });
    const { created } = await this.#host.admitWrite(() => this.#parts.creator.getOrCreate(request));
    return { session: this.#handle(id), created };
  }

  #check(options: CreateSessionOptions | undefined): CreateRequest {
    const { creator, engine } = this.#parts;
    const request = creator.check(options);
    if (request.config.sleepAfterMs !== undefined) this.#host.prepare(engine.stored);
    return request;
  }

  async terminateSession(id: string, options?: TerminateOptions): Promise<void> {
    this.#host.checkOpen();
    checkSessionId(id);
    const { engine, lifecycle } = this.#parts;
    const { reason, timeoutMs, signal } = checkOptions(options, 'options', ['reason', 'timeoutMs', 'signal']);
    const why =
      reason === undefined ? 'normal' : checkString(reason, 'options.reason', { min: 1, max: 1024 });
    const { terminateMs } = engine.settings.timeouts;
    const limit =
      timeoutMs === undefined ? terminateMs : checkInteger(timeoutMs, 'options.timeoutMs', { min: 0 });
    checkSignal(signal, 'options.signal');
    return this.#host.admit(() => {
      throwIfAborted(signal);
      return engine.dormant.with(id, (entry) =>
        engine.journal.commit(id, (batch) => {
          throwIfAborted(signal);
          return lifecycle.terminate(entry, batch, why, limit);
        }),
      );
    });
  }

  /** Terminates the session that was created at `seq`, not a later one of its id. */
  async #end(id: string, seq: number): Promise<void> {
    const { engine, lifecycle } = this.#parts;
    const { terminateMs } = engine.settings.timeouts;
    return this.#host.admit(() =>
      engine.dormant.with(id, (entry) => {
        if (entry.state.seq !== seq) return;
        return engine.journal.commit(id, (batch) => lifecycle.terminate(entry, batch, 'normal', terminateMs));
      }),
    );
  }

  async killSession(id: string, reason?: unknown): Promise<void> {
    this.#host.checkOpen();
    checkSessionId(id);
    const { engine, lifecycle } = this.#parts;
    return this.#host.admit(() =>
      engine.dormant.with(id, (entry) =>
        engine.journal.commit(id, (batch) => lifecycle.kill(entry, batch, reason)),
      ),
    );
  }

  async listSessions(filter?: ListFilter): Promise<SessionInfo[]> {
    this.#host.checkOpen();
    const checked = checkFilter(filter);
    const { dormant, registry, stored } = this.#parts.engine;
    return this.#host.admit(async () => {
      const isOneAway = dormant.size > 0;
      const infos = isOneAway
        ? await stored.get().sessions.list(checked)
        : registry.list(checked).map(infoOf);
      return Object.freeze(infos) as SessionInfo[];
    });
  }

  async getSessionInfo(id: string): Promise<SessionInfo> {
    this.#host.checkOpen();
    checkSessionId(id);
    return this.#host.admit(() => this.#host.operations.read(id, infoOf));
  }

  session(id: string): Session<TAgentEvent> {
    this.#host.checkOpen();
    checkSessionId(id);
    return this.#handle(id);
  }

  sendMessage(id: string, role: Role, content: Content, options?: SendOptions): Promise<Message> {
    return sendThrough(this.#host, id, role, content, options);
  }

  // --- events

  subscribeToSession<T extends SessionEvent['type']>(
    id: string,
    listener: EventListener<T>,
    options?: SubscribeOptions<T>,
  ): Unsubscribe {
    this.#host.checkOpen();
    return this.#parts.subscriptions.subscribe(checkSessionId(id), listener as AnyListener, options);
  }

  subscribeToAllSessions<T extends SessionEvent['type']>(
    listener: EventListener<T>,
    options?: SubscribeOptions<T>,
  ): Unsubscribe {
    this.#host.checkOpen();
    return this.#parts.subscriptions.subscribe(undefined, listener as AnyListener, options);
  }

  events<T extends SessionEvent['type']>(options?: EventStreamOptions<T>): AsyncIterableIterator<EventOf<T>> {
    this.#host.checkOpen();
    return this.#parts.subscriptions.stream(options) as AsyncIterableIterator<EventOf<T>>;
  }

  // --- saved sessions

  async saveSession(id: string): Promise<SavedSession> {
    this.#host.checkOpen();
    checkSessionId(id);
    const { engine } = this.#parts;
    this.#host.prepare(engine.stored);
    // It is written down for good: what was asked of the session before is in it.
    const save = (entry: SessionEntry) =>
      engine.journal.concerns(id)
        ? engine.journal.commit(id, () => {
            if (!entry.registered) throw notFound(id);
            return engine.stored.get().shelf.save(entry);
          })
        : engine.stored.get().shelf.save(entry);
    return this.#host.admitSlow(() => this.#host.operations.read(id, save));
  }

  async restoreSession(id: string): Promise<Session<TAgentEvent>> {
    this.#host.checkOpen();
    checkSessionId(id);
    await this.#onShelf((shelf) => shelf.restore(id));
    return this.#handle(id);
  }

  listSavedSessions(): Promise<SavedSession[]> {
    return this.#onShelf((shelf) => shelf.list());
  }

  async deleteSavedSession(id: string): Promise<void> {
    this.#host.checkOpen();
    checkSessionId(id);
    return this.#onShelf((shelf) => shelf.delete(id));
  }

  #onShelf<R>(call: (shelf: SavedShelf) => Promise<R>): Promise<R> {
    const { stored } = this.#parts.engine;
    this.#host.prepare(stored);
    return this.#host.admitSlow(() => call(stored.get().shelf));
  }

  #handle(id: string): Session<TAgentEvent> {
    return new SessionHandle(this, this.#host, id);
  }
}

function checkFilter(given: ListFilter | undefined): ListFilter {
  const { status, limit, after } = checkOptions(given, 'filter', ['status', 'limit', 'after']);
  for (const each of status === undefined ? [] : [status].flat())
    if (!STATUSES.includes(each))
      throw invalidArgument('filter.status', `one of ${STATUSES.join(', ')}`, each);
  return {
    ...(status !== undefined && { status }),
    ...(limit !== undefined && { limit: checkInteger(limit, 'filter.limit', { min: 0 }) }),
    ...(after !== undefined && { after: checkInteger(after, 'filter.after', { min: 0 }) }),
  };
}
