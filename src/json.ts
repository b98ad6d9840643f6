import { invalidArgument } from './check.ts';
import type { Json, JsonObject } from './data.ts';
import type { SessionError } from './errors.ts';

const MAX_DEPTH = 64;
const encoder = /*#__PURE__*/ new TextEncoder();
const JSON_VALUE = 'JSON: a string, finite number, boolean, null, plain array or plain object';

/** One walk over one argument. Never shared between calls: a proxy's trap may call back into the engine. */
interface Walk {
  readonly at: string;
  readonly ancestors: object[];
  /** The key being looked at in each ancestor, `undefined` for the ancestor itself. What lies beyond is stale. */
  readonly keys: (string | number | undefined)[];
  refusal: SessionError | undefined;
}

/**
 * Validates, copies and deep-freezes in one walk. Refuses with `INVALID_ARGUMENT` whatever JSON cannot say;
 * the message and `details.path` name the offender, e.g. `metadata.user[3].born`. `undefined` as an
 * object's value is dropped, and `-0` becomes `0`, as `JSON.stringify` would have it. No getter and no
 * `toJSON` is ever called.
 *
 * @param at what the argument is called, the root of the path
 */
export function copyJson(value: unknown, at: string): Json {
  if (typeof value === 'string') return value;
  const walk: Walk = { at, ancestors: [], keys: [], refusal: undefined };
  try {
    return copyValue(value, walk);
  } catch (error) {
    if (error === walk.refusal) throw error;
    throw invalidArgument(pathOf(walk), 'JSON that can be read', value, error);
  }
}

/** {@link copyJson} for an argument that must be an object: arrays, `null` and scalars are refused. */
export function copyJsonObject(value: unknown, at: string): JsonObject {
  const copy = typeof value === 'object' ? copyJson(value, at) : null;
  if (isJsonObject(copy)) return copy;
  throw invalidArgument(at, 'a JSON object', value);
}

function isJsonObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function copyValue(value: unknown, walk: Walk): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw refuse(walk, 'a finite number', value);
      return value + 0;
    case 'object':
      if (value === null) return null;
      return copyComposite(value, walk);
    default:
      throw refuse(walk, JSON_VALUE, value);
  }
}

function copyComposite(value: object, walk: Walk): Json {
  const { ancestors } = walk;
  if (ancestors.includes(value)) throw refuse(walk, 'JSON without cycles', value);
  if (ancestors.length === MAX_DEPTH) throw refuse(walk, `JSON at most ${MAX_DEPTH} levels deep`, value);
  walk.keys[ancestors.push(value) - 1] = undefined;
  const copy = Array.isArray(value) ? copyArray(value, walk) : copyObject(value, walk);
  ancestors.pop();
  return Object.freeze(copy);
}

function copyArray(source: readonly unknown[], walk: Walk): Json[] {
  if (Object.getPrototypeOf(source) !== Array.prototype) throw refuse(walk, JSON_VALUE, source);
  const depth = walk.ancestors.length - 1;
  const copy: Json[] = [];
  const { length } = source;
  for (let index = 0; index < length; index++) {
    walk.keys[depth] = index;
    copy.push(copyValue(dataOf(source, index, walk), walk));
  }
  return copy;
}

function copyObject(source: object, walk: Walk): Record<string, Json> {
  const prototype = Object.getPrototypeOf(source);
  if (prototype !== Object.prototype && prototype !== null) throw refuse(walk, JSON_VALUE, source);
  const depth = walk.ancestors.length - 1;
  const symbol = Object.getOwnPropertySymbols(source)[0];
  if (symbol !== undefined) throw refuse(walk, 'JSON, which has no symbols as keys', symbol);
  const copy: Record<string, Json> = {};
  for (const key of Object.keys(source)) {
    walk.keys[depth] = key;
    if (key === '__proto__') throw refuse(walk, 'named otherwise', key);
    const item = dataOf(source, key, walk);
    if (item !== undefined) copy[key] = copyValue(item, walk);
  }
  return copy;
}

/** `undefined` for a hole, and for a property that a proxy listed and then denies. */
function dataOf(source: object, key: PropertyKey, walk: Walk): unknown {
  const property = Object.getOwnPropertyDescriptor(source, key);
  const accessor = property?.get ?? property?.set;
  if (accessor !== undefined) throw refuse(walk, 'a value, not an accessor', accessor);
  return property?.value;
}

function refuse(walk: Walk, expected: string, value: unknown): SessionError {
  walk.refusal = invalidArgument(pathOf(walk), expected, value);
  return walk.refusal;
}

function pathOf({ at, keys, ancestors }: Walk): string {
  let path = at;
  for (const key of keys.slice(0, ancestors.length)) {
    if (typeof key === 'number') path += `[${key}]`;
    else if (key !== undefined)
      path += /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  }
  return path;
}

/**
 * Whether the value takes more than `max` bytes as JSON. Settled by a bound from above where that is enough,
 * which for a text costs two operations, whatever its length.
 */
export function exceedsBytes(value: Json, max: number): boolean {
  return mostBytes(value) > max && jsonBytes(value) > max;
}

/** UTF-8 bytes of `JSON.stringify(value)`. */
export function jsonBytes(value: Json): number {
  return utf8Length(JSON.stringify(value));
}

/** Bytes of the text in UTF-8; a lone surrogate counts as U+FFFD, as an encoder writes it. */
export function utf8Length(text: string): number {
  return encoder.encode(text).length;
}

/** No UTF-16 code unit takes more than the six bytes of `\u0000`. */
function mostBytes(value: Json | undefined): number {
  if (typeof value === 'string') return value.length * 6 + 2;
  if (typeof value !== 'object' || value === null) return String(value).length;
  let bytes = 2;
  for (const [key, item] of Object.entries(value)) bytes += key.length * 6 + 4 + mostBytes(item);
  return bytes;
}

/** Freezes JSON in place, as far as it is not frozen already: what is frozen here is frozen all the way down. */
export function freezeJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) freezeJson(member);
  return Object.freeze(value);
}
