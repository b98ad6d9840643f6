import type { ErrorInfo, Json, JsonObject, Message, SessionStatus, TerminationReason } from '../data.ts';

/** What every event carries. `seq` is a cursor: strictly increasing over the store's life, not contiguous. */
export interface EventBase<T extends string> {
  readonly type: T;
  readonly sessionId: string;
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
}

type Event<T extends string, P = unknown> = EventBase<T> & Readonly<P>;

export type LifecycleEvent =
  | Event<'session_created', { metadata: JsonObject }>
  | Event<
      'session_status',
      { status: SessionStatus; previousStatus: SessionStatus; reason?: TerminationReason }
    >
  | Event<'session_crashed', { error: ErrorInfo; restarting: boolean; attempt: number }>
  | Event<'session_terminated', { reason: TerminationReason; error?: ErrorInfo }>;

export type ContextEvent =
  | Event<'conversation_added', { message: Message }>
  | Event<'conversation_cleared'>
  | Event<'file_added', { path: string }>
  | Event<'file_removed', { path: string }>
  | Event<'context_updated', { filesChanged: readonly string[] }>
  | Event<'working_context_updated', { key: string }>;

/** What an agent publishes with XState's `emit`; the engine adds `sessionId`, `seq` and `at`. */
export interface AgentEventPayloads {
  llm_stream_chunk: { turnId: string; content: string; chunkIndex?: number; isFinal?: boolean };
  llm_response: {
    turnId: string;
    content: string;
    messageId?: string;
    model?: string;
    tokensUsed?: number;
  };
  agent_status: { agentName: string; status: string; message?: string; turnId?: string };
  tool_call: { turnId: string; toolId: string; toolName: string; parameters: JsonObject };
  tool_result: {
    turnId: string;
    toolId: string;
    toolName: string;
    status: string;
    result?: Json;
    error?: Json;
  };
  analysis_complete: {
    filesAnalyzed: number;
    issuesFound: number;
    durationMs?: number;
    results?: Json;
    turnId?: string;
  };
  issue_found: {
    severity: string;
    message: string;
    file?: string;
    line?: number;
    column?: number;
    suggestion?: string;
    turnId?: string;
  };
}

export type AgentEventType = keyof AgentEventPayloads;
/** What an agent may emit: the type and its payload, before the engine stamps it. */
export type AgentEmission = {
  [T in AgentEventType]: Readonly<{ type: T } & AgentEventPayloads[T]>;
}[AgentEventType];
export type AgentEvent = { [T in AgentEventType]: Event<T, AgentEventPayloads[T]> }[AgentEventType];

/** Stands for a run of events that a cursor or a slow stream can no longer be given. */
export interface GapEvent {
  readonly type: 'gap';
  readonly seq: number;
  readonly at: string;
  /** First and last missing `seq`, inclusive. */
  readonly from: number;
  readonly to: number;
  readonly sessionId?: never;
}

export type SessionEvent = LifecycleEvent | ContextEvent | AgentEvent | GapEvent;
export type SessionEventType = SessionEvent['type'];
/** An event with a session: everything but `gap`. */
export type PublishedEvent = Exclude<SessionEvent, GapEvent>;
