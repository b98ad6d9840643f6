import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import fc from 'fast-check';
import { describe } from '../../check.ts';
import { arbitraryOfJsonSchema } from './json-schema.ts';
import { searchExamples } from './schema-search.ts';

type Schema = StandardSchemaV1 & Partial<{ '~standard': Partial<StandardJSONSchemaV1['~standard']> }>;

export function isArbitrary(value: unknown): value is fc.Arbitrary<unknown> {
  return (
    typeof value === 'object' && value !== null && ['generate', 'shrink', 'map'].every((key) => key in value)
  );
}

export function isSchema(value: unknown): value is StandardSchemaV1 {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const standard = (value as { '~standard'?: { validate?: unknown } })['~standard'];
  return typeof standard?.validate === 'function';
}

/**
 * An arbitrary as it is; of a Standard Schema one of values that pass it. A schema that gives a JSON Schema is read;
 * with one that can only validate, values are put together from what its issues ask for. Throws a `TypeError` where
 * neither works: give an arbitrary there.
 */
export function arbitraryOf(source: unknown, at: string, seed: number): fc.Arbitrary<unknown> {
  if (
    typeof source === 'object' &&
    source !== null &&
    ['generate', 'shrink', 'map'].every((key) => key in source)
  )
    return source as fc.Arbitrary<unknown>;
  if (!isSchema(source))
    throw new TypeError(
      `${at} must be an arbitrary of fast-check or a Standard Schema; received ${describe(source)}. ` +
        'Write for instance fc.record({ id: fc.nat() }).',
    );
  const schema = source as Schema;
  const described = fromJsonSchema(schema, at, seed);
  if (described) return described;
  const examples = searchExamples((value) => validate(schema, value, at), seed);
  if (examples.length === 0)
    throw new TypeError(
      `${at}: no value was found that its schema lets pass (${vendorOf(schema)}, which can only validate). ` +
        'Give an arbitrary of fast-check in its place.',
    );
  return fc.constantFrom(...examples);
}

function fromJsonSchema(schema: Schema, at: string, seed: number): fc.Arbitrary<unknown> | undefined {
  const convert = schema['~standard'].jsonSchema?.input;
  if (typeof convert !== 'function') return undefined;
  let arbitrary: fc.Arbitrary<unknown>;
  try {
    arbitrary = arbitraryOfJsonSchema(convert({ target: 'draft-2020-12' }));
  } catch {
    // A converter may refuse, and so may we, what the description cannot say: then its issues have to do.
    return undefined;
  }
  const passes = (value: unknown) => validate(schema, value, at).length === 0;
  // What a refinement lets pass too rarely would be looked for without end.
  const share = fc.sample(arbitrary, { seed, numRuns: 100 }).filter(passes).length;
  return share >= 10 ? arbitrary.filter(passes) : undefined;
}

/** What is wrong with the value; nothing where it passes. */
function validate(schema: Schema, value: unknown, at: string): readonly StandardSchemaV1.Issue[] {
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) {
    result.catch(() => {});
    throw new TypeError(
      `${at}: its schema validates asynchronously, which a run cannot wait for. Give an arbitrary of fast-check.`,
    );
  }
  return result.issues ?? [];
}

function vendorOf(schema: Schema): string {
  return schema['~standard'].vendor;
}
