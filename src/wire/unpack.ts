import type { Oddity, PackedArguments } from './packed.ts';

/** The arguments again. What was odd is stood in for by something that is refused for the same reason. */
export function unpackArguments({ args, odd = [] }: PackedArguments, signal: () => AbortSignal): unknown[] {
  const unpacked: unknown[] = [...args];
  for (const oddity of odd) {
    const [path, kind] = oddity;
    const parent = objectAt(unpacked, path.slice(0, -1));
    const key = path.at(-1);
    if (parent === undefined || key === undefined) continue;
    if (kind === 'accessor') define(parent, key, { get: () => undefined, enumerable: true });
    else if (kind === 'symbol key') {
      const owner = objectAt(parent, [key]);
      if (owner) define(owner, Symbol(), { value: null, enumerable: true });
    } else define(parent, key, { value: standIn(oddity, unpacked, signal), ...PLAIN });
  }
  return unpacked;
}

const PLAIN = { writable: true, enumerable: true, configurable: true };

/** By own properties only: no path leads into a prototype. */
function objectAt(root: object, path: readonly (string | number)[]): object | undefined {
  let at: unknown = root;
  for (const key of path) at = Object.getOwnPropertyDescriptor(at ?? {}, key)?.value;
  return typeof at === 'object' && at !== null ? at : undefined;
}

function define(object: object, key: PropertyKey, property: PropertyDescriptor): void {
  // Over the `null` that stands there, an accessor too.
  Object.defineProperty(object, key, { configurable: true, ...property });
}

function standIn([path, kind, text = '']: Oddity, root: unknown[], signal: () => AbortSignal): unknown {
  switch (kind) {
    case 'number':
      return Number(text);
    case 'bigint':
      return 0n;
    case 'symbol':
      return Symbol();
    case 'function':
      return () => {};
    case 'instance':
      return instanceOf(text);
    case 'strange array':
      return Object.setPrototypeOf([], {});
    case 'cycle':
      return objectAt(root, path.slice(0, Number(text) + 1));
    case 'unreadable':
      return unreadable();
    case 'signal':
      return signal();
    default:
      return undefined;
  }
}

function instanceOf(maker: string): object {
  if (maker === '') return Object.create({});
  return Object.create({ constructor: Object.defineProperty(() => {}, 'name', { value: maker }) });
}

function unreadable(): object {
  const refuse = () => {
    throw new Error('It could not be read where it was passed.');
  };
  return new Proxy(
    {},
    { getPrototypeOf: refuse, ownKeys: refuse, getOwnPropertyDescriptor: refuse, get: refuse },
  );
}
