import type { Batch } from '../batch.ts';
import {
  checkKey,
  checkOptions,
  checkRole,
  checkSignal,
  checkString,
  invalidArgument,
  tooLarge,
} from '../check.ts';
import type { SendOptions } from '../client.ts';
import type { Content, ContentPart, Json, JsonObject, Message, Role } from '../data.ts';
import { SessionError } from '../errors.ts';
import type { Guard } from '../guard.ts';
import { messageId } from '../ids.ts';
import { copyJson, copyJsonObject, exceedsBytes } from '../json.ts';
import type { Settings } from '../settings.ts';
import type { SessionState } from './state.ts';

/** A message that was checked and copied, before its session gives it a number. */
export interface Draft {
  readonly role: Role;
  readonly content: Content;
  readonly tokens: number;
  readonly extra: Pick<Message, 'idempotencyKey' | 'toolCallId' | 'metadata'> | undefined;
  readonly signal: AbortSignal | undefined;
}

const SEND_OPTIONS = ['idempotencyKey', 'toolCallId', 'metadata', 'signal'];
const NOTHING = Object.freeze({});

/** Checks at the boundary: `INVALID_ARGUMENT` or `PAYLOAD_TOO_LARGE`. */
export function draftMessage(
  role: Role,
  content: Content,
  options: SendOptions | undefined,
  settings: Settings,
  guard: Guard,
): Draft {
  checkRole(role, 'role');
  const body = typeof content === 'string' ? content : checkParts(content);
  const extra = options === undefined ? undefined : checkExtra(options);
  const { maxMessageBytes } = settings.limits;
  const check = (value: Json | undefined, at: string) => {
    if (value !== undefined && exceedsBytes(value, maxMessageBytes))
      throw tooLarge(at, maxMessageBytes, 'limits.maxMessageBytes');
  };
  check(body as Json, 'content');
  check(extra?.metadata, 'options.metadata');
  const signal = options && checkSignal(options.signal, 'options.signal');
  return { role, content: body, tokens: countTokens(body, settings, guard), extra, signal };
}

function checkParts(content: unknown): Content {
  if (!Array.isArray(content))
    throw invalidArgument('content', 'a string or an array of content parts', content);
  const parts = copyJson(content, 'content') as readonly JsonObject[];
  parts.forEach((part, n) => {
    if (typeof part !== 'object' || part === null || typeof part.type !== 'string')
      throw invalidArgument(`content[${n}]`, 'an object with a string `type`', part);
  });
  return parts as Content;
}

function checkExtra(options: SendOptions): Draft['extra'] {
  const { idempotencyKey, toolCallId, metadata } = checkOptions(options, 'options', SEND_OPTIONS);
  return {
    ...(idempotencyKey !== undefined && {
      idempotencyKey: checkKey(idempotencyKey, 'options.idempotencyKey'),
    }),
    ...(toolCallId !== undefined && {
      toolCallId: checkString(toolCallId, 'options.toolCallId', { min: 1 }),
    }),
    ...(metadata !== undefined && { metadata: copyJsonObject(metadata, 'options.metadata') }),
  };
}

function countTokens(content: Content, { countTokens }: Settings, guard: Guard): number {
  let tokens = 0;
  for (const text of typeof content === 'string' ? [content] : content.map(textOf))
    tokens += guard.ask('countTokens', countTokens, text);
  if (!Number.isFinite(tokens) || tokens < 0)
    throw invalidArgument('options.countTokens', 'a function that gives a number from 0 up', tokens);
  // Whole, so that sums do not depend on the order of adding.
  return Math.ceil(tokens);
}

function textOf(part: ContentPart): string {
  return typeof part.text === 'string' ? part.text : JSON.stringify(part);
}

/** The message that the draft's key brought before, if any. */
export function messageOfKey(state: SessionState, batch: Batch, draft: Draft): Message | undefined {
  const key = draft.extra?.idempotencyKey;
  return key === undefined ? undefined : (state.keyed?.get(key) ?? batch.ahead(state.id)?.keyed?.get(key));
}

export function addMessage(state: SessionState, batch: Batch, draft: Draft): Message {
  const { role, content, tokens, extra } = draft;
  const { maxTokens } = state.config;
  if (tokens > maxTokens)
    throw new SessionError(
      'PAYLOAD_TOO_LARGE',
      `The message has ${tokens} tokens and the session keeps at most ${maxTokens} (config.maxTokens); send less, or create the session with more.`,
      { sessionId: state.id, details: { limit: maxTokens, actual: tokens } },
    );
  const number = state.messageNumber + (batch.ahead(state.id)?.messages ?? 0) + 1;
  const message: Message = Object.freeze({
    id: messageId(state.id, number),
    seq: batch.nextSeq,
    role,
    content,
    createdAt: batch.at,
    ...extra,
  });
  batch.add(state, 'conversation_added', { message, tokens });
  return message;
}

/** The limits stay as they are. */
export function clearConversation(state: SessionState, batch: Batch): void {
  batch.add(state, 'conversation_cleared', NOTHING);
}

/** Adding a file that is there changes nothing; over `maxFiles` the oldest go. */
export function addFile(state: SessionState, batch: Batch, path: string): void {
  if (state.files?.has(path)) return;
  const over = (state.files?.size ?? 0) + 1 - state.config.maxFiles;
  if (over > 0)
    for (const oldest of [...(state.files?.keys() ?? [])].slice(0, over)) removeFile(state, batch, oldest);
  batch.add(state, 'file_added', { path });
}

export function removeFile(state: SessionState, batch: Batch, path: string): void {
  if (state.files?.has(path)) batch.add(state, 'file_removed', { path });
  else if (state.fileIndex?.has(path))
    batch.add(state, 'context_updated', { filesChanged: [path], metadata: null });
}

export function updateFileIndex(state: SessionState, batch: Batch, path: string, metadata: JsonObject): void {
  batch.add(state, 'context_updated', { filesChanged: Object.freeze([path]), metadata });
}

export function putValue(state: SessionState, batch: Batch, key: string, value: Json): void {
  batch.add(state, 'working_context_updated', { key, value });
}

export function deleteValue(state: SessionState, batch: Batch, key: string): void {
  if (state.workingContext?.has(key)) batch.add(state, 'working_context_updated', { key });
}
