import { toErrorInfo } from '../../error-info.ts';
import { isSessionError, SessionError } from '../../errors.ts';

/** What a `DOMException` is called, e.g. `QuotaExceededError`; empty for what is none. */
export function faultName(error: unknown): string {
  return error instanceof DOMException ? error.name : '';
}

export function isFull(error: unknown): boolean {
  return faultName(error) === 'QuotaExceededError';
}

/** One row cannot be read: the browser has lost the file of a large value, or a key makes no sense. */
export function isDamage(error: unknown): boolean {
  return ['DataError', 'DataCloneError', 'NotFoundError', 'NotReadableError'].includes(faultName(error));
}

/**
 * A transaction that the browser has given up for any other reason: nobody knows what is on the disk. A full quota is
 * no such failure, nor is a row that was refused for what it is.
 */
export function isPoison(error: unknown): boolean {
  return !isFull(error) && !isDamage(error) && faultName(error) !== 'ConstraintError';
}

/** Whatever the browser threw, as one of our errors; ours pass as they are. `at` is the database's name. */
export function toStoreError(error: unknown, at: string): SessionError {
  if (isSessionError(error)) return error;
  const fault = faultName(error);
  const details = { name: at, ...(fault && { fault }) };
  if (isFull(error))
    return new SessionError(
      'STORE_FAILED',
      `The browser's quota for this site is full: nothing was written to the store "${at}". Make room and call again.`,
      { details: { ...details, full: true }, cause: error },
    );
  const { message } = toErrorInfo(error);
  return new SessionError('STORE_FAILED', `The store "${at}" failed: ${message}${fault && ` (${fault})`}.`, {
    details,
    cause: error,
  });
}

/** What every call is told after a commit whose fate is unknown. */
export function poisoned({ message, details }: SessionError): SessionError {
  return new SessionError(
    'STORE_FAILED',
    `An earlier write failed, and what the disk holds of it is unknown; reload the page to open the store again. The write: ${message}`,
    { details: { ...details, poisoned: true } },
  );
}

/** What every call is told once the browser, or another tab, has taken the database away. */
export function lost(name: string, how: string): SessionError {
  return new SessionError(
    'STORE_FAILED',
    `${how}, so the store "${name}" takes nothing more from this page; reload the page to open it again.`,
    { details: { name, lost: true } },
  );
}
