import { wrapThrown } from './error-info.ts';
import { isSessionError } from './errors.ts';
import type { Logger, LogLevel } from './options.ts';

/**
 * The one place that calls a user's callback. Whatever it throws or rejects with stays here: an observer's
 * failure is logged and affects nobody, a function's failure becomes a typed error of the call that needed it.
 */
export class Guard {
  readonly #logger: Logger | undefined;

  constructor(logger: Logger | undefined) {
    this.#logger = logger;
  }

  /** Calls an observer: a listener, an inspector. Never throws; a rejection is handled too. */
  notify<A>(what: string, observer: (argument: A) => unknown, argument: A): void {
    try {
      const result = observer(argument);
      if (isThenable(result)) result.then(undefined, (error: unknown) => this.#observerFailed(what, error));
    } catch (error) {
      this.#observerFailed(what, error);
    }
  }

  /** Runs a hook to its end. Rejects with whatever it threw. */
  async run<A>(hook: (argument: A) => unknown, argument: A): Promise<void> {
    await hook(argument);
  }

  /** Asks a user's function for a value that a call needs. Throws `INVALID_ARGUMENT` with the cause. */
  ask<A extends unknown[], R>(what: string, fn: (...args: A) => R, ...args: A): R {
    try {
      const value = fn(...args);
      // It is refused for what it is by whoever asked; its failure must not go unhandled.
      if (isThenable(value)) value.then(undefined, () => {});
      return value;
    } catch (error) {
      if (isSessionError(error)) throw error;
      throw wrapThrown('INVALID_ARGUMENT', `options.${what} threw`, error);
    }
  }

  log(level: LogLevel, message: string, ...details: unknown[]): void {
    const logger = this.#logger;
    try {
      const result: unknown =
        typeof logger === 'function' ? logger(message, ...details) : logger?.[level]?.(message, ...details);
      if (isThenable(result)) result.then(undefined, () => {});
    } catch {
      // A logger that throws has nobody left to tell.
    }
  }

  #observerFailed(what: string, error: unknown): void {
    this.log('error', `chartroom: ${what} threw; nobody else is affected.`, error);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}
