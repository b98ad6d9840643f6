import { describe } from './check.ts';
import type { ErrorInfo } from './data.ts';
import { isSessionError, SessionError, type SessionErrorCode } from './errors.ts';

/** Events and info records carry error texts; one must not be able to fill a journal. */
const MAX_TEXT_LENGTH = 8192;

/**
 * Whatever was thrown, as frozen JSON: `name`, `message` and, where it is a string, `code`. The stack stays
 * out: it tells a remote reader about the host. Never throws.
 */
export function toErrorInfo(thrown: unknown): ErrorInfo {
  const code = textOf(thrown, 'code');
  return Object.freeze({
    name: textOf(thrown, 'name') || 'Error',
    message: messageOf(thrown),
    ...(code === undefined ? undefined : { code }),
  });
}

/** A `SessionError` for something a user's code threw: `message` says what failed, `cause` is what was thrown. */
export function wrapThrown(
  code: SessionErrorCode,
  message: string,
  thrown: unknown,
  sessionId?: string,
): SessionError {
  return new SessionError(code, `${message}: ${messageOf(thrown)}`, { cause: thrown, sessionId });
}

/** What a store threw: ours as it is; whatever else as `STORE_FAILED`, of which `message` says where that was. */
export function asStoreError(thrown: unknown, message: string): SessionError {
  return isSessionError(thrown) ? thrown : wrapThrown('STORE_FAILED', message, thrown);
}

function messageOf(thrown: unknown): string {
  if (typeof thrown === 'string') return shorten(thrown);
  return textOf(thrown, 'message') ?? `${describe(thrown)} was thrown`;
}

/** Getters do run here (`DOMException` has nothing else), so each read is on its own. */
function textOf(thrown: unknown, key: 'name' | 'message' | 'code'): string | undefined {
  if (typeof thrown !== 'object') return undefined;
  try {
    const text: unknown = (thrown as Partial<Record<typeof key, unknown>> | null)?.[key];
    return typeof text === 'string' ? shorten(text) : undefined;
  } catch {
    return undefined;
  }
}

function shorten(text: string): string {
  return text.length <= MAX_TEXT_LENGTH ? text : `${text.slice(0, MAX_TEXT_LENGTH - 1)}…`;
}
