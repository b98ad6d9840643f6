import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sameJson } from '../src/same-json.ts';

it('sameJson tells whether two values say the same, whatever the order of their keys', () => {
  const small = fc.jsonValue({ maxDepth: 2, stringUnit: fc.constantFrom('a', 'b') });
  const read = fc.tuple(small, small).map((both) => JSON.parse(JSON.stringify(both)));
  const checked = fc.property(read, ([a, b]) => {
    expect(sameJson(a, b)).toBe(isDeepStrictEqual(a, b));
    expect(sameJson(a, structuredClone(a))).toBe(true);
  });
  fc.assert(checked);
  expect(sameJson({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  for (const other of [{ 0: 1 }, [1, 2], [], {}, null, 1, undefined])
    expect(sameJson([1], other)).toBe(false);
  expect(sameJson({ constructor: Object }, { a: 1 })).toBe(false);
});
