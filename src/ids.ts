import { describe } from './check.ts';
import { SessionError } from './errors.ts';

const SESSION_ID = /^[A-Za-z0-9_:-][A-Za-z0-9_.:-]{0,127}$/;

/**
 * The id itself, or `INVALID_SESSION_ID`. No legal id can name a file outside its folder or the prototype
 * of an object; `constructor` and `toString` are legal, so sessions live in a `Map`.
 */
export function checkSessionId(id: unknown): string {
  if (typeof id === 'string' && id !== '__proto__' && SESSION_ID.test(id)) return id;
  throw new SessionError(
    'INVALID_SESSION_ID',
    'A session id must be 1 to 128 characters of A-Z a-z 0-9 _ . : -, not start with a dot ' +
      `and not be __proto__; received ${describe(id)}.`,
  );
}

export function createSessionId(): string {
  return `session_${uuid()}`;
}

/** Version 4. `crypto.randomUUID` is missing on pages that were not served over HTTPS. */
function uuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte, index) => {
    const stamped = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte;
    return stamped.toString(16).padStart(2, '0');
  }).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** The id of a session's `n`th message, counted from 1. */
export function messageId(sessionId: string, n: number): string {
  return `${sessionId}:${n}`;
}

/** The inverse of {@link messageId}; `undefined` for anything that is no message id of this session. */
export function messageNumber(sessionId: string, id: string): number | undefined {
  if (!id.startsWith(`${sessionId}:`)) return undefined;
  const digits = id.slice(sessionId.length + 1);
  const n = Number(digits);
  return Number.isSafeInteger(n) && n > 0 && String(n) === digits ? n : undefined;
}
