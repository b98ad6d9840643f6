import { checkSignal } from '../check.ts';
import type { Json } from '../data.ts';
import { toErrorInfo } from '../error-info.ts';
import type { Oddity, OddKind, PackedArguments } from './packed.ts';

/** Over what the engine lets pass, with the arguments and their options around it: what lies deeper is never looked at. */
const MAX_DEPTH = 72;

/** How an argument is read. */
export type Reading =
  /** As JSON: no accessor is run. */
  | 'value'
  /** As the engine reads options: by their properties, whatever they are an instance of. */
  | 'options'
  /** As whatever was thrown. */
  | 'thrown';

export interface Packing extends PackedArguments {
  /** The `signal` among the options stays here. */
  readonly signal?: AbortSignal;
}

/**
 * A copy of the arguments of a call that can be sent, bad ones included: nothing is refused here, so that there is
 * one truth about what is. Throws only what a getter among the options throws.
 */
export function packArguments(args: readonly unknown[], readings: readonly Reading[]): Packing {
  const packer = new Packer();
  let length = args.length;
  while (length > 0 && args[length - 1] === undefined) length -= 1;
  const packed = args.slice(0, length).map((arg, n) => packer.argument(arg, n, readings[n] ?? 'value'));
  const { odd, signal } = packer;
  return { args: packed, ...(odd.length > 0 && { odd }), ...(signal && { signal }) };
}

class Packer {
  readonly odd: Oddity[] = [];
  signal: AbortSignal | undefined;
  readonly #path: (string | number)[] = [];
  readonly #ancestors: object[] = [];

  argument(arg: unknown, n: number, reading: Reading): Json {
    return this.#at(n, () => {
      if (reading === 'thrown') return arg === undefined ? this.#strange('undefined') : toErrorInfo(arg);
      return reading === 'options' ? this.#options(arg) : this.#value(arg);
    });
  }

  #at(key: string | number, pack: () => Json): Json {
    this.#path.push(key);
    const packed = pack();
    this.#path.pop();
    return packed;
  }

  #options(options: unknown): Json {
    if (typeof options !== 'object' || options === null || Array.isArray(options))
      return this.#value(options);
    const copy: Record<string, Json> = {};
    this.#ancestors.push(options);
    for (const key in options) {
      const value = (options as Record<string, unknown>)[key];
      // What every object of a kind can do is no option.
      if (!Object.hasOwn(options, key) && typeof value === 'function') continue;
      put(
        copy,
        key,
        this.#at(key, () => this.#option(key, value)),
      );
    }
    this.#ancestors.pop();
    return copy;
  }

  #option(key: string, value: unknown): Json {
    // The engine reads no further ones: it has no option of a config by that name.
    if (key === 'config' && this.#ancestors.length === 1) return this.#options(value);
    if (key !== 'signal' || value === undefined) return this.#value(value);
    try {
      this.signal = checkSignal(value, key);
    } catch {
      return this.#value(value);
    }
    return this.#strange('signal');
  }

  #value(value: unknown): Json {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) ? value : this.#strange('number', String(value));
      case 'object':
        return value === null ? null : this.#composite(value);
      default:
        return this.#strange(typeof value as OddKind);
    }
  }

  #composite(value: object): Json {
    const level = this.#ancestors.indexOf(value);
    if (level >= 0) return this.#strange('cycle', String(level));
    if (this.#ancestors.length === MAX_DEPTH) return null;
    const [depth, noted] = [this.#path.length, this.odd.length];
    this.#ancestors.push(value);
    try {
      return Array.isArray(value) ? this.#array(value) : this.#object(value);
    } catch {
      // A proxy that will not be read: what was noted below it goes with it.
      this.#path.length = depth;
      this.odd.length = noted;
      return this.#strange('unreadable');
    } finally {
      this.#ancestors.length = this.#ancestors.indexOf(value);
    }
  }

  #array(source: readonly unknown[]): Json {
    if (Object.getPrototypeOf(source) !== Array.prototype) return this.#strange('strange array');
    const copy: Json[] = [];
    const { length } = source;
    for (let index = 0; index < length; index++) {
      const item = Object.getOwnPropertyDescriptor(source, index);
      copy.push(this.#at(index, () => this.#property(item)));
      // Whoever reads a list stops at the first hole, and there may be billions.
      if (!item) break;
    }
    return copy;
  }

  #object(source: object): Json {
    const prototype = Object.getPrototypeOf(source);
    if (prototype !== Object.prototype && prototype !== null)
      return this.#strange('instance', makerOf(prototype));
    if (Object.getOwnPropertySymbols(source).length > 0) {
      this.#strange('symbol key');
      return {};
    }
    const copy: Record<string, Json> = {};
    for (const key of Object.keys(source)) {
      const property = Object.getOwnPropertyDescriptor(source, key);
      put(
        copy,
        key,
        this.#at(key, () => this.#property(property)),
      );
    }
    return copy;
  }

  #property(property: PropertyDescriptor | undefined): Json {
    if (property?.get ?? property?.set) return this.#strange('accessor');
    return this.#value(property?.value);
  }

  #strange(kind: OddKind, text?: string): null {
    this.odd.push(text === undefined ? [[...this.#path], kind] : [[...this.#path], kind, text]);
    return null;
  }
}

/** `__proto__` included, which would set the prototype where it is assigned. */
function put(copy: Record<string, Json>, key: string, value: Json): void {
  Object.defineProperty(copy, key, { value, writable: true, enumerable: true, configurable: true });
}

function makerOf(prototype: object): string {
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  const name: unknown = typeof maker === 'function' && Object.getOwnPropertyDescriptor(maker, 'name')?.value;
  return typeof name === 'string' ? name : '';
}
