/** Values as JSON that shows what JSON would lose, to hold one run against another. */
import type { Json } from '../../data.ts';

const MAX_DEPTH = 32;

/** Cycles, live actors and anything deeper than {@link MAX_DEPTH} are named, not followed. Never throws. */
export function portray(value: unknown, depth = 0, above: readonly object[] = []): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value + 0 : `(${value})`;
    case 'undefined':
      return '(undefined)';
    case 'bigint':
      return `(bigint ${value})`;
    case 'function':
      return '(function)';
    case 'symbol':
      return '(symbol)';
  }
  if (typeof value !== 'object' || value === null) return null;
  if (above.includes(value)) return '(cycle)';
  if (depth >= MAX_DEPTH) return '(deep)';
  try {
    return portrayObject(value, depth + 1, [...above, value]);
  } catch {
    return '(unreadable)';
  }
}

function portrayObject(value: object, depth: number, above: readonly object[]): Json {
  if (Array.isArray(value)) return Array.from(value, (item) => portray(item, depth, above));
  if (isActorLike(value)) return { '(actor)': value.id };
  if (value instanceof Date)
    return { '(Date)': Number.isNaN(value.getTime()) ? '(invalid)' : value.toISOString() };
  if (value instanceof Error)
    return {
      '(Error)': value.name,
      message: value.message,
      ...ownOf(value, (item) => portray(item, depth, above)),
    };
  if (value instanceof Map)
    return {
      '(Map)': [...value].map(([key, item]) => [portray(key, depth, above), portray(item, depth, above)]),
    };
  if (value instanceof Set) return { '(Set)': [...value].map((item) => portray(item, depth, above)) };
  const drawn: [string, Json][] = [];
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype)
    drawn.push(['(class)', (prototype.constructor as { name?: string } | undefined)?.name ?? '']);
  // `{ a: undefined }` and `{}` are the same to JSON, and to nearly everybody.
  for (const [key, item] of Object.entries(value))
    if (item !== undefined) drawn.push([key, portray(item, depth, above)]);
  // Also for a key like `__proto__`.
  return Object.fromEntries(drawn);
}

function isActorLike(value: object): value is { readonly id: string } {
  return ('sessionId' in value && 'send' in value && 'ref' in value) || 'xstate$$type' in value;
}

/** Where two portraits differ first, and what stands there: `undefined` where there is nothing. */
export interface Difference {
  readonly path: readonly (string | number)[];
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export function firstDifference(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly (string | number)[] = [],
): Difference | undefined {
  if (before === after) return undefined;
  if (!isBranch(before) || !isBranch(after) || Array.isArray(before) !== Array.isArray(after))
    return { path, before, after };
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  // What only one of them is, a date for instance, is a difference of the whole.
  const isOfAnotherKind = [...keys].some(
    (key) => key.startsWith('(') && Object.hasOwn(before, key) !== Object.hasOwn(after, key),
  );
  if (isOfAnotherKind) return { path, before, after };
  for (const key of keys) {
    const at = Array.isArray(before) ? Number(key) : key;
    const found = firstDifference(own(before, key), own(after, key), [...path, at]);
    if (found) return found;
  }
  return undefined;
}

/** `context.items[2].price` */
export function pathInWords(path: readonly (string | number)[]): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      if (!/^[A-Za-z_$][\w$]*$/.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

/** A few words of a value: whole where it is short. */
export function excerpt(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 120 ? text : `${text.slice(0, 117)}…`;
}

function isBranch(value: Json | undefined): value is Exclude<Json, string | number | boolean | null> {
  return typeof value === 'object' && value !== null;
}

function own(value: object, key: string): Json | undefined {
  return Object.hasOwn(value, key) ? (value as Record<string, Json>)[key] : undefined;
}

/** What an error has besides its name and its message, such as a `code`. */
export function ownOf<R>(error: Error, show: (value: unknown) => R): Record<string, R> {
  const own = Object.entries(error).filter(
    ([key, item]) => !['name', 'message', 'stack'].includes(key) && item !== undefined,
  );
  return Object.fromEntries(own.map(([key, item]) => [key, show(item)]));
}
