import type { StandardSchemaV1 } from '@standard-schema/spec';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { searchExamples } from '../../../src/testing/machine/schema-search.ts';

const by = (schema: StandardSchemaV1) => (value: unknown) => {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) throw new Error('not here');
  return result.issues ?? [];
};

describe('searchExamples', () => {
  it.each<[string, StandardSchemaV1]>([
    ['a text', v.string()],
    ['a number within bounds', v.pipe(v.number(), v.integer(), v.minValue(300), v.maxValue(400))],
    ['a literal', v.literal('open')],
    ['a number that is one of few', v.picklist([404, 500])],
    ['a text of a length', v.pipe(v.string(), v.minLength(8), v.maxLength(9))],
    ['an email address', v.pipe(v.string(), v.email())],
    ['a moment', v.pipe(v.string(), v.isoTimestamp())],
    ['a list of objects', v.pipe(v.array(v.object({ sku: v.string(), n: v.number() })), v.minLength(0))],
    ['objects in objects', v.object({ a: v.object({ b: v.object({ c: v.boolean() }) }) })],
    ['a tuple', v.tuple([v.string(), v.number()])],
    ['alternatives', v.union([v.string(), v.number()])],
    [
      'one of several shapes',
      v.variant('type', [
        v.object({ type: v.literal('a'), x: v.number() }),
        v.object({ type: v.literal('b') }),
      ]),
    ],
    ['null', v.null()],
  ])('finds values that are %s', (_, schema) => {
    const found = searchExamples(by(schema), 1);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((value) => by(schema)(value).length > 0)).toEqual([]);
  });

  it('finds different ones', () => {
    expect(searchExamples(by(v.object({ a: v.string(), b: v.number() })), 1).length).toBeGreaterThan(10);
  });

  it('finds none where there is none, and comes to an end', () => {
    expect(searchExamples(() => [{ message: 'never' }], 1)).toEqual([]);
  });

  it('reads paths whose parts are objects', () => {
    const validate = (value: unknown) =>
      (value as { a?: unknown })?.a === 1 ? [] : [{ message: 'wrong', path: [{ key: 'a' }] }];
    expect(searchExamples(validate, 1)).toContainEqual({ a: 1 });
  });
});
