import { checkInteger, checkOptions, invalidArgument } from '../check.ts';
import type { BuiltContext, ContextPart, Json, JsonObject, Message, SessionInfo } from '../data.ts';
import { messageNumber } from '../ids.ts';
import { runningChildren } from './agent.ts';
import type { SessionEntry } from './entry.ts';
import type { SessionState } from './state.ts';

/** Copies for callers: frozen, and never live state. */

export function infoOf(entry: SessionEntry): SessionInfo {
  const { state } = entry;
  const base = {
    id: state.id,
    seq: state.seq,
    status: state.status,
    metadata: state.metadata,
    llmConfig: state.llmConfig,
    config: state.config,
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
    lastActivityAt: entry.touchedAt ?? state.lastActivityAt,
    messageCount: state.conversation?.count ?? 0,
    activeFileCount: state.files?.size ?? 0,
    activeTasks: activeTasks(entry),
    restarts: state.restarts,
  };
  return Object.freeze(state.error ? { ...base, error: state.error } : base);
}

export function activeTasks({ agent, dispatching }: SessionEntry): number {
  return dispatching + (agent ? runningChildren(agent) : 0);
}

export function historyOf(
  state: SessionState,
  options: { limit?: number; before?: string } | undefined,
): Message[] {
  const { limit, before } = checkOptions(options, 'options', ['limit', 'before']);
  const count =
    limit === undefined ? Number.POSITIVE_INFINITY : checkInteger(limit, 'options.limit', { min: 0 });
  const { conversation } = state;
  const end = before === undefined ? undefined : positionOf(state, before);
  return Object.freeze(conversation?.slice(count, end) ?? []) as Message[];
}

/** Messages are numbered without holes, so a message's number tells its place. */
function positionOf(state: SessionState, id: string): number {
  const number = typeof id === 'string' ? messageNumber(state.id, id) : undefined;
  if (number === undefined)
    throw invalidArgument('options.before', `the id of a message of session "${state.id}"`, id);
  const first = state.conversation?.at(0);
  return first ? number - (messageNumber(state.id, first.id) ?? 0) : 0;
}

export function activeFilesOf(state: SessionState) {
  const files = [...(state.files ?? [])].map(([path, addedAt]) => Object.freeze({ path, addedAt }));
  return Object.freeze(files) as typeof files;
}

export function fileIndexOf(state: SessionState): Record<string, JsonObject> {
  return Object.freeze(Object.fromEntries(state.fileIndex ?? []));
}

const PARTS: readonly ContextPart[] = ['conversation', 'files', 'fileIndex', 'workingContext'];

export function buildContext(
  state: SessionState,
  include: readonly ContextPart[],
  options: { maxMessages?: number; maxFiles?: number; maxTokens?: number } | undefined,
): BuiltContext {
  const limits = checkOptions(options, 'options', ['maxMessages', 'maxFiles', 'maxTokens']);
  const limit = (name: 'maxMessages' | 'maxFiles' | 'maxTokens') =>
    limits[name] === undefined
      ? Number.POSITIVE_INFINITY
      : checkInteger(limits[name], `options.${name}`, { min: 0 });
  if (!Array.isArray(include)) throw invalidArgument('include', `an array of ${PARTS.join(', ')}`, include);
  include.forEach((part, n) => {
    if (!PARTS.includes(part)) throw invalidArgument(`include[${n}]`, `one of ${PARTS.join(', ')}`, part);
  });
  const bounds = { messages: limit('maxMessages'), files: limit('maxFiles'), tokens: limit('maxTokens') };
  const conversation = include.includes('conversation') ? newestMessages(state, bounds) : undefined;
  const workingContext = Object.fromEntries(state.workingContext ?? []) as Record<string, Json>;
  return Object.freeze({
    ...(conversation && { conversation: Object.freeze(conversation.messages) }),
    ...(include.includes('files') && { files: Object.freeze(newest(activeFilesOf(state), bounds.files)) }),
    ...(include.includes('fileIndex') && { fileIndex: fileIndexOf(state) }),
    ...(include.includes('workingContext') && { workingContext: Object.freeze(workingContext) }),
    tokens: conversation?.tokens ?? 0,
  });
}

function newest<T>(items: readonly T[], limit: number): T[] {
  return items.slice(Math.max(0, items.length - limit));
}

function newestMessages({ conversation }: SessionState, bounds: { messages: number; tokens: number }) {
  let tokens = 0;
  let taken = 0;
  const count = conversation?.count ?? 0;
  while (conversation && taken < Math.min(count, bounds.messages)) {
    const next = conversation.tokensAt(count - 1 - taken);
    if (tokens + next > bounds.tokens) break;
    tokens += next;
    taken += 1;
  }
  return { messages: conversation?.slice(taken) ?? [], tokens };
}
