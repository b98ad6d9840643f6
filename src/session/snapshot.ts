import type { Json, JsonObject, Message, SessionConfig } from '../data.ts';
import { Conversation } from './conversation.ts';
import type { SessionState } from './state.ts';

/** Of {@link SessionData} and {@link SnapshotData}. */
export const FORMAT_VERSION = 1;

/** What a session holds, as JSON: a saved session is this, and a stored snapshot includes it. */
export interface SessionData {
  readonly metadata: JsonObject;
  readonly llmConfig: JsonObject;
  readonly config: SessionConfig;
  /** Each message with its tokens, oldest first. */
  readonly conversation: ReadonlyArray<readonly [Message, number]>;
  readonly messageNumber: number;
  readonly files: ReadonlyArray<readonly [path: string, addedAt: string]>;
  readonly fileIndex: ReadonlyArray<readonly [path: string, metadata: JsonObject]>;
  readonly workingContext: ReadonlyArray<readonly [key: string, value: Json]>;
  /** Messages by idempotency key. */
  readonly keyed: ReadonlyArray<readonly [key: string, message: Message]>;
}

/** What is held in containers, which a state makes when first needed and a snapshot writes out. */
type Contents = 'conversation' | 'files' | 'fileIndex' | 'workingContext' | 'keyed';

/** A state at one fact of its session: where a replay may start instead of at the first. */
export type SnapshotData = SessionData & Omit<SessionState, Contents>;

export function sessionData(state: SessionState): SessionData {
  const { conversation } = state;
  const messages = conversation?.slice(conversation.count) ?? [];
  return {
    metadata: state.metadata,
    llmConfig: state.llmConfig,
    config: state.config,
    conversation: messages.map((message, n) => [message, conversation?.tokensAt(n) ?? 0] as const),
    messageNumber: state.messageNumber,
    files: [...(state.files ?? [])],
    fileIndex: [...(state.fileIndex ?? [])],
    workingContext: [...(state.workingContext ?? [])],
    keyed: [...(state.keyed ?? [])],
  };
}

/** `lastActivityAt` is that of activity which made no fact, if that came later; `agent` where it is by now. */
export function snapshotData(
  state: SessionState,
  lastActivityAt = state.lastActivityAt,
  agent = state.agent,
): SnapshotData {
  const { conversation, files, fileIndex, workingContext, keyed, ...head } = state;
  return { ...head, lastActivityAt, agent, ...sessionData(state) };
}

const NO_LIMIT = Number.POSITIVE_INFINITY;

/** Puts what `data` holds into a state that is still empty; the limits were kept when it was gathered. */
export function fillFrom(state: SessionState, data: SessionData): void {
  state.messageNumber = data.messageNumber;
  if (data.conversation.length > 0) {
    state.conversation = new Conversation();
    for (const [message, tokens] of data.conversation)
      state.conversation.add(message, tokens, NO_LIMIT, NO_LIMIT);
  }
  if (data.files.length > 0) state.files = new Map(data.files);
  if (data.fileIndex.length > 0) state.fileIndex = new Map(data.fileIndex);
  if (data.workingContext.length > 0) state.workingContext = new Map(data.workingContext);
  if (data.keyed.length > 0) state.keyed = new Map(data.keyed);
}
