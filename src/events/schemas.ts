import type { StandardSchemaV1 } from '@standard-schema/spec';
import {
  array,
  boolean,
  custom,
  exactOptional,
  type InferOutput,
  literal,
  never,
  number,
  type ObjectEntries,
  type ObjectSchema,
  objectWithRest,
  picklist,
  safeParse,
  string,
  union,
} from 'valibot';
import { invalidArgument } from '../check.ts';
import type { Json, JsonObject } from '../data.ts';
import { copyJson, copyJsonObject } from '../json.ts';
import type { AgentEmission, AgentEventType, SessionEvent, SessionEventType } from './types.ts';

const text = /*#__PURE__*/ string();
const count = /*#__PURE__*/ number();
const json = /*#__PURE__*/ jsonSchema<Json>(copyJson, 'JSON');
const jsonObject = /*#__PURE__*/ jsonSchema<JsonObject>(copyJsonObject, 'object');
const optionalText = /*#__PURE__*/ exactOptional(text);
const optionalCount = /*#__PURE__*/ exactOptional(count);
const optionalJson = /*#__PURE__*/ exactOptional(json);
const optionalFlag = /*#__PURE__*/ exactOptional(/*#__PURE__*/ boolean());

function jsonSchema<T extends Json>(copy: (value: unknown, at: string) => T, expects: string) {
  const isJson = (value: unknown) => {
    try {
      copy(value, '');
      return true;
    } catch {
      return false;
    }
  };
  return { ...custom<T>(isJson, `Invalid type: Expected ${expects}`), expects };
}

/** What an agent may emit, without `type`. The only schemas that the engine itself uses. */
const agentFields = {
  llm_stream_chunk: { turnId: text, content: text, chunkIndex: optionalCount, isFinal: optionalFlag },
  llm_response: {
    turnId: text,
    content: text,
    messageId: optionalText,
    model: optionalText,
    tokensUsed: optionalCount,
  },
  agent_status: { agentName: text, status: text, message: optionalText, turnId: optionalText },
  tool_call: { turnId: text, toolId: text, toolName: text, parameters: jsonObject },
  tool_result: {
    turnId: text,
    toolId: text,
    toolName: text,
    status: text,
    result: optionalJson,
    error: optionalJson,
  },
  analysis_complete: {
    filesAnalyzed: count,
    issuesFound: count,
    durationMs: optionalCount,
    results: optionalJson,
    turnId: optionalText,
  },
  issue_found: {
    severity: text,
    message: text,
    file: optionalText,
    line: optionalCount,
    column: optionalCount,
    suggestion: optionalText,
    turnId: optionalText,
  },
} satisfies Record<AgentEventType, ObjectEntries>;

function engineFields() {
  const status = picklist(['initializing', 'active', 'idle', 'terminating', 'terminated']);
  const error = objectWithRest({ name: text, message: text, code: optionalText }, json);
  const part = objectWithRest({ type: text }, json);
  const message = objectWithRest(
    {
      id: text,
      seq: count,
      role: picklist(['system', 'user', 'assistant', 'tool']),
      content: union([text, array(part)]),
      createdAt: text,
      idempotencyKey: optionalText,
      toolCallId: optionalText,
      metadata: exactOptional(jsonObject),
    },
    json,
  );
  return {
    session_created: { metadata: jsonObject },
    session_status: { status, previousStatus: status, reason: optionalText },
    session_crashed: { error, restarting: boolean(), attempt: count },
    session_terminated: { reason: text, error: exactOptional(error) },
    conversation_added: { message },
    conversation_cleared: {},
    file_added: { path: text },
    file_removed: { path: text },
    context_updated: { filesChanged: array(text) },
    working_context_updated: { key: text },
  };
}

type EventFields = typeof agentFields & ReturnType<typeof engineFields>;
/** What the schemas let through, field by field; a test holds it against the event types. */
export type SchemaOutput = { [T in keyof EventFields]: OutputOf<EventFields[T]> };
type OutputOf<F> = F extends ObjectEntries ? InferOutput<ObjectSchema<F, undefined>> : never;

/** A Standard Schema (version 1) for each event, whole: `type`, `sessionId`, `seq`, `at` and its own fields. */
export type EventSchemas = {
  readonly [T in SessionEventType]: StandardSchemaV1<unknown, Extract<SessionEvent, { type: T }>>;
};

/**
 * By event type. Fields that a schema does not know pass when they are JSON, so a reader accepts the events
 * of a newer writer.
 */
export const eventSchemas: EventSchemas = /*#__PURE__*/ createEventSchemas();

function createEventSchemas(): EventSchemas {
  const base = { seq: count, at: text };
  const schemas: Record<string, StandardSchemaV1> = {
    gap: objectWithRest(
      { type: literal('gap'), ...base, from: count, to: count, sessionId: exactOptional(never()) },
      json,
    ),
  };
  for (const [type, fields] of Object.entries({ ...engineFields(), ...agentFields })) {
    schemas[type] = objectWithRest({ type: literal(type), sessionId: text, ...base, ...fields }, json);
  }
  return Object.freeze(schemas) as unknown as EventSchemas;
}

/**
 * What an agent emitted, as a deeply frozen copy without `sessionId`, `seq` and `at`, which are the
 * engine's to give. `undefined` when its `type` is none of ours: then it is between the agent and whoever
 * else listens. Of a type that is ours and not of its shape: `INVALID_ARGUMENT`, naming the field.
 */
export function checkEmission(emitted: unknown): AgentEmission | undefined {
  const type = typeOf(emitted);
  if (type === undefined) return undefined;
  const { sessionId, seq, at, ...emission } = copyJsonObject(emitted, type);
  const fields: ObjectEntries = agentFields[type];
  const result = safeParse(objectWithRest(fields, json), emission, { abortEarly: true });
  if (result.success) return Object.freeze(emission) as AgentEmission;
  const field = String(result.issues[0].path?.[0].key);
  throw invalidArgument(`${type}.${field}`, `of type ${fields[field]?.expects}`, emission[field]);
}

/** Of an agent event, read without running a getter; `null` and a proxy that throws have none. */
function typeOf(emitted: unknown): AgentEventType | undefined {
  try {
    const type: unknown = Object.getOwnPropertyDescriptor(emitted as object, 'type')?.value;
    return typeof type === 'string' && Object.hasOwn(agentFields, type)
      ? (type as AgentEventType)
      : undefined;
  } catch {
    return undefined;
  }
}
