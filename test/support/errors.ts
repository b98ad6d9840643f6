import { isSessionError, type SessionError, type SessionErrorCode } from '../../src/errors.ts';
import { turns } from './turns.ts';

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

/** Unhandled rejections and uncaught exceptions while `run` runs and a few macrotasks after it, in Node or in a page. */
export async function strays(run: () => Promise<void>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const stop = listen((error) => seen.push(error));
  try {
    await run();
    await turns();
  } finally {
    stop();
  }
  return seen;
}

function listen(note: (error: unknown) => void): () => void {
  if (typeof window === 'undefined') {
    process.on('unhandledRejection', note);
    process.on('uncaughtException', note);
    return () => {
      process.off('unhandledRejection', note);
      process.off('uncaughtException', note);
    };
  }
  const noteRejection = (event: PromiseRejectionEvent) => note(event.reason);
  const noteError = (event: ErrorEvent) => note(event.error);
  window.addEventListener('unhandledrejection', noteRejection);
  window.addEventListener('error', noteError);
  return () => {
    window.removeEventListener('unhandledrejection', noteRejection);
    window.removeEventListener('error', noteError);
  };
}
