/** What a viewer sends, checked: whatever comes, nothing but a {@link ViewerMessage} goes on. */
import { checkRole, describe, invalidArgument } from '../check.ts';
import type { Json, JsonObject } from '../data.ts';
import { checkSessionId } from '../ids.ts';
import { copyJson, copyJsonObject } from '../json.ts';
import {
  ACTIONS,
  type ActionName,
  type ActionRequest,
  type Subject,
  type ViewerMessage,
} from './protocol.ts';

/** Longer than any id that XState or the engine gives out. */
const MAX_SUBJECT_LENGTH = 256;
const MAX_REASON_LENGTH = 1000;

/**
 * A copy of `message`, or of what it says as a JSON text. Throws what is wrong with it, in a sentence. What is there
 * beside what is asked for is passed over: a newer viewer may know more.
 */
export function readMessage(message: unknown): ViewerMessage {
  const value = typeof message === 'string' ? parse(message) : message;
  const fields = copyJsonObject(value, 'message');
  switch (fields.type) {
    case 'look':
    case 'leave':
      return { type: fields.type, subject: readSubject(fields.subject) };
    case 'record':
      if (typeof fields.on !== 'boolean') throw invalidArgument('message.on', 'true or false', fields.on);
      return { type: 'record', request: readRequest(fields.request), on: fields.on };
    case 'act':
      return { type: 'act', request: readRequest(fields.request), action: readAction(fields.action) };
    default:
      throw invalidArgument('message.type', "'look', 'leave', 'act' or 'record'", fields.type);
  }
}

/** The number under which a message that is wrong otherwise wants its answer. */
export function requestOf(message: unknown): number | undefined {
  const { request } =
    typeof message === 'object' && message !== null ? (message as { request?: unknown }) : {};
  return Number.isSafeInteger(request) ? (request as number) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidArgument('message', 'a JSON text', text, error);
  }
}

function readSubject(value: Json | undefined): Subject {
  if (value === 'engine') return value;
  const isNamed = typeof value === 'string' && /^(session|app)\/./s.test(value);
  if (!isNamed || value.length > MAX_SUBJECT_LENGTH)
    throw invalidArgument('message.subject', "'engine', 'session/<id>' or 'app/<id>'", value);
  if (value.startsWith('session/')) checkSessionId(value.slice('session/'.length));
  return value as Subject;
}

function readRequest(value: Json | undefined): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw invalidArgument('message.request', 'an integer', value);
}

function readAction(value: Json | undefined): ActionRequest {
  const fields = copyJsonObject(value, 'message.action');
  const known: readonly unknown[] = ACTIONS;
  if (!known.includes(fields.do))
    throw invalidArgument('message.action.do', `one of ${ACTIONS.join(', ')}`, fields.do);
  const action = fields.do as ActionName;
  if (action === 'create') return { do: action, ...readCreation(fields) };
  const sessionId = checkSessionId(fields.sessionId);
  switch (action) {
    case 'save':
      return { do: action, sessionId };
    case 'terminate':
    case 'kill':
      return { do: action, sessionId, ...readReason(fields.reason) };
    case 'dispatch':
      return { do: action, sessionId, event: copyJsonObject(fields.event, 'message.action.event') };
    case 'send':
      return {
        do: action,
        sessionId,
        role: checkRole(fields.role, 'message.action.role'),
        content: readContent(fields.content),
      };
  }
}

function readContent(value: Json | undefined): Json {
  if (typeof value === 'string' || Array.isArray(value)) return copyJson(value, 'message.action.content');
  throw invalidArgument('message.action.content', 'a text or an array of parts', value);
}

function readReason(value: Json | undefined): { reason?: string } {
  if (value === undefined) return {};
  if (typeof value === 'string' && value.length <= MAX_REASON_LENGTH) return { reason: value };
  throw invalidArgument('message.action.reason', `a text of at most ${MAX_REASON_LENGTH} characters`, value);
}

function readCreation({ id, metadata, config }: JsonObject): Omit<ActionRequest & { do: 'create' }, 'do'> {
  return {
    ...(id !== undefined && { id: checkSessionId(id) }),
    ...(metadata !== undefined && { metadata: copyJsonObject(metadata, 'message.action.metadata') }),
    ...(config !== undefined && { config: copyJsonObject(config, 'message.action.config') }),
  };
}

/** What may be done, as an option. Throws `INVALID_ARGUMENT`. */
export function checkAllowed(allow: unknown): readonly ActionName[] {
  if (allow === undefined) return [];
  const known: readonly unknown[] = ACTIONS;
  if (!Array.isArray(allow)) throw invalidArgument('options.allow', 'an array of actions', allow);
  const unknown = allow.find((action) => !known.includes(action));
  if (allow.some((action) => !known.includes(action)))
    throw invalidArgument('options.allow', `of ${ACTIONS.join(', ')}`, unknown);
  return ACTIONS.filter((action) => allow.includes(action));
}

/** In a sentence, for whoever sent it. */
export function refusalOf(error: unknown): string {
  return error instanceof Error ? error.message : `It was refused: ${describe(error)}.`;
}
