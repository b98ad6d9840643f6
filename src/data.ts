/** The data that crosses the public API. All of it is JSON, and deeply frozen when a caller receives it. */

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export type SessionStatus = 'initializing' | 'active' | 'idle' | 'terminating' | 'terminated';

/** Why a session ended. `terminateSession` may give a text of its own in place of `normal`. */
export type TerminationReason =
  | 'normal'
  | 'killed'
  | 'crashed'
  | 'timeout'
  | 'idle'
  | 'closed'
  | 'init_failed'
  | (string & {});

export type Role = 'system' | 'user' | 'assistant' | 'tool';
export type ContentPart = { readonly type: string } & JsonObject;
export type Content = string | readonly ContentPart[];

export interface Message {
  /** `<sessionId>:<n>`, counted from 1 within the session. */
  readonly id: string;
  /** The cursor of the `conversation_added` event that brought it. */
  readonly seq: number;
  readonly role: Role;
  readonly content: Content;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly idempotencyKey?: string;
  readonly toolCallId?: string;
  readonly metadata?: JsonObject;
}

/** A thrown value as JSON: what an event or a `SessionInfo` can carry. */
export interface ErrorInfo extends JsonObject {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
}

export interface SessionConfig {
  /** Messages kept; over it the oldest go first. */
  readonly maxMessages: number;
  /** Tokens kept, as `countTokens` counts them; over it the oldest messages go first. */
  readonly maxTokens: number;
  /** Active files kept; over it the oldest go first, each with a `file_removed`. */
  readonly maxFiles: number;
  /** Milliseconds without activity until `idle`. */
  readonly idleAfterMs?: number;
  /** Milliseconds without activity until an idle session goes out of memory; the next touch brings it back. */
  readonly sleepAfterMs?: number;
  /** Milliseconds without activity until the session is terminated with reason `idle`. */
  readonly terminateAfterMs?: number;
  /** Names of features that hooks and agents may look at; the engine gives them no meaning. */
  readonly features: readonly string[];
}

export interface SessionInfo {
  readonly id: string;
  /** The cursor of its creation; `listSessions({ after })` pages by it. */
  readonly seq: number;
  readonly status: SessionStatus;
  readonly metadata: JsonObject;
  readonly llmConfig: JsonObject;
  readonly config: SessionConfig;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly lastActivityAt: string;
  readonly messageCount: number;
  readonly activeFileCount: number;
  /** Unsettled dispatches plus the agent's running children; while not 0 the session does not idle. */
  readonly activeTasks: number;
  readonly restarts: number;
  readonly error?: ErrorInfo;
}

export interface ActiveFile {
  readonly path: string;
  /** ISO 8601. */
  readonly addedAt: string;
}

export interface CachedFile {
  readonly content: string;
  readonly mtimeMs: number;
  /** Bytes of the content in UTF-8, or what the file source reported. */
  readonly size: number;
  readonly metadata: JsonObject;
}

export interface CacheStats {
  readonly files: number;
  readonly analyses: number;
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
}

export type ContextPart = 'conversation' | 'files' | 'fileIndex' | 'workingContext';

/** What `context.build` returns: the parts that were asked for, and how many tokens the conversation takes. */
export interface BuiltContext {
  readonly conversation?: readonly Message[];
  readonly files?: readonly ActiveFile[];
  readonly fileIndex?: Readonly<Record<string, JsonObject>>;
  readonly workingContext?: Readonly<Record<string, Json>>;
  readonly tokens: number;
}

export interface SavedSession {
  readonly id: string;
  /** ISO 8601. */
  readonly savedAt: string;
  readonly messageCount: number;
  readonly metadata: JsonObject;
}

export interface RecoveryReport {
  readonly recovered: number;
  /** Stored sessions that cannot be read, and why. They stay in the store as they are. */
  readonly quarantined: ReadonlyArray<{ readonly id: string; readonly reason: string }>;
  /** What did not come back of the agents of sessions that did. Absent when nothing is lost. */
  readonly lost?: ReadonlyArray<{ readonly id: string; readonly reason: string }>;
}
