import {
  boolean,
  custom,
  exactOptional,
  number,
  type ObjectEntries,
  objectWithRest,
  safeParse,
  string,
} from 'valibot';
import { invalidArgument } from '../check.ts';
import type { Json, JsonObject } from '../data.ts';
import { copyJson, copyJsonObject } from '../json.ts';
import type { AgentEmission, AgentEventType } from './types.ts';

export const text = /*#__PURE__*/ string();
export const count = /*#__PURE__*/ number();
export const json = /*#__PURE__*/ jsonSchema<Json>(copyJson, 'JSON');
export const jsonObject = /*#__PURE__*/ jsonSchema<JsonObject>(copyJsonObject, 'object');
export const optionalText = /*#__PURE__*/ exactOptional(text);
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
export const agentFields = {
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
