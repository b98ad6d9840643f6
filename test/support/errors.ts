import { isSessionError, type SessionError, type SessionErrorCode } from '../../src/errors.ts';

/** The code a call rejects with. What is no `SessionError`, or no rejection, shows in the assertion's message. */
export async function codeOf(call: Promise<unknown>): Promise<SessionErrorCode | `${string} instead`> {
  try {
    await call;
    return 'resolved instead';
  } catch (error) {
    return isSessionError(error) ? error.code : `${String(error)} instead`;
  }
}

/** The code a call throws at once. */
export function codeThrown(call: () => unknown): SessionErrorCode | `${string} instead` {
  try {
    call();
    return 'returned instead';
  } catch (error) {
    return isSessionError(error) ? error.code : `${String(error)} instead`;
  }
}

/** The error a call rejects with; fails when it does not reject with one of ours. */
export async function failureOf(call: Promise<unknown>): Promise<SessionError> {
  try {
    await call;
  } catch (error) {
    if (isSessionError(error)) return error;
    throw new Error(`rejected with ${String(error)}, which is no SessionError`, { cause: error });
  }
  throw new Error('resolved, and should have rejected');
}

/** Everything an error says, for looking up what it must mention. */
export function textOf(error: SessionError): string {
  return `${error.message} ${JSON.stringify(error.details ?? {})}`;
}

/** Unhandled rejections and uncaught exceptions while `run` runs and a few macrotasks after it. */
export async function strays(run: () => Promise<void>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const note = (error: unknown) => seen.push(error);
  process.on('unhandledRejection', note);
  process.on('uncaughtException', note);
  try {
    await run();
    for (let i = 0; i < 8; i++) await new Promise<void>((resolve) => setImmediate(resolve));
  } finally {
    process.off('unhandledRejection', note);
    process.off('uncaughtException', note);
  }
  return seen;
}
