import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { isSessionError } from '../errors.ts';
import { checkSessionId } from '../ids.ts';

/** Wrong usage: the command itself has to be put differently. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const HELP = { help: { type: 'boolean', short: 'h' } } as const satisfies ParseArgsOptionsConfig;

/** The options and positionals of a command; every one takes `--help` too. Throws {@link UsageError}. */
export function parseCommand<O extends ParseArgsOptionsConfig>(argv: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: { ...options, ...HELP } });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // What follows the first sentence is advice on options that look like files.
    throw new UsageError(`${error.message.split(/\.\s/)[0]?.replace(/\.$/, '')}.`);
  }
}

/** As many positionals as there are `names`; the last takes all that follow if it ends with `…`. */
export function takePositionals(given: readonly string[], names: readonly string[]): readonly string[] {
  const missing = names[given.length];
  if (missing !== undefined) throw new UsageError(`${missing.replace('…', '')} is missing.`);
  if (given.length > names.length && !names.at(-1)?.endsWith('…'))
    throw new UsageError(`${JSON.stringify(given[names.length])} is too much.`);
  const empty = given.indexOf('');
  if (empty >= 0) throw new UsageError(`${names[Math.min(empty, names.length - 1)]} is an empty text.`);
  return given;
}

/** An id that was typed. */
export function takeId(text: string): string {
  try {
    return checkSessionId(text);
  } catch (error) {
    throw isSessionError(error) ? new UsageError(error.message) : error;
  }
}

/** A whole number of at least `least`. */
export function takeCount(flag: string, text: string, least = 1): number {
  const count = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(count) && count >= least) return count;
  const bound = least === 1 ? ' of at least 1' : '';
  throw new UsageError(`${flag} must be a whole number${bound}, got ${JSON.stringify(text)}.`);
}

export function takeBytes(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const bytes = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(bytes)) return bytes;
  throw new UsageError(`${flag} must be a whole number of bytes, got ${JSON.stringify(text)}.`);
}

/** What a function said of its options, of the flags that they came from: `options.allowOrigin[0]` → `--allow-origin`. */
export function inFlags(message: string): string {
  return message.replace(
    /options\.(\w+)(\[\d+\])?/g,
    (_, name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
  );
}
