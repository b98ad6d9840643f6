import type { StandardSchemaV1 } from '@standard-schema/spec';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { arbitraryOf, isArbitrary, isSchema } from '../../../src/testing/machine/schema.ts';

const accepts = (schema: StandardSchemaV1) => (value: unknown) => {
  const result = schema['~standard'].validate(value);
  return !(result instanceof Promise) && result.issues === undefined;
};

/** As a library that offers both would have it. */
function described(json: object, passes: (value: never) => boolean, convert = () => json): StandardSchemaV1 {
  return {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value: unknown) => (passes(value as never) ? { value } : { issues: [{ message: 'no' }] }),
      jsonSchema: { input: convert, output: convert },
    },
  } as unknown as StandardSchemaV1;
}

describe('values of a schema', () => {
  it('are those of the arbitrary where one was given', () => {
    const nat = fc.nat();
    expect(arbitraryOf(nat, 'x', 1)).toBe(nat);
  });

  it('are read from its JSON Schema where it offers one', () => {
    const schema = described({ type: 'integer', minimum: 0, maximum: 100 }, () => true);
    const values = fc.sample(arbitraryOf(schema, 'x', 1), { seed: 1, numRuns: 100 });
    expect(new Set(values).size).toBeGreaterThan(10);
    expect(values.every((value) => Number.isInteger(value))).toBe(true);
  });

  it('pass the schema even where its JSON Schema says less', () => {
    const isEven = (n: number) => n % 2 === 0;
    const schema = described({ type: 'integer' }, isEven);
    expect(
      fc.sample(arbitraryOf(schema, 'x', 1), { seed: 1, numRuns: 100 }).filter((n) => !isEven(n as number)),
    ).toEqual([]);
  });

  it('are looked for by its issues where it can only validate', () => {
    const schema = v.object({
      id: v.pipe(v.string(), v.uuid()),
      kind: v.picklist(['a', 'b']),
      count: v.number(),
    });
    const values = fc.sample(arbitraryOf(schema, 'x', 1), { seed: 1, numRuns: 50 });
    expect(values.filter((value) => !accepts(schema)(value))).toEqual([]);
    expect(new Set(values.map((value) => (value as { kind: string }).kind))).toEqual(new Set(['a', 'b']));
  });

  it('are looked for so too where the converter refuses, or nearly nothing that it describes passes', () => {
    const refusing = described(
      {},
      (value) => value === 'text',
      () => {
        throw new Error('not supported');
      },
    );
    expect(fc.sample(arbitraryOf(refusing, 'x', 1), 1)).toEqual(['text']);
    const narrow = described({ type: 'string' }, (value) => value === 'ada@example.com');
    expect(fc.sample(arbitraryOf(narrow, 'x', 1), 1)).toEqual(['ada@example.com']);
  });

  it('are the same from the same seed', () => {
    const schema = v.object({ a: v.number(), b: v.string() });
    const [one, other] = [1, 1].map((seed) =>
      fc.sample(arbitraryOf(schema, 'x', seed), { seed: 3, numRuns: 20 }),
    );
    expect(one).toEqual(other);
  });
});

describe('a schema that does not serve', () => {
  it('is refused where nothing passes, with what to give instead', () => {
    const never = v.pipe(
      v.string(),
      v.check(() => false, 'never good'),
    );
    expect(() => arbitraryOf(never, 'options.input', 1)).toThrow(
      /^options\.input: no value was found that its schema lets pass \(valibot.*Give an arbitrary/,
    );
  });

  it('is refused where it validates asynchronously', () => {
    const slow = v.pipeAsync(
      v.string(),
      v.checkAsync(async () => true),
    );
    expect(() => arbitraryOf(slow, 'options.input', 1)).toThrow(
      /options\.input: its schema validates asynchronously/,
    );
  });

  it.each([[undefined], [null], [5], ['text'], [{}], [[]]])('is refused where it is none: %j', (source) => {
    expect(() => arbitraryOf(source, 'x', 1)).toThrow(
      /x must be an arbitrary of fast-check or a Standard Schema/,
    );
  });
});

it('arbitraries and schemas are told by their shape', () => {
  expect([fc.nat(), v.string(), {}, null].map(isArbitrary)).toEqual([true, false, false, false]);
  expect([fc.nat(), v.string(), {}, null].map(isSchema)).toEqual([false, true, false, false]);
});
