/** A machine may write into what it is given; the next run of the same steps is to find it as it was. */
export function copyPlain<T>(value: T, copies = new Map<object, unknown>()): T {
  if (typeof value !== 'object' || value === null) return value;
  // What holds itself does so in the copy as well.
  if (copies.has(value)) return copies.get(value) as T;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    copies.set(value, list);
    for (const item of value) list.push(copyPlain(item, copies));
    return list as T;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // Whatever has a class of its own is a handle, which a copy would not be.
  if (prototype !== Object.prototype && prototype !== null) return value;
  const copy = {};
  copies.set(value, copy);
  for (const [key, item] of Object.entries(value))
    Object.defineProperty(copy, key, {
      value: copyPlain(item, copies),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  return copy as T;
}

/** The value without what is at these paths in it. */
export function without(value: unknown, paths: ReadonlyArray<readonly string[]>): unknown {
  return paths.reduce<unknown>(omit, value);
}

function omit(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined || typeof value !== 'object' || value === null || !Object.hasOwn(value, key))
    return value;
  const { [key]: inner, ...others } = value as Record<string, unknown>;
  return rest.length === 0 ? others : { ...others, [key]: omit(inner, rest) };
}
