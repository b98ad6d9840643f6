import type { StandardSchemaV1 } from '@standard-schema/spec';
import {
  array,
  boolean,
  exactOptional,
  type InferOutput,
  literal,
  never,
  type ObjectEntries,
  type ObjectSchema,
  objectWithRest,
  picklist,
  union,
} from 'valibot';
import { agentFields, count, json, jsonObject, optionalText, text } from './emissions.ts';
import type { SessionEvent, SessionEventType } from './types.ts';

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
