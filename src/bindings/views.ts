import type { ActiveFile, Json, JsonObject, Message, SessionInfo } from '../data.ts';
import { wrapThrown } from '../error-info.ts';
import { isSessionError, type SessionError } from '../errors.ts';
import type { StreamingText } from './streams.ts';

/** Sessions that match a filter, in creation order. A row that has not changed keeps its reference. */
export type SessionsView =
  | { readonly status: 'loading'; readonly sessions: readonly SessionInfo[]; readonly error: undefined }
  | { readonly status: 'ready'; readonly sessions: readonly SessionInfo[]; readonly error: undefined }
  /** `sessions` is the last that was known. */
  | { readonly status: 'error'; readonly sessions: readonly SessionInfo[]; readonly error: SessionError };

/** One session. One that is not there, or not any more, is an `error`: `SESSION_NOT_FOUND`. */
export type SessionView =
  | { readonly status: 'loading'; readonly info: undefined; readonly error: undefined }
  | { readonly status: 'ready'; readonly info: SessionInfo; readonly error: undefined }
  | { readonly status: 'error'; readonly info: undefined; readonly error: SessionError };

/** A session's messages, oldest first, and the answers that are being told. */
export interface ConversationParts {
  /** Another array only when a message has come or gone. */
  readonly messages: readonly Message[];
  readonly streaming: readonly StreamingText[];
}
export type ConversationView =
  | ({ readonly status: 'loading'; readonly error: undefined } & ConversationParts)
  | ({ readonly status: 'ready'; readonly error: undefined } & ConversationParts)
  /** `messages` are the last that were known: what a session said that is gone. */
  | ({ readonly status: 'error'; readonly error: SessionError } & ConversationParts);

/** One part of a session's context. */
export type PartView<T> =
  | { readonly status: 'loading'; readonly value: T; readonly error: undefined }
  | { readonly status: 'ready'; readonly value: T; readonly error: undefined }
  | { readonly status: 'error'; readonly value: T; readonly error: SessionError };

/** The parts of a context that `context.build` gives, beside the conversation. */
export interface ContextParts {
  readonly files: readonly ActiveFile[];
  readonly fileIndex: Readonly<Record<string, JsonObject>>;
  readonly workingContext: Readonly<Record<string, Json>>;
}

/** What a page was handed with its markup, so that it shows the same before its client has answered. */
export interface InitialData {
  /** All sessions, in creation order. */
  readonly sessions?: readonly SessionInfo[];
  /** What `session.snapshot()` gave, of any number of sessions. */
  readonly snapshots?: readonly Snapshot[];
}

/** What `session.snapshot()` gives. */
export interface Snapshot {
  readonly info: SessionInfo;
  readonly messages: readonly Message[];
  readonly seq: number;
}

const NONE: readonly never[] = Object.freeze([]);
const NOTHING = Object.freeze({});

export const SESSIONS_LOADING: SessionsView = view({ status: 'loading', sessions: NONE, error: undefined });
export const SESSION_LOADING: SessionView = view({ status: 'loading', info: undefined, error: undefined });
export const CONVERSATION_LOADING: ConversationView = view({
  status: 'loading',
  messages: NONE,
  streaming: NONE,
  error: undefined,
});
export const PARTS_LOADING: { readonly [P in keyof ContextParts]: PartView<ContextParts[P]> } = {
  files: view({ status: 'loading', value: NONE, error: undefined }),
  fileIndex: view({ status: 'loading', value: NOTHING, error: undefined }),
  workingContext: view({ status: 'loading', value: NOTHING, error: undefined }),
};

/** Views go round among components, and must not be changed by one. */
export function view<V extends object>(value: V): V {
  return Object.freeze(value);
}

/** Whatever a client rejected with. What is none of ours is `CONNECTION_LOST`: it did not say what it should. */
export function asSessionError(thrown: unknown, sessionId?: string): SessionError {
  if (isSessionError(thrown)) return thrown;
  return wrapThrown('CONNECTION_LOST', 'The client gave no proper answer', thrown, sessionId);
}
