import { SessionError } from './errors.ts';

/** Throws `ABORTED` when the signal has fired already. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortedBy(signal);
}

/** Calls back with `ABORTED` when the signal fires. What it returns takes that back: a signal may outlive its call. */
export function onAbort(signal: AbortSignal | undefined, aborted: (error: SessionError) => void): () => void {
  if (!signal) return () => {};
  const listener = () => aborted(abortedBy(signal));
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}

export function abortedBy(signal: AbortSignal): SessionError {
  const message = 'The call was aborted by its signal before it took effect.';
  return new SessionError('ABORTED', message, { cause: signal.reason });
}
