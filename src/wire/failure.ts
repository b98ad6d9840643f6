import type { Json } from '../data.ts';
import { toErrorInfo } from '../error-info.ts';
import { isSessionError, SessionError, type SessionErrorCode } from '../errors.ts';
import { copyJson } from '../json.ts';

/** Causes of causes that are sent. */
const MAX_CAUSES = 4;

/** Why a call failed, as JSON. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** Of a `SessionError` only. */
  readonly code?: string;
  readonly sessionId?: string;
  readonly details?: Json;
  /** Of what was thrown below it, whatever that was. */
  readonly cause?: Failure | { readonly json: Json };
}

export function toFailure(thrown: unknown, causes = MAX_CAUSES): Failure {
  const { name, message } = toErrorInfo(thrown);
  if (!isSessionError(thrown)) return { name, message };
  const { code, sessionId, details, cause } = thrown;
  const plain = details === undefined ? undefined : jsonOf(details);
  return {
    name,
    message,
    code,
    ...(typeof sessionId === 'string' && { sessionId }),
    ...(plain !== undefined && { details: plain }),
    ...(cause !== undefined && causes > 0 && { cause: causeOf(cause, causes - 1) }),
  };
}

/** What is JSON is sent as it is; of anything else what an error says of itself. */
function causeOf(cause: unknown, causes: number): Failure | { json: Json } {
  const json = isSessionError(cause) || cause instanceof Error ? undefined : jsonOf(cause);
  return json === undefined ? toFailure(cause, causes) : { json };
}

function jsonOf(value: unknown): Json | undefined {
  try {
    return copyJson(value, 'value');
  } catch {
    return undefined;
  }
}

/** The error again: one of ours with all it had, any other with its name and message. */
export function fromFailure(failure: Failure): Error {
  const { name, message, code, sessionId, details, cause } = failure;
  if (code === undefined) return named(name, new Error(message));
  return new SessionError(code as SessionErrorCode, message, {
    sessionId,
    details: details as Readonly<Record<string, unknown>> | undefined,
    ...(cause !== undefined && { cause: 'json' in cause ? cause.json : fromFailure(cause) }),
  });
}

function named(name: string, error: Error): Error {
  return Object.defineProperty(error, 'name', { value: name, writable: true, configurable: true });
}
