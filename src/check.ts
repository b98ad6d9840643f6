import type { Role } from './data.ts';
import { SessionError } from './errors.ts';

/** Longest path, in UTF-16 code units: `PATH_MAX` of Linux. */
const MAX_PATH_LENGTH = 4096;
const MAX_KEY_LENGTH = 1024;
const SHOWN_TEXT_LENGTH = 40;
const NO_OPTIONS = Object.freeze({});

/**
 * One line for a refused argument: which (`at`, e.g. `options.limit`), what was expected, what came.
 * The same three stand in `details` as `path`, `expected` and `received`.
 */
export function invalidArgument(at: string, expected: string, value: unknown, cause?: unknown): SessionError {
  const received = describe(value);
  return new SessionError('INVALID_ARGUMENT', `${at} must be ${expected}; received ${received}.`, {
    details: { path: at, expected, received },
    ...(cause === undefined ? undefined : { cause }),
  });
}

/** A few words on any value: its type and, where that is short and safe, the value. Never throws. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length <= SHOWN_TEXT_LENGTH
        ? `the string ${JSON.stringify(value)}`
        : `the string ${JSON.stringify(value.slice(0, SHOWN_TEXT_LENGTH))}… of length ${value.length}`;
    case 'number':
    case 'boolean':
      return `the ${typeof value} ${Object.is(value, -0) ? '-0' : value}`;
    case 'undefined':
      return 'undefined';
    case 'object':
      return value === null ? 'null' : describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

/** Reads data properties only: a getter or a proxy of a stranger must not run, or at least not be heard. */
function describeObject(value: object): string {
  try {
    if (Array.isArray(value)) return 'an array';
    const prototype: object | null = Object.getPrototypeOf(value);
    if (prototype === null || prototype === Object.prototype) return 'an object';
    const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    const name: unknown =
      typeof maker === 'function' && Object.getOwnPropertyDescriptor(maker, 'name')?.value;
    return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an object with a prototype';
  } catch {
    return 'an object that cannot be read';
  }
}

export function checkString(value: unknown, at: string, { min = 0, max = Infinity } = {}): string {
  if (typeof value === 'string' && value.length >= min && value.length <= max) return value;
  const bounds =
    max < Infinity ? ` of ${min} to ${max} characters` : min > 0 ? ` of at least ${min} characters` : '';
  throw invalidArgument(at, `a string${bounds}`, value);
}

/** A file's path: non-empty, without NUL; what it means is the file source's business. */
export function checkPath(value: unknown, at: string): string {
  const path = checkString(value, at, { min: 1, max: MAX_PATH_LENGTH });
  if (path === '__proto__' || path.includes('\0')) {
    throw invalidArgument(at, 'a path without NUL and other than __proto__', value);
  }
  return path;
}

/** A key of the working context, an analysis kind, an idempotency key. */
export function checkKey(value: unknown, at: string): string {
  const key = checkString(value, at, { min: 1, max: MAX_KEY_LENGTH });
  if (key === '__proto__') throw invalidArgument(at, 'a key other than __proto__', value);
  return key;
}

export function checkInteger(
  value: unknown,
  at: string,
  { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = {},
): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const lower = min > Number.MIN_SAFE_INTEGER ? ` from ${min}` : '';
  const upper = max < Number.MAX_SAFE_INTEGER ? ` up to ${max}` : '';
  throw invalidArgument(at, `an integer${lower}${upper}`, value);
}

/** `undefined` stands for no options; `null` and an array do not. With `allowedKeys`, a misspelt option is refused. */
export function checkOptions<T extends object>(
  value: T | undefined,
  at: string,
  allowedKeys?: readonly string[],
): Partial<T> {
  if (value === undefined) return NO_OPTIONS as Partial<T>;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidArgument(at, 'an object or undefined', value);
  }
  if (allowedKeys !== undefined) {
    const unknownKey = Object.keys(value).find((key) => !allowedKeys.includes(key));
    if (unknownKey !== undefined) {
      throw new SessionError(
        'INVALID_ARGUMENT',
        `${at} has no option ${JSON.stringify(unknownKey)}; it knows ${allowedKeys.join(', ')}.`,
        { details: { path: `${at}.${unknownKey}`, expected: allowedKeys } },
      );
    }
  }
  return value;
}

export function checkRole(value: unknown, at: string): Role {
  if (value === 'user' || value === 'assistant' || value === 'system' || value === 'tool') return value;
  throw invalidArgument(at, "'system', 'user', 'assistant' or 'tool'", value);
}

export function checkFunction(value: unknown, at: string): (...args: never[]) => unknown {
  if (typeof value === 'function') return value as (...args: never[]) => unknown;
  throw invalidArgument(at, 'a function', value);
}

/** By shape, not by class: signals of polyfills and of other realms are as good. */
export function checkSignal(value: unknown, at: string): AbortSignal | undefined {
  if (value === undefined) return undefined;
  try {
    const signal = value as Partial<AbortSignal>;
    if (
      typeof signal.aborted === 'boolean' &&
      typeof signal.addEventListener === 'function' &&
      typeof signal.removeEventListener === 'function'
    ) {
      return signal as AbortSignal;
    }
  } catch {
    // A hostile getter: refused below like any other stranger.
  }
  throw invalidArgument(at, 'an AbortSignal or undefined', value);
}

export function tooLarge(at: string, limit: number, option: string): SessionError {
  return new SessionError(
    'PAYLOAD_TOO_LARGE',
    `${at} is larger than ${limit} bytes of JSON (${option}); send less, or give the manager a higher limit.`,
    { details: { path: at, limit } },
  );
}
