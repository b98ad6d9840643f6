/** A machine may write into what it is given; the next run of the same steps is to find it as it was. */
export function copyPlain<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyPlain) as T;
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Whatever has a class of its own is a handle, which a copy would not be.
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyPlain(item)])) as T;
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
