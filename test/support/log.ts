import { Guard } from '../../src/guard.ts';
import type { LogLevel } from '../../src/options.ts';

/** A logger that keeps what it is told as `[level, message, ...details]`. */
export function keptLog() {
  const lines: unknown[][] = [];
  const keep =
    (level: LogLevel) =>
    (...line: unknown[]) => {
      lines.push([level, ...line]);
    };
  return {
    lines,
    logger: { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') },
  };
}

/** A guard, and what was logged through it. */
export function loggedGuard() {
  const { lines, logger } = keptLog();
  return { guard: new Guard(logger), lines };
}
