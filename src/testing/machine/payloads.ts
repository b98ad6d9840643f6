import fc from 'fast-check';

/** Of any type, small ones first: what a payload's property may turn out to be when nobody has said. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: fc.integer({ min: -3, max: 100 }), weight: 4 },
  { arbitrary: fc.string({ maxLength: 6 }), weight: 3 },
  { arbitrary: fc.boolean(), weight: 2 },
  { arbitrary: fc.constant(null), weight: 1 },
  { arbitrary: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 2 }), weight: 1 },
  { arbitrary: fc.constantFrom('', '__proto__', 'constructor', 1e21, -1, {}, { id: 1 }), weight: 1 },
);

/** Payloads with some of these properties. They are JSON, so that every run can be kept. */
export function madeUpPayload(keys: readonly string[]): fc.Arbitrary<object> {
  if (keys.length === 0) return fc.constant({});
  const model = Object.fromEntries(keys.map((key) => [key, anything]));
  return fc.record(model, { requiredKeys: [] });
}

/** What asks a value what it is, rather than what is in it. */
const OF_ANY_OBJECT = new Set(['type', 'then', 'toJSON', 'constructor', 'valueOf', 'toString']);

/** An event like the one given that notes in `read` which of its properties are looked at. */
export function watchedEvent<E extends { readonly type: string }>(event: E, read: Set<string>): E {
  return new Proxy(event, {
    get(target, key, receiver) {
      if (typeof key === 'string' && !OF_ANY_OBJECT.has(key)) read.add(key);
      return Reflect.get(target, key, receiver);
    },
    has(target, key) {
      if (typeof key === 'string' && !OF_ANY_OBJECT.has(key)) read.add(key);
      return Reflect.has(target, key);
    },
  });
}
