import type {
  ErrorInfo,
  Json,
  JsonObject,
  Message,
  SessionConfig,
  SessionStatus,
  TerminationReason,
} from '../data.ts';
import type { AgentSnapshot, LostAgent } from './agent-snapshot.ts';
import type { AgentVersion } from './agent-version.ts';
import { Conversation } from './conversation.ts';
import type { Fact } from './facts.ts';
import { fillFrom } from './snapshot.ts';

/** An agent as it was last written down; `null` for one that had completed. */
export interface StoredAgent {
  readonly agent: AgentSnapshot | null;
  /** The `agentVersion` it ran with. */
  readonly version?: AgentVersion;
}

const NO_TIMES: readonly number[] = Object.freeze([]);

/**
 * Everything that is known of one session: a fold over its facts, and nothing else. Containers are made when
 * first needed, because most of a large fleet is empty.
 */
export interface SessionState {
  readonly id: string;
  /** Of its creation. */
  readonly seq: number;
  readonly metadata: JsonObject;
  readonly llmConfig: JsonObject;
  readonly config: SessionConfig;
  readonly createdAt: string;
  /** How many facts it has had. */
  sessionSeq: number;
  status: SessionStatus;
  updatedAt: string;
  lastActivityAt: string;
  /** Messages ever added, which numbers the next. */
  messageNumber: number;
  restarts: number;
  error: ErrorInfo | undefined;
  /** Of the end that is under way. */
  reason: TerminationReason | undefined;
  /** Another incarnation follows the end that is under way. */
  restarting: boolean;
  /** Milliseconds of the restarts that still count against the intensity. */
  restartTimes: readonly number[];
  /** Of this incarnation's agent: where it is, or why that cannot be said. */
  agent: StoredAgent | LostAgent | undefined;
  conversation: Conversation | undefined;
  /** Path → when it was added, oldest first. */
  files: Map<string, string> | undefined;
  fileIndex: Map<string, JsonObject> | undefined;
  workingContext: Map<string, Json> | undefined;
  /** Idempotency key → the message it brought, kept when the message itself was pushed out. */
  keyed: Map<string, Message> | undefined;
}

/** The state after `fact`. The first fact of a session makes the state; later ones change it in place. */
export function applyFact(state: SessionState | undefined, fact: Fact): SessionState {
  if (state === undefined) return created(fact);
  state.sessionSeq = fact.sessionSeq;
  if (fact.type !== 'agent_saved') state.updatedAt = fact.at;
  switch (fact.type) {
    case 'session_created':
      throw new Error(`Session "${state.id}" was created twice in its journal.`);
    case 'session_status':
      applyStatus(state, fact.payload.status, fact.at);
      state.reason = fact.payload.reason;
      break;
    case 'session_crashed':
      state.error = fact.payload.error;
      state.restarting = fact.payload.restarting;
      state.restartTimes = fact.payload.restartTimes;
      break;
    case 'agent_saved': {
      const { activeAt, ...agent } = fact.payload;
      state.agent = Object.freeze(agent);
      if (activeAt !== undefined && activeAt > state.lastActivityAt) state.lastActivityAt = activeAt;
      break;
    }
    case 'session_terminated':
      state.error = fact.payload.error ?? state.error;
      break;
    default:
      state.lastActivityAt = fact.at;
      applyContent(state, fact);
  }
  return state;
}

function created(fact: Fact): SessionState {
  if (fact.type !== 'session_created')
    throw new Error(`The journal of session "${fact.sessionId}" starts with ${fact.type}.`);
  const { metadata, llmConfig, config, restored } = fact.payload;
  const state: SessionState = {
    id: fact.sessionId,
    seq: fact.seq,
    metadata,
    llmConfig,
    config,
    createdAt: fact.at,
    sessionSeq: fact.sessionSeq,
    status: 'initializing',
    updatedAt: fact.at,
    lastActivityAt: fact.at,
    messageNumber: 0,
    restarts: 0,
    error: undefined,
    reason: undefined,
    restarting: false,
    restartTimes: NO_TIMES,
    agent: undefined,
    conversation: undefined,
    files: undefined,
    fileIndex: undefined,
    workingContext: undefined,
    keyed: undefined,
  };
  if (restored) fillFrom(state, restored);
  return state;
}

function applyStatus(state: SessionState, status: SessionStatus, at: string): void {
  if (status === 'initializing') {
    state.restarts += 1;
    state.restarting = false;
    state.agent = undefined;
  }
  if (status === 'active') state.lastActivityAt = at;
  state.status = status;
}

function applyContent(state: SessionState, fact: Fact): void {
  switch (fact.type) {
    case 'conversation_added': {
      const { message, tokens } = fact.payload;
      const { maxMessages, maxTokens } = state.config;
      state.conversation ??= new Conversation();
      state.conversation.add(message, tokens, maxMessages, maxTokens);
      state.messageNumber += 1;
      if (message.idempotencyKey !== undefined) {
        state.keyed ??= new Map();
        state.keyed.set(message.idempotencyKey, message);
      }
      break;
    }
    case 'conversation_cleared':
      state.conversation?.clear();
      break;
    case 'file_added':
      state.files ??= new Map();
      state.files.set(fact.payload.path, fact.at);
      break;
    case 'file_removed':
      state.files?.delete(fact.payload.path);
      state.fileIndex?.delete(fact.payload.path);
      break;
    case 'context_updated':
      for (const path of fact.payload.filesChanged) indexFile(state, path, fact.payload.metadata);
      break;
    case 'working_context_updated': {
      const { key, value } = fact.payload;
      if (value === undefined) state.workingContext?.delete(key);
      else {
        state.workingContext ??= new Map();
        state.workingContext.set(key, value);
      }
      break;
    }
  }
}

function indexFile(state: SessionState, path: string, metadata: JsonObject | null): void {
  if (metadata === null) state.fileIndex?.delete(path);
  else {
    state.fileIndex ??= new Map();
    state.fileIndex.set(path, Object.freeze({ ...state.fileIndex.get(path), ...metadata }));
  }
}
