import { checkOptions, invalidArgument } from '../check.ts';
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
} from '../client.ts';
import type { Content, Message, Role, SavedSession, SessionInfo } from '../data.ts';
import { asyncDispose } from '../dispose.ts';
import { SessionError } from '../errors.ts';
import type { AnyListener } from '../events/bus.ts';
import type { SessionEvent } from '../events/types.ts';
import type { Guard } from '../guard.ts';
import { checkSessionId } from '../ids.ts';
import { Calls } from './calls.ts';
import { Feed } from './feed.ts';
import type { Port } from './port.ts';
import { type Created, isAnswer, type PastPage } from './protocol.ts';
import { type Ask, OwnedWireSession, WireSession } from './session.ts';

/** The sources of time and of words of a client without an engine. */
export interface WireClientParts {
  readonly guard: Guard;
  /** ISO 8601, now. */
  iso(): string;
}

/**
 * The client interface at the near end of a wire. Lines come and go under it: calls wait for the next one, handles,
 * listeners and streams stay.
 */
export class WireClient<TAgentEvent> implements SessionClient<TAgentEvent> {
  readonly #calls = new Calls();
  readonly #feed: Feed;
  #port: Port | undefined;
  #heard = () => {};
  #refusal: (() => unknown) | undefined;
  #closing: Promise<void> | undefined;
  #shut = false;

  constructor({ guard, iso }: WireClientParts) {
    const past = (query: object) => this.#calls.ask('past', [query]) as Promise<PastPage>;
    this.#feed = new Feed({ guard, iso, past });
  }

  // --- the line

  /**
   * The far end is there. What waits is asked of it, in order, behind the wish for events; `heard` is called when
   * those come.
   */
  attach(port: Port, heard: () => void = () => {}): void {
    this.detach();
    this.#port = port;
    this.#heard = heard;
    port.onMessage = (message) => this.#receive(message);
    port.post(this.#feed.wish());
    this.#calls.attach(port);
  }

  /** The far end is gone: calls wait for the next one. */
  detach(): void {
    if (!this.#shut) this.#refusal = undefined;
    this.#unplug();
  }

  /** There will be no far end for now: calls are refused, those that wait included. */
  refuse(error: () => unknown): void {
    if (!this.#shut) this.#refusal = error;
    this.#calls.refuse(error);
    this.#unplug();
  }

  #unplug(): void {
    if (!this.#port) return;
    this.#port.onMessage = undefined;
    this.#port = undefined;
    this.#calls.detach();
  }

  #receive(answer: unknown): void {
    if (!isAnswer(answer)) return;
    if (answer.type === 'value') this.#calls.value(answer.call, answer.value);
    else if (answer.type === 'error') this.#calls.error(answer.call, answer.error);
    else if (answer.type === 'refused') this.#calls.refused(answer.call);
    else if (answer.type === 'over') this.#calls.over(answer.begun);
    else if (answer.type === 'events') this.#feed.events(answer.events);
    else if (answer.type === 'listening') {
      this.#feed.listening(answer);
      this.#heard();
    }
  }

  readonly #ask: Ask = (op, ...args) => {
    try {
      this.#checkOpen();
      return this.#calls.ask(op, args) as Promise<never>;
    } catch (error) {
      return Promise.reject(error);
    }
  };

  #checkOpen(): void {
    if (this.#refusal) throw this.#refusal();
  }

  // --- sessions

  async createSession(options?: CreateSessionOptions): Promise<Session<TAgentEvent> & AsyncDisposable> {
    const { id, seq } = await this.#ask<Created>('createSession', options);
    return new OwnedWireSession(this, this.#ask, id, seq);
  }

  async getOrCreateSession(id: string, options?: CreateSessionOptions) {
    const { created } = await this.#ask<{ created: boolean }>('getOrCreateSession', id, options);
    return { session: this.#handle(id), created };
  }

  terminateSession(id: string, options?: TerminateOptions): Promise<void> {
    return this.#ask('terminateSession', id, options);
  }

  killSession(id: string, reason?: unknown): Promise<void> {
    return this.#ask('killSession', id, reason);
  }

  listSessions(filter?: ListFilter): Promise<SessionInfo[]> {
    return this.#ask('listSessions', filter);
  }

  getSessionInfo(id: string): Promise<SessionInfo> {
    return this.#ask('getSessionInfo', id);
  }

  session(id: string): Session<TAgentEvent> {
    this.#checkOpen();
    return this.#handle(checkSessionId(id));
  }

  sendMessage(id: string, role: Role, content: Content, options?: SendOptions): Promise<Message> {
    return this.#ask('sendMessage', id, role, content, options);
  }

  #handle(id: string): Session<TAgentEvent> {
    return new WireSession(this, this.#ask, id);
  }

  // --- events

  subscribeToSession<T extends SessionEvent['type']>(
    id: string,
    listener: EventListener<T>,
    options?: SubscribeOptions<T>,
  ): Unsubscribe {
    this.#checkOpen();
    return this.#feed.subscriptions.subscribe(checkSessionId(id), listener as AnyListener, options);
  }

  subscribeToAllSessions<T extends SessionEvent['type']>(
    listener: EventListener<T>,
    options?: SubscribeOptions<T>,
  ): Unsubscribe {
    this.#checkOpen();
    return this.#feed.subscriptions.subscribe(undefined, listener as AnyListener, options);
  }

  events<T extends SessionEvent['type']>(options?: EventStreamOptions<T>): AsyncIterableIterator<EventOf<T>> {
    this.#checkOpen();
    return this.#feed.subscriptions.stream(options) as AsyncIterableIterator<EventOf<T>>;
  }

  // --- saved sessions

  saveSession(id: string): Promise<SavedSession> {
    return this.#ask('saveSession', id);
  }

  async restoreSession(id: string): Promise<Session<TAgentEvent>> {
    await this.#ask('restoreSession', id);
    return this.#handle(id);
  }

  listSavedSessions(): Promise<SavedSession[]> {
    return this.#ask('listSavedSessions');
  }

  deleteSavedSession(id: string): Promise<void> {
    return this.#ask('deleteSavedSession', id);
  }

  // --- the end

  /** Ends this end of the wire. With `terminate`, all sessions are terminated first: those of everybody. */
  async close(options?: { terminate?: boolean }): Promise<void> {
    const { terminate = false } = checkOptions(options, 'options', ['terminate']);
    if (typeof terminate !== 'boolean')
      throw invalidArgument('options.terminate', 'true or false', terminate);
    this.#closing ??= this.#close(terminate);
    return this.#closing;
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(terminate: boolean): Promise<void> {
    const reachable = this.#refusal === undefined;
    this.#shut = true;
    this.#refusal = closedClientError;
    await this.leave(terminate && reachable);
    this.#calls.refuse(closedClientError);
    this.#unplug();
    this.#feed.close();
  }

  /** What is done before the end; nothing new is asked any more. */
  protected async leave(terminate: boolean): Promise<void> {
    if (terminate) await this.endAll();
    this.lastLine();
  }

  /** Terminates all sessions, through whoever has the engine by then. */
  protected async endAll(): Promise<void> {
    await this.#calls.ask('endAll', []).catch(() => {});
  }

  /** No other line will come: what this one does not answer, nobody will. */
  protected lastLine(): void {
    this.#calls.end(closedClientError);
  }
}

function closedClientError(): SessionError {
  return new SessionError('MANAGER_CLOSED', 'This client is closed; make a new one to go on.');
}
