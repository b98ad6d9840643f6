/** Values of a running program as JSON of a bounded size, for whoever looks at it from outside. */
import type { Json } from '../data.ts';
import { ownOf } from '../testing/machine/portrait.ts';

/** Of one portrait, in bytes of its JSON text, about. */
export const PORTRAIT_BYTES = 64 * 1024;
const MAX_DEPTH = 32;
/** Of what is left of a long text, so that a text in a full portrait still says what it is. */
const SHORTEST_TEXT = 16;

export interface Portrait {
  readonly value: Json;
  /** About, as a JSON text. */
  readonly bytes: number;
}

/**
 * The same marks as `portray` makes, `(Map)`, `(cycle)` and so on. What does not fit into `maxBytes` is left out and
 * marked `(cut)`; it is not looked at either, so that the time is bounded with the size. Never throws.
 */
export function portrayWithin(value: unknown, maxBytes: number = PORTRAIT_BYTES): Portrait {
  const painter = new Painter(maxBytes);
  const drawn = painter.draw(value, 0, []);
  return { value: drawn, bytes: maxBytes - painter.left };
}

class Painter {
  left: number;

  constructor(maxBytes: number) {
    this.left = maxBytes;
  }

  draw(value: unknown, depth: number, above: readonly object[]): Json {
    if (typeof value === 'string') return this.#text(value);
    if (typeof value !== 'object' || value === null) return this.#paid(plain(value));
    if (above.includes(value)) return this.#paid('(cycle)');
    if (depth >= MAX_DEPTH) return this.#paid('(deep)');
    if (this.left <= 0) return '(cut)';
    this.left -= 2;
    try {
      return this.#object(value, (item) => this.draw(item, depth + 1, [...above, value]));
    } catch {
      return this.#paid('(unreadable)');
    }
  }

  #paid<J extends string | number | boolean | null>(mark: J): J {
    this.left -= String(mark).length + 1;
    return mark;
  }

  #text(text: string): string {
    const fits = text.length <= Math.max(this.left, SHORTEST_TEXT);
    const shown = fits ? text : `${text.slice(0, Math.max(this.left, SHORTEST_TEXT))}…(cut)`;
    this.left -= shown.length + 3;
    return shown;
  }

  #object(value: object, draw: (item: unknown) => Json): Json {
    if (Array.isArray(value)) return this.#items(value, value.length, draw);
    if (isActorLike(value)) return { '(actor)': this.#text(String(value.id)) };
    if (value instanceof Date)
      return { '(Date)': Number.isNaN(value.getTime()) ? '(invalid)' : this.#text(value.toISOString()) };
    if (value instanceof Error) {
      const { name, message } = value;
      return {
        '(Error)': this.#text(String(name)),
        message: this.#text(String(message)),
        ...ownOf(value, draw),
      };
    }
    if (value instanceof Map)
      return { '(Map)': this.#items(value, value.size, (pair) => this.#items(pair, 2, draw)) };
    if (value instanceof Set) return { '(Set)': this.#items(value, value.size, draw) };
    return this.#properties(value, draw);
  }

  #items<T>(items: Iterable<T>, count: number, draw: (item: T) => Json): Json[] {
    const drawn: Json[] = [];
    this.left -= 3;
    for (const item of items) {
      if (this.left <= 0) {
        drawn.push(`(cut) ${count - drawn.length} more`);
        break;
      }
      drawn.push(draw(item));
    }
    return drawn;
  }

  #properties(value: object, draw: (item: unknown) => Json): Json {
    const drawn: [string, Json][] = [];
    const prototype: object | null = Object.getPrototypeOf(value);
    if (prototype !== null && prototype !== Object.prototype)
      drawn.push(['(class)', this.#text(String(prototype.constructor?.name ?? ''))]);
    const keys = Object.keys(value);
    for (const [n, key] of keys.entries()) {
      if (this.left <= 0) {
        drawn.push(['(cut)', `${keys.length - n} more`]);
        break;
      }
      const item = read(value, key);
      if (item === undefined) continue;
      this.left -= key.length + 4;
      drawn.push([key, item === UNREADABLE ? this.#paid('(unreadable)') : draw(item)]);
    }
    // Also for a key like `__proto__`.
    return Object.fromEntries(drawn);
  }
}

const UNREADABLE = Symbol('unreadable');

/** A getter that throws takes nothing with it but itself. */
function read(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key];
  } catch {
    return UNREADABLE;
  }
}

function plain(value: unknown): string | number | boolean | null {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value + 0 : `(${value})`;
    case 'bigint':
      return `(bigint ${value})`;
    case 'undefined':
    case 'function':
    case 'symbol':
      return `(${typeof value})`;
    default:
      return null;
  }
}

function isActorLike(value: object): value is { readonly id: unknown } {
  return ('sessionId' in value && 'send' in value && 'ref' in value) || 'xstate$$type' in value;
}
