import { describe } from '../../check.ts';
import { isSessionError, type SessionErrorCode } from '../../errors.ts';
import type { Rule } from './rules.ts';

/** Above this, in characters of JSON, an error carries the part that differs instead of the whole. */
const MAX_SHOWN_WHOLE = 2000;
const MAX_SHOWN_LENGTH = 200;
/** What is shown before the first difference of two long texts. */
const CONTEXT_LENGTH = 20;

export interface ContractErrorParts {
  readonly expected?: unknown;
  readonly actual?: unknown;
  readonly cause?: unknown;
  /** What is broken when that is not the rule of the case. */
  readonly rule?: Rule | undefined;
}

/**
 * A broken promise. Where two values are to be compared it has both, and the name by which test runners know that
 * there is a difference to print; they would print one of nothing, too.
 */
export class ContractError extends Error {
  override readonly name: 'AssertionError' | 'ContractError';
  declare readonly expected?: unknown;
  declare readonly actual?: unknown;
  /** Private, because test runners print every property of an error. */
  readonly #rule: Rule | undefined;

  constructor(message: string, parts: ContractErrorParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = 'expected' in parts ? 'AssertionError' : 'ContractError';
    if ('expected' in parts) this.expected = parts.expected;
    if ('actual' in parts) this.actual = parts.actual;
    this.#rule = parts.rule;
  }

  get rule(): Rule | undefined {
    return this.#rule;
  }
}

/** Structural equality of JSON; the order of an object's keys does not matter, nor a key that is undefined. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  const difference = firstDifference(actual, expected, '');
  if (!difference) return;
  const { path } = difference;
  const [shownExpected, shownActual] = shownApart(difference.expected, difference.actual);
  const place = path === '' ? '' : ` at ${path}`;
  const whole = sizeOf(actual) + sizeOf(expected) <= MAX_SHOWN_WHOLE;
  throw new ContractError(
    `${what}${place}: expected ${shownExpected}, got ${shownActual}`,
    whole ? { expected, actual } : { expected: shownExpected, actual: shownActual },
  );
}

export function holds(condition: boolean, what: string): void {
  if (!condition) throw new ContractError(`${what}: expected it to hold, and it does not`);
}

/** The call throws or rejects with this code, and gives the error. */
export async function refused(code: SessionErrorCode, call: () => unknown, what: string): Promise<Error> {
  let outcome: unknown;
  try {
    await call();
    outcome = 'it succeeded';
  } catch (error) {
    if (isSessionError(error) && error.code === code) return error;
    const hint = isSessionError(error) ? '' : ", which is no SessionError of 'chartroom'";
    throw new ContractError(`${what}: expected a refusal with ${code}, got ${textOf(error)}${hint}`, {
      expected: code,
      actual: isSessionError(error) ? error.code : textOf(error),
      cause: error,
    });
  }
  throw new ContractError(`${what}: expected a refusal with ${code}, but ${outcome}`, {
    expected: code,
    actual: outcome,
  });
}

/** A value in a few words, whatever it is. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  // As JSON, NaN would be null and pass for it.
  if (typeof value === 'number') return String(value);
  const text = jsonOf(value) ?? describe(value);
  return text.length <= MAX_SHOWN_LENGTH ? text : `${text.slice(0, MAX_SHOWN_LENGTH)}…`;
}

/** An error in one line: its name, its code, its message. */
export function textOf(error: unknown): string {
  // By shape: under Jest the errors of Node are of another realm, and no instances of this one's class.
  if (typeof error !== 'object' || error === null || !('message' in error)) return show(error);
  const { name = 'Error', code, message } = error as { name?: unknown; code?: unknown; message: unknown };
  return `${name}${typeof code === 'string' ? ` ${code}` : ''}: ${message}`;
}

interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** `expected` is what ends the descent: it is finite, whatever a store has given. */
function firstDifference(actual: unknown, expected: unknown, path: string): Difference | undefined {
  if (actual === expected || (Number.isNaN(actual) && Number.isNaN(expected))) return undefined;
  if (Array.isArray(actual) && Array.isArray(expected)) {
    for (let index = 0; index < Math.max(actual.length, expected.length); index += 1) {
      const found = firstDifference(actual[index], expected[index], `${path}[${index}]`);
      if (found) return found;
    }
    return actual.length === expected.length ? undefined : { path: `${path}.length`, actual, expected };
  }
  if (!isPlain(actual) || !isPlain(expected)) return { path, actual, expected };
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const found = firstDifference(ownValue(actual, key), ownValue(expected, key), `${path}${member(key)}`);
    if (found) return found;
  }
  return undefined;
}

/** An instance of a class is no JSON: a Date has no keys, and would pass for `{}`. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function ownValue(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined;
}

const member = (key: string) => (/^[a-z_$][\w$]*$/i.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);

/** Of two long texts, the places where they part. */
function shownApart(expected: unknown, actual: unknown): readonly [string, string] {
  if (typeof expected !== 'string' || typeof actual !== 'string') return [show(expected), show(actual)];
  const length = Math.max(expected.length, actual.length);
  if (length <= MAX_SHOWN_LENGTH) return [show(expected), show(actual)];
  let at = 0;
  while (expected[at] === actual[at]) at += 1;
  const from = Math.max(0, at - CONTEXT_LENGTH);
  const part = (text: string) =>
    `${show(text.slice(from, at + CONTEXT_LENGTH))} from character ${from} on, of ${text.length}`;
  return [part(expected), part(actual)];
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // A cycle, a BigInt: no JSON, and described instead.
    return undefined;
  }
}

const sizeOf = (value: unknown) => (value === undefined ? 0 : (jsonOf(value)?.length ?? Infinity));
