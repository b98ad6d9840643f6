import { toErrorInfo } from '../../error-info.ts';
import { isSessionError, SessionError } from '../../errors.ts';
import type { Refusal } from './protocol.ts';

/** SQLite's extended result code, e.g. `SQLITE_IOERR_FSYNC`; empty for what SQLite did not throw. */
export function sqliteCode(error: unknown): string {
  const code: unknown = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : '';
}

/** The pages hold something else than what was written. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(error));
}

/**
 * After a failed write or sync nobody knows what is on the disk: the system may have dropped the pages and call
 * the next sync a success. A full disk is no such failure, nor is a lock that is taken.
 */
export function isPoison(error: unknown): boolean {
  return /^SQLITE_IOERR/.test(sqliteCode(error));
}

/** Whatever SQLite threw, as one of our errors; ours pass as they are. `at` is the file's path. */
export function toStoreError(error: unknown, at: string): SessionError {
  if (isSessionError(error)) return error;
  const code = sqliteCode(error);
  const details = { path: at, ...(code && { sqlite: code }) };
  const { message } = toErrorInfo(error);
  if (code.startsWith('SQLITE_FULL'))
    return new SessionError(
      'STORE_FAILED',
      `The disk is full: nothing was written to the store ${at}. Make room and call again.`,
      { details: { ...details, full: true }, cause: error },
    );
  if (isDamage(error))
    return new SessionError('STORE_CORRUPT', `The store ${at} is damaged: ${message} (${code}).`, {
      details,
      cause: error,
    });
  if (/^SQLITE_(BUSY|LOCKED)/.test(code))
    return new SessionError(
      'STORE_FAILED',
      `Another program is writing to the store ${at}; nothing was changed, and the call may be made again.`,
      { details, cause: error },
    );
  return new SessionError('STORE_FAILED', `The store ${at} failed: ${message}${code && ` (${code})`}.`, {
    details,
    cause: error,
  });
}

/** What every call on a poisoned lease is told. */
export function poisoned(error: SessionError): SessionError {
  return new SessionError(
    'STORE_FAILED',
    `An earlier write failed, and what the disk holds of it is unknown; open the store again. The write: ${error.message}`,
    { details: { ...error.details, poisoned: true } },
  );
}

export function toRefusal({ code, message, sessionId, details }: SessionError): Refusal {
  return {
    code,
    message,
    ...(sessionId !== undefined && { sessionId }),
    ...(details !== undefined && { details }),
  };
}

export function fromRefusal({ code, message, sessionId, details }: Refusal): SessionError {
  return new SessionError(code, message, { sessionId, details });
}
