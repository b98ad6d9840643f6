import { checkKey, checkOptions } from '../check.ts';
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
import type { Content, ContextPart, Json, JsonObject, Message, Role } from '../data.ts';
import { asyncDispose } from '../dispose.ts';
import type { SessionEvent } from '../events/types.ts';
import { copyJson, copyJsonObject, exceedsBytes } from '../json.ts';
import type { Limits } from '../options.ts';
import { checkAgentEvent } from './agent.ts';
import type { CacheScope } from './cache.ts';
import {
  addFile,
  checkFilePath,
  deleteValue,
  NO_PAYLOAD,
  putValue,
  removeFile,
  tooLarge,
  updateFileIndex,
} from './content.ts';
import type { SessionEntry } from './entry.ts';
import type { Perform, Scope, SessionOperations } from './operations.ts';
import { activeFilesOf, buildContext, fileIndexOf, historyOf, infoOf } from './views.ts';

/** What handles need of their manager: operations, behind its admission. */
export interface HandleHost<TAgentEvent = never> extends SessionClient<TAgentEvent> {
  readonly operations: SessionOperations;
  readonly limits: Readonly<Limits>;
  /** Throws `MANAGER_CLOSED`; comes before any other check of a call. */
  checkOpen(): void;
  /** Runs the call when calls are admitted; a throw becomes a rejection. */
  admit<R>(call: () => R | Promise<R>): Promise<R>;
  /** The same for a call that may wait for something outside the engine. */
  admitSlow<R>(call: () => Promise<R>): Promise<R>;
  /** The newest committed `seq`. */
  readonly seq: number;
}

export interface ScopedHandles {
  /** Context and cache for the hook that is running. */
  during(entry: SessionEntry, open: () => boolean): { context: SessionContext; cache: SessionCache };
}

/** A session's conversation, files and working context, through its manager. */
export class ContextHandle implements SessionContext {
  readonly #host: HandleHost;
  readonly #id: string;
  readonly #scope: Scope | undefined;

  constructor(host: HandleHost, id: string, scope?: Scope) {
    this.#host = host;
    this.#id = id;
    this.#scope = scope;
  }

  addMessage(role: Role, content: Content, options?: SendOptions): Promise<Message> {
    return sendThrough(this.#host, this.#id, role, content, options, this.#scope);
  }

  history(options?: { limit?: number; before?: string }): Promise<Message[]> {
    return this.#read(({ state }) => historyOf(state, options));
  }

  clearConversation(): Promise<void> {
    return this.#write(({ state }, batch) => batch.add(state, 'conversation_cleared', NO_PAYLOAD));
  }

  async addFile(path: string): Promise<void> {
    this.#host.checkOpen();
    checkFilePath(path);
    return this.#write(({ state }, batch) => addFile(state, batch, path));
  }

  async removeFile(path: string): Promise<void> {
    this.#host.checkOpen();
    checkFilePath(path);
    return this.#write(({ state }, batch) => removeFile(state, batch, path));
  }

  activeFiles() {
    return this.#read(({ state }) => activeFilesOf(state));
  }

  async updateFileIndex(path: string, metadata: JsonObject): Promise<void> {
    this.#host.checkOpen();
    checkFilePath(path);
    const copy = copyJsonObject(metadata, 'metadata');
    this.#checkSize(copy, 'metadata');
    return this.#write(({ state }, batch) => updateFileIndex(state, batch, path, copy));
  }

  fileIndex() {
    return this.#read(({ state }) => fileIndexOf(state));
  }

  async put(key: string, value: Json): Promise<void> {
    this.#host.checkOpen();
    checkKey(key, 'key');
    const copy = copyJson(value, 'value');
    this.#checkSize(copy, 'value');
    return this.#write(({ state }, batch) => putValue(state, batch, key, copy));
  }

  async get(key: string): Promise<Json | undefined> {
    this.#host.checkOpen();
    checkKey(key, 'key');
    return this.#read(({ state }) => state.workingContext?.get(key));
  }

  keys(): Promise<string[]> {
    return this.#read(({ state }) => Object.freeze([...(state.workingContext?.keys() ?? [])]) as string[]);
  }

  async delete(key: string): Promise<void> {
    this.#host.checkOpen();
    checkKey(key, 'key');
    return this.#write(({ state }, batch) => deleteValue(state, batch, key));
  }

  build(
    include: readonly ContextPart[],
    options?: { maxMessages?: number; maxFiles?: number; maxTokens?: number },
  ) {
    return this.#read(({ state }) => buildContext(state, include, options));
  }

  #read<R>(view: (entry: SessionEntry) => R): Promise<R> {
    return this.#host.admit(() => this.#host.operations.read(this.#id, view, this.#scope));
  }

  #write<R>(perform: Perform<R>): Promise<R> {
    return this.#host.admit(() => this.#host.operations.write(this.#id, perform, undefined, this.#scope));
  }

  #checkSize(value: Json, at: string): void {
    const { maxMessageBytes } = this.#host.limits;
    if (exceedsBytes(value, maxMessageBytes)) throw tooLarge(at, maxMessageBytes, 'limits.maxMessageBytes');
  }
}

/** A session's cache, through its manager. Nothing in it is journaled. */
export class CacheHandle implements SessionCache {
  readonly #host: HandleHost;
  readonly #id: string;
  readonly #scope: Scope | undefined;

  constructor(host: HandleHost, id: string, scope?: Scope) {
    this.#host = host;
    this.#id = id;
    this.#scope = scope;
  }

  async cacheFile(path: string, content: string, options?: { metadata?: JsonObject; mtimeMs?: number }) {
    this.#host.checkOpen();
    const { metadata, ...rest } = checkOptions(options, 'options', ['metadata', 'mtimeMs']);
    const copy =
      metadata === undefined ? rest : { ...rest, metadata: copyJsonObject(metadata, 'options.metadata') };
    return this.#write((cache) => cache.cacheFile(path, content, copy));
  }

  getFile(path: string) {
    const { operations } = this.#host;
    const view = (entry: SessionEntry) => operations.cacheOf(entry).getFile(path);
    return this.#host.admitSlow(() => operations.read(this.#id, view, this.#scope));
  }

  async cacheAnalysis(path: string, kind: string, result: Json): Promise<void> {
    this.#host.checkOpen();
    const copy = copyJson(result, 'result');
    return this.#write((cache) => cache.cacheAnalysis(path, kind, copy));
  }

  getAnalysis(path: string, kind: string) {
    return this.#read((cache) => cache.getAnalysis(path, kind));
  }

  invalidateFile(path: string) {
    return this.#write((cache) => cache.invalidateFile(path));
  }

  clear() {
    return this.#write((cache) => cache.clear());
  }

  stats() {
    return this.#read((cache) => cache.stats());
  }

  #read<R>(view: (cache: CacheScope) => R): Promise<R> {
    const { operations } = this.#host;
    return this.#host.admit(() =>
      operations.read(this.#id, (entry) => view(operations.cacheOf(entry)), this.#scope),
    );
  }

  #write(change: (cache: CacheScope) => void): Promise<void> {
    const { operations } = this.#host;
    const perform = (entry: SessionEntry) => {
      change(operations.cacheOf(entry));
      operations.touch(entry);
    };
    return this.#host.admit(() => operations.write(this.#id, perform, undefined, this.#scope));
  }
}

/** A plain handle: an id and its manager. */
export class SessionHandle<TAgentEvent> implements Session<TAgentEvent> {
  readonly id: string;
  readonly #host: HandleHost<TAgentEvent>;

  constructor(host: HandleHost<TAgentEvent>, id: string) {
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
    return this.#host.getSessionInfo(this.id);
  }

  async snapshot(options?: { messages?: number }) {
    this.#host.checkOpen();
    const { messages } = checkOptions(options, 'options', ['messages']);
    const view = (entry: SessionEntry) =>
      Object.freeze({
        info: infoOf(entry),
        messages: historyOf(entry.state, messages === undefined ? {} : { limit: messages }),
        seq: this.#host.seq,
      });
    return this.#host.admit(() => this.#host.operations.read(this.id, view));
  }

  send(role: Role, content: Content, options?: SendOptions): Promise<Message> {
    return sendThrough(this.#host, this.id, role, content, options);
  }

  async dispatch(event: TAgentEvent): Promise<void> {
    this.#host.checkOpen();
    const checked = checkAgentEvent(event);
    return this.#host.admit(() => this.#host.operations.dispatch(this.id, checked));
  }

  subscribe<T extends SessionEvent['type']>(
    listener: EventListener<T>,
    options?: SubscribeOptions<T>,
  ): Unsubscribe {
    return this.#host.subscribeToSession(this.id, listener, options);
  }

  events<T extends SessionEvent['type']>(options?: EventStreamOptions<T>) {
    return this.#host.events<T>({ ...checkOptions(options, 'options'), sessionId: this.id });
  }

  terminate(options?: TerminateOptions): Promise<void> {
    return this.#host.terminateSession(this.id, options);
  }

  kill(reason?: unknown): Promise<void> {
    return this.#host.killSession(this.id, reason);
  }
}

/** What `createSession` gives: disposing it terminates the session that was created, not a later one of that id. */
export class OwnedSessionHandle<TAgentEvent> extends SessionHandle<TAgentEvent> implements AsyncDisposable {
  readonly #entry: SessionEntry;

  constructor(host: HandleHost<TAgentEvent>, id: string, entry: SessionEntry) {
    super(host, id);
    this.#entry = entry;
  }

  async [asyncDispose](): Promise<void> {
    if (this.#entry.registered) await this.terminate();
  }
}

/** Checks and copies at once, so that what the caller changes afterwards has no effect. */
export function sendThrough(
  host: Pick<HandleHost, 'checkOpen' | 'admit' | 'operations'>,
  id: string,
  role: Role,
  content: Content,
  options: SendOptions | undefined,
  scope?: Scope,
): Promise<Message> {
  try {
    host.checkOpen();
    const draft = host.operations.draft(role, content, options);
    return host.admit(() => host.operations.send(id, draft, scope));
  } catch (error) {
    return Promise.reject(error);
  }
}

/** The manager's own cache, shared by all who ask for it. */
export class GlobalCache implements SessionCache {
  readonly #host: Pick<HandleHost, 'checkOpen' | 'admitSlow'>;
  readonly #scope: CacheScope;

  constructor(host: Pick<HandleHost, 'checkOpen' | 'admitSlow'>, scope: CacheScope) {
    this.#host = host;
    this.#scope = scope;
  }

  cacheFile(path: string, content: string, options?: { metadata?: JsonObject; mtimeMs?: number }) {
    return this.#ask((scope) => scope.cacheFile(path, content, options));
  }

  getFile(path: string) {
    return this.#host.admitSlow(() => this.#scope.getFile(path));
  }

  cacheAnalysis(path: string, kind: string, result: Json) {
    return this.#ask((scope) => scope.cacheAnalysis(path, kind, result));
  }

  getAnalysis(path: string, kind: string) {
    return this.#ask((scope) => scope.getAnalysis(path, kind));
  }

  invalidateFile(path: string) {
    return this.#ask((scope) => scope.invalidateFile(path));
  }

  clear() {
    return this.#ask((scope) => scope.clear());
  }

  stats() {
    return this.#ask((scope) => scope.stats());
  }

  /** It needs nothing of the store, so it never waits for recovery. */
  async #ask<R>(call: (scope: CacheScope) => R | Promise<R>): Promise<R> {
    this.#host.checkOpen();
    return call(this.#scope);
  }
}
