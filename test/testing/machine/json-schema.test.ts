import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryOfJsonSchema } from '../../../src/testing/machine/json-schema.ts';

const samples = (schema: object | boolean, count = 200): unknown[] =>
  fc.sample(arbitraryOfJsonSchema(schema as never), { seed: 1, numRuns: count });
const isWithin = (min: number, max: number) => (value: unknown) =>
  (value as number) >= min && (value as number) <= max;

describe('values of a JSON Schema', () => {
  it.each<[string, object, (value: never) => boolean]>([
    ['a constant', { const: { a: 1 } }, (value: object) => JSON.stringify(value) === '{"a":1}'],
    ['an enum', { enum: ['a', 2, null] }, (value: unknown) => ['a', 2, null].includes(value as null)],
    [
      'a string',
      { type: 'string', minLength: 2, maxLength: 3 },
      (value: string) => isWithin(2, 3)(value.length),
    ],
    ['a pattern', { type: 'string', pattern: '^[a-c]{2}$' }, (value: string) => /^[a-c]{2}$/.test(value)],
    ['an email', { type: 'string', format: 'email' }, (value: string) => value.includes('@')],
    ['a date', { type: 'string', format: 'date' }, (value: string) => /^\d{4}-\d\d-\d\d$/.test(value)],
    ['a time', { type: 'string', format: 'time' }, (value: string) => /^\d\d:\d\d:\d\d$/.test(value)],
    [
      'a moment',
      { type: 'string', format: 'date-time' },
      (value: string) => !Number.isNaN(Date.parse(value)),
    ],
    ['an unknown format', { type: 'string', format: 'smell' }, (value: unknown) => typeof value === 'string'],
    [
      'an integer',
      { type: 'integer', minimum: 3, exclusiveMaximum: 6 },
      (v: number) => [3, 4, 5].includes(v),
    ],
    ['an integer below', { type: 'integer', maximum: -5 }, (v: number) => Number.isInteger(v) && v <= -5],
    [
      'a multiple',
      { type: 'integer', multipleOf: 5, minimum: 1, maximum: 20 },
      (v: number) => v % 5 === 0 && v >= 5,
    ],
    ['a number', { type: 'number', minimum: 0, maximum: 1 }, isWithin(0, 1)],
    ['a boolean', { type: 'boolean' }, (value: unknown) => typeof value === 'boolean'],
    ['null', { type: 'null' }, (value: unknown) => value === null],
    ['several types', { type: ['string', 'null'] }, (v: unknown) => v === null || typeof v === 'string'],
    [
      'a list',
      { type: 'array', items: { type: 'boolean' }, minItems: 1, maxItems: 2 },
      (v: unknown[]) => isWithin(1, 2)(v.length),
    ],
    [
      'a set',
      { type: 'array', items: { enum: [1, 2, 3] }, uniqueItems: true },
      (v: unknown[]) => new Set(v).size === v.length,
    ],
    [
      'a tuple',
      { prefixItems: [{ const: 1 }, { type: 'string' }] },
      ([a, b]: [unknown, unknown]) => a === 1 && typeof b === 'string',
    ],
    [
      'an old tuple',
      { type: 'array', items: [{ const: 1 }, { const: 2 }] },
      (v: unknown) => JSON.stringify(v) === '[1,2]',
    ],
    ['alternatives', { anyOf: [{ const: 1 }, { oneOf: [{ const: 2 }, { const: 3 }] }] }, isWithin(1, 3)],
    [
      'a dictionary',
      { type: 'object', additionalProperties: { type: 'boolean' } },
      (v: object) => Object.values(v).every((each) => typeof each === 'boolean'),
    ],
    [
      'all of several',
      {
        allOf: [
          { properties: { a: { const: 1 } }, required: ['a'] },
          { properties: { b: { const: 2 } }, required: ['b'] },
        ],
      },
      (v: unknown) => JSON.stringify(v) === '{"a":1,"b":2}',
    ],
  ])('%s', (_, schema, fits) => {
    expect(samples(schema).filter((value) => !fits(value as never))).toEqual([]);
  });

  it('has required properties always, the others now and then', () => {
    const schema = {
      type: 'object',
      properties: { id: { type: 'integer' }, note: { type: 'string' } },
      required: ['id'],
      additionalProperties: false,
    };
    const values = samples(schema) as { id?: number; note?: string }[];
    expect(values.every((value) => 'id' in value)).toBe(true);
    const withNote = values.filter((value) => 'note' in value).length;
    expect(withNote).toBeGreaterThan(20);
    expect(withNote).toBeLessThan(180);
  });

  it('comes to an end where a schema contains itself', () => {
    const tree = {
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: {
            value: { type: 'integer' },
            children: { type: 'array', items: { $ref: '#/$defs/node' } },
          },
          required: ['value', 'children'],
        },
      },
    };
    expect(samples(tree, 20).every((value) => typeof (value as { value: number }).value === 'number')).toBe(
      true,
    );
    const list = {
      $ref: '#/definitions/a~1list',
      definitions: {
        'a/list': {
          anyOf: [
            { type: 'null' },
            { type: 'object', properties: { next: { $ref: '#/definitions/a~1list' } }, required: ['next'] },
          ],
        },
      },
    };
    expect(samples(list, 20)).toContain(null);
  });

  it('is anything where nothing is said', () => {
    expect(samples({}, 50).length + samples(true, 50).length).toBe(100);
  });

  it.each<[string, object | boolean, RegExp]>([
    ['nothing', false, /nothing passes/],
    ['another document', { $ref: 'https://example.com/a' }, /another document/],
    ['what is not there', { $ref: '#/$defs/no' }, /A reference to nothing/],
    ['an unknown type', { type: 'smell' }, /"smell" is none/],
  ])('cannot be made of %s', (_, schema, message) => {
    expect(() => arbitraryOfJsonSchema(schema as never)).toThrow(message);
  });

  it('is the same after a way through JSON', () => {
    const values = samples({ type: 'array', items: { type: ['number', 'string', 'null'] } });
    expect(JSON.parse(JSON.stringify(values))).toEqual(values);
  });
});
