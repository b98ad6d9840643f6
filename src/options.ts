import type { AnyActorLogic, InspectionEvent, Observer } from 'xstate';
import type { SessionCache, SessionContext } from './client.ts';
import type { Clock } from './clock.ts';
import type { JsonObject, SessionConfig } from './data.ts';
import type { AgentVersion, MigrateAgent } from './session/agent-version.ts';
import type { SessionStore } from './store/port.ts';

/**
 * What a hook is given. While it runs, `context` and `cache` take its writes, whatever the session's status; later
 * they follow the same rules as any handle, until this incarnation of the session ends.
 */
export interface HookContext {
  readonly id: string;
  readonly metadata: JsonObject;
  readonly llmConfig: JsonObject;
  readonly signal: AbortSignal;
  readonly context: SessionContext;
  readonly cache: SessionCache;
}

/** The `input` of an agent's logic. All agents of a manager share one actor system, so a `systemId` can be taken only once. */
export interface AgentInput {
  readonly session: {
    readonly id: string;
    readonly metadata: JsonObject;
    readonly llmConfig: JsonObject;
    readonly context: SessionContext;
    readonly cache: SessionCache;
  };
  /** Aborts when the session stops its agent. */
  readonly signal: AbortSignal;
}

/** Where the cache reads files from. A missing file: `stat` gives `undefined` or throws `ENOENT`. */
export interface FileSource {
  stat(path: string): FileStat | undefined | Promise<FileStat | undefined>;
  read(path: string): string | Promise<string>;
}
export interface FileStat {
  readonly mtimeMs: number;
  /** Bytes. */
  readonly size: number;
}

export interface SupervisionOptions {
  /** `temporary` never restarts, `transient` after a crash or a kill, `permanent` also when the agent completes. */
  restart: 'temporary' | 'transient' | 'permanent';
  /** Restarts allowed within `withinMs`; one more and the session ends `crashed`. */
  maxRestarts: number;
  withinMs: number;
  /** Pause before each restart, in milliseconds. */
  backoffMs: number;
}

export interface TimeoutOptions {
  /** For the initialize hook; then create rejects `TIMEOUT`. */
  initializeMs: number;
  /** For the cleanup hook; then the session is forced, `reason: 'timeout'`. */
  terminateMs: number;
}

/** Hard caps that no session's own config overrides. */
export interface Limits {
  maxSessions: number;
  /** Bytes of one message's content and metadata as JSON; also of one working-context value. */
  maxMessageBytes: number;
  /** Bytes of `metadata` and of `llmConfig`, as JSON. */
  maxMetadataBytes: number;
  /** Calls waiting at once, over all sessions; one more rejects `OVERLOADED`. */
  maxPending: number;
  /** Bytes held by each session's cache, and by the global one. */
  cacheBytes: number;
}

/** `console` fits, and so does one function. */
export type Logger =
  | Partial<Record<LogLevel, (message: string, ...details: unknown[]) => void>>
  | ((message: string, ...details: unknown[]) => void);
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export type InspectionObserver = Observer<InspectionEvent> | ((event: InspectionEvent) => void);

export interface SessionManagerOptions<TAgent extends AnyActorLogic = AnyActorLogic> {
  /** Default `memoryStore()`. */
  store?: SessionStore;
  /** Any XState actor logic; it runs inside each active session and gets an {@link AgentInput}. */
  agent?: TAgent;
  /** Of the shape of the agent's snapshots: change it when a stored one would not fit the agent any more. */
  agentVersion?: AgentVersion;
  /**
   * Makes of a snapshot that was stored under another `agentVersion` one that fits. Without it, or when it throws,
   * the agent starts afresh, and that is reported.
   */
  migrateAgent?: MigrateAgent;
  hooks?: {
    initialize?(session: HookContext): void | Promise<void>;
    cleanup?(session: HookContext): void | Promise<void>;
  };
  supervision?: Partial<SupervisionOptions>;
  timeouts?: Partial<TimeoutOptions>;
  /** What a session's own `config` overrides. */
  sessionDefaults?: Partial<SessionConfig>;
  limits?: Partial<Limits>;
  /** The caches read through it, and revalidate what they loaded by modification time and size. */
  files?: FileSource;
  /** Default `ceil(length / 4)`. */
  countTokens?: (text: string) => number;
  clock?: Clock;
  /** Session ids only; message ids are `<sessionId>:<n>`. Default `session_<uuid v4>`. */
  generateId?: () => string;
  /** Default: warnings and errors to the console. */
  logger?: Logger;
  /** XState's inspection of the whole actor system. Costs time on every event while it is there. */
  inspect?: InspectionObserver;
}
