import type {
  ActiveFile,
  BuiltContext,
  CachedFile,
  CacheStats,
  Content,
  ContextPart,
  Json,
  JsonObject,
  Message,
  Role,
  SavedSession,
  SessionConfig,
  SessionInfo,
  SessionStatus,
} from './data.ts';
import type { GapEvent, SessionEvent } from './events/types.ts';

export type Unsubscribe = () => void;

export interface CreateSessionOptions {
  /** 1–128 characters of `A-Z a-z 0-9 _ . : -`, not starting with a dot. Default `session_<uuid>`. */
  id?: string;
  metadata?: JsonObject;
  llmConfig?: JsonObject;
  config?: Partial<SessionConfig>;
  /** Aborting while the session initializes ends it; create rejects `ABORTED`. */
  signal?: AbortSignal;
}

export interface SendOptions {
  /** The same key returns the first `Message`, whatever the content, until the session is gone. */
  idempotencyKey?: string;
  toolCallId?: string;
  metadata?: JsonObject;
  signal?: AbortSignal;
}

export interface TerminateOptions {
  reason?: string;
  /** How long cleanup may take, in milliseconds; then the session is forced, `reason: 'timeout'`. */
  timeoutMs?: number;
  /** Counts until the session is `terminating`; from then on the termination goes on. */
  signal?: AbortSignal;
}

export interface SubscribeOptions<T extends SessionEvent['type'] = SessionEvent['type']> {
  types?: readonly T[];
  signal?: AbortSignal;
  /** Deliver every retained event with a greater `seq` first, then go on live. */
  from?: number;
}

export interface EventStreamOptions<T extends SessionEvent['type'] = SessionEvent['type']>
  extends SubscribeOptions<T> {
  sessionId?: string;
  /** Events held for a slow reader. Default 1024. */
  buffer?: number;
  overflow?: 'drop-oldest' | 'error';
}

export interface ListFilter {
  status?: SessionStatus | readonly SessionStatus[];
  limit?: number;
  /** The `seq` of the last session of the previous page. */
  after?: number;
}

/** Narrows an event to the types asked for. A `gap` passes every filter, so it stays in the union. */
export type EventOf<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }> | GapEvent;
export type EventListener<T extends SessionEvent['type'] = SessionEvent['type']> = (
  event: Extract<SessionEvent, { type: T }>,
) => void;

/**
 * What every back end offers: the in-process manager now, a remote or distributed one later. Everything
 * that asks is asynchronous; a rejected call changed no session.
 */
export interface SessionClient<TAgentEvent = never> extends AsyncDisposable {
  /** Resolves once the session is active. Rejects `DUPLICATE_SESSION`, `INITIALIZE_FAILED`, `TIMEOUT`, … */
  createSession(options?: CreateSessionOptions): Promise<Session<TAgentEvent> & AsyncDisposable>;
  /** Waits out a session of that id that is terminating. */
  getOrCreateSession(
    id: string,
    options?: CreateSessionOptions,
  ): Promise<{ session: Session<TAgentEvent>; created: boolean }>;
  /** Resolves once gone: look-ups then say not found. */
  terminateSession(id: string, options?: TerminateOptions): Promise<void>;
  /** Ends it now: no cleanup hook, no waiting. `reason` is kept as the `error` of `session_terminated`. */
  killSession(id: string, reason?: unknown): Promise<void>;
  /** In creation order. */
  listSessions(filter?: ListFilter): Promise<SessionInfo[]>;
  getSessionInfo(id: string): Promise<SessionInfo>;
  /** A handle; for an unknown id its calls reject `SESSION_NOT_FOUND`. */
  session(id: string): Session<TAgentEvent>;
  sendMessage(id: string, role: Role, content: Content, options?: SendOptions): Promise<Message>;

  subscribeToSession<T extends SessionEvent['type'] = SessionEvent['type']>(
    id: string,
    listener: EventListener<T>,
    options?: SubscribeOptions<T>,
  ): Unsubscribe;
  subscribeToAllSessions<T extends SessionEvent['type'] = SessionEvent['type']>(
    listener: EventListener<T>,
    options?: SubscribeOptions<T>,
  ): Unsubscribe;
  events<T extends SessionEvent['type'] = SessionEvent['type']>(
    options?: EventStreamOptions<T>,
  ): AsyncIterableIterator<EventOf<T>>;

  saveSession(id: string): Promise<SavedSession>;
  /** The same id, conversation, files, working context, metadata and idempotency keys. */
  restoreSession(id: string): Promise<Session<TAgentEvent>>;
  listSavedSessions(): Promise<SavedSession[]>;
  deleteSavedSession(id: string): Promise<void>;
  /** Settles every call in flight and stops the actors; terminates no session unless told to. Idempotent. */
  close(options?: { terminate?: boolean }): Promise<void>;
}

/** A plain handle. It belongs to the id, not to one incarnation of the session. */
export interface Session<TAgentEvent = never> {
  readonly id: string;
  info(): Promise<SessionInfo>;
  /** One consistent view; follow it with `events({ from: seq })`. */
  snapshot(options?: { messages?: number }): Promise<{ info: SessionInfo; messages: Message[]; seq: number }>;
  send(role: Role, content: Content, options?: SendOptions): Promise<Message>;
  /**
   * Sends an event to the session's agent, and resolves once the agent has taken it and where it is then is stored.
   * `INVALID_TRANSITION` when no agent is running. `STORE_FAILED` when the agent has taken it and the store refused.
   */
  dispatch(event: TAgentEvent): Promise<void>;
  readonly context: SessionContext;
  readonly cache: SessionCache;
  subscribe<T extends SessionEvent['type'] = SessionEvent['type']>(
    listener: EventListener<T>,
    options?: SubscribeOptions<T>,
  ): Unsubscribe;
  events<T extends SessionEvent['type'] = SessionEvent['type']>(
    options?: Omit<EventStreamOptions<T>, 'sessionId'>,
  ): AsyncIterableIterator<EventOf<T>>;
  terminate(options?: TerminateOptions): Promise<void>;
  kill(reason?: unknown): Promise<void>;
}

/** A session's conversation, active files, file index and working context. */
export interface SessionContext {
  addMessage(role: Role, content: Content, options?: SendOptions): Promise<Message>;
  /** The newest `limit` messages before message `before`, oldest first. */
  history(options?: { limit?: number; before?: string }): Promise<Message[]>;
  clearConversation(): Promise<void>;
  addFile(path: string): Promise<void>;
  /** Takes it out of the file index too. */
  removeFile(path: string): Promise<void>;
  activeFiles(): Promise<ActiveFile[]>;
  /** Merges into what is known of the path. */
  updateFileIndex(path: string, metadata: JsonObject): Promise<void>;
  fileIndex(): Promise<Record<string, JsonObject>>;
  put(key: string, value: Json): Promise<void>;
  get(key: string): Promise<Json | undefined>;
  keys(): Promise<string[]>;
  delete(key: string): Promise<void>;
  build(
    include: readonly ContextPart[],
    options?: { maxMessages?: number; maxFiles?: number; maxTokens?: number },
  ): Promise<BuiltContext>;
}

/** File contents and analysis results, bounded in bytes; the least recently used go first. */
export interface SessionCache {
  cacheFile(
    path: string,
    content: string,
    options?: { metadata?: JsonObject; mtimeMs?: number },
  ): Promise<void>;
  getFile(path: string): Promise<CachedFile | undefined>;
  cacheAnalysis(path: string, kind: string, result: Json): Promise<void>;
  getAnalysis(path: string, kind: string): Promise<{ result: Json; cachedAt: string } | undefined>;
  /** Forgets the file and its analyses. */
  invalidateFile(path: string): Promise<void>;
  clear(): Promise<void>;
  stats(): Promise<CacheStats>;
}
