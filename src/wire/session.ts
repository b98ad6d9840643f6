import type { SendOptions, Session, SessionCache, SessionClient, SessionContext } from '../client.ts';
import { ClientSession, endOwned } from '../client-session.ts';
import type { Content, ContextPart, Json, JsonObject, Message, Role } from '../data.ts';
import { asyncDispose } from '../dispose.ts';
import type { OpName } from './ops.ts';

/** Asks the far end; the type is that of the call's own method. */
export type Ask = <R>(op: OpName, ...args: unknown[]) => Promise<R>;

type Result<T, K extends keyof T> = T[K] extends (...args: never[]) => Promise<infer R> ? R : never;
type FromContext<K extends keyof SessionContext> = Result<SessionContext, K>;
type FromCache<K extends keyof SessionCache> = Result<SessionCache, K>;

/** A handle over a wire. */
export class WireSession<TAgentEvent> extends ClientSession<TAgentEvent> {
  readonly #ask: Ask;

  constructor(client: SessionClient<TAgentEvent>, ask: Ask, id: string) {
    super(client, id);
    this.#ask = ask;
  }

  override get context(): SessionContext {
    return contextOf(this.#ask, this.id);
  }

  override get cache(): SessionCache {
    return cacheOf(this.#ask, this.id);
  }

  override snapshot(options?: { messages?: number }) {
    return this.#ask<Result<Session, 'snapshot'>>('snapshot', this.id, options);
  }

  override dispatch(event: TAgentEvent): Promise<void> {
    return this.#ask('dispatch', this.id, event);
  }
}

/** What `createSession` gives: disposing it ends the session that was created, not a later one of its id. */
export class OwnedWireSession<TAgentEvent> extends WireSession<TAgentEvent> implements AsyncDisposable {
  readonly #end: () => Promise<void>;

  constructor(client: SessionClient<TAgentEvent>, ask: Ask, id: string, seq: number) {
    super(client, ask, id);
    this.#end = () => ask('end', id, seq);
  }

  [asyncDispose](): Promise<void> {
    return endOwned(this.#end);
  }
}

function contextOf(ask: Ask, id: string): SessionContext {
  return {
    addMessage: (role: Role, content: Content, options?: SendOptions) =>
      ask<Message>('sendMessage', id, role, content, options),
    history: (options?: { limit?: number; before?: string }) => ask<Message[]>('history', id, options),
    clearConversation: () => ask<void>('clearConversation', id),
    addFile: (path: string) => ask<void>('addFile', id, path),
    removeFile: (path: string) => ask<void>('removeFile', id, path),
    activeFiles: () => ask<FromContext<'activeFiles'>>('activeFiles', id),
    updateFileIndex: (path: string, metadata: JsonObject) => ask<void>('updateFileIndex', id, path, metadata),
    fileIndex: () => ask<FromContext<'fileIndex'>>('fileIndex', id),
    put: (key: string, value: Json) => ask<void>('put', id, key, value),
    get: (key: string) => ask<FromContext<'get'>>('get', id, key),
    keys: () => ask<string[]>('keys', id),
    delete: (key: string) => ask<void>('delete', id, key),
    build: (
      include: readonly ContextPart[],
      options?: { maxMessages?: number; maxFiles?: number; maxTokens?: number },
    ) => ask<FromContext<'build'>>('build', id, include, options),
  };
}

function cacheOf(ask: Ask, id: string): SessionCache {
  return {
    cacheFile: (path: string, content: string, options?: { metadata?: JsonObject; mtimeMs?: number }) =>
      ask<void>('cacheFile', id, path, content, options),
    getFile: (path: string) => ask<FromCache<'getFile'>>('getFile', id, path),
    cacheAnalysis: (path: string, kind: string, result: Json) =>
      ask<void>('cacheAnalysis', id, path, kind, result),
    getAnalysis: (path: string, kind: string) => ask<FromCache<'getAnalysis'>>('getAnalysis', id, path, kind),
    invalidateFile: (path: string) => ask<void>('invalidateFile', id, path),
    clear: () => ask<void>('clear', id),
    stats: () => ask<FromCache<'stats'>>('stats', id),
  };
}
