import fc from 'fast-check';

type JsonSchema = Readonly<Record<string, unknown>> | boolean;

/** How deep a schema that contains itself is followed. */
const MAX_DEPTH = 4;

/**
 * Values of a JSON Schema, draft 7 or 2020-12: types, enums, objects, arrays, tuples, unions, references within the
 * document, bounds, patterns and the usual formats. Throws for what it does not know how to make; what a keyword
 * restricts further than it is read here, the schema itself has to refuse.
 */
export function arbitraryOfJsonSchema(schema: JsonSchema): fc.Arbitrary<unknown> {
  return new Reader(schema).read(schema, 0);
}

class Reader {
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  read(schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
    if (schema === false) throw new TypeError('A schema that nothing passes.');
    if (schema === true) return fc.jsonValue({ maxDepth: 1 });
    if ('const' in schema) return fc.constant(schema.const);
    if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
    if (typeof schema.$ref === 'string') return this.read(this.#resolve(schema.$ref), depth + 1);
    const options = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(options)) return this.#union(options as JsonSchema[], depth);
    if (Array.isArray(schema.allOf)) return this.read(merge(schema, schema.allOf as JsonSchema[]), depth);
    const { type } = schema;
    if (Array.isArray(type)) return fc.oneof(...type.map((each: string) => this.#typed(each, schema, depth)));
    return this.#typed(typeof type === 'string' ? type : typeByKeywords(schema), schema, depth);
  }

  #typed(
    type: string | undefined,
    schema: Exclude<JsonSchema, boolean>,
    depth: number,
  ): fc.Arbitrary<unknown> {
    switch (type) {
      case 'string':
        return stringOf(schema);
      case 'integer':
        return integerOf(schema);
      case 'number':
        return numberOf(schema);
      case 'boolean':
        return fc.boolean();
      case 'null':
        return fc.constant(null);
      case 'array':
        return this.#array(schema, depth);
      case 'object':
        return this.#object(schema, depth);
      case undefined:
        return fc.jsonValue({ maxDepth: 1 });
      default:
        throw new TypeError(`The type ${JSON.stringify(type)} is none of JSON Schema.`);
    }
  }

  /** Beyond the depth only the alternatives that end are taken, as far as there are any. */
  #union(options: readonly JsonSchema[], depth: number): fc.Arbitrary<unknown> {
    const shallow = depth < MAX_DEPTH ? options : options.filter((each) => !refers(each));
    return fc.oneof(...(shallow.length > 0 ? shallow : options).map((each) => this.read(each, depth)));
  }

  #array(schema: Exclude<JsonSchema, boolean>, depth: number): fc.Arbitrary<unknown> {
    const tuple = schema.prefixItems ?? (Array.isArray(schema.items) ? schema.items : undefined);
    if (Array.isArray(tuple))
      return fc.tuple(...(tuple as JsonSchema[]).map((each) => this.read(each, depth + 1)));
    const minLength = numberIn(schema, 'minItems') ?? 0;
    if (depth >= MAX_DEPTH && minLength === 0) return fc.constant([]);
    const maxLength = numberIn(schema, 'maxItems') ?? Math.max(minLength + 3, 4);
    const item = this.read((schema.items ?? true) as JsonSchema, depth + 1);
    return schema.uniqueItems === true
      ? fc.uniqueArray(item, {
          minLength,
          maxLength,
          comparator: (a, b) => fc.stringify(a) === fc.stringify(b),
        })
      : fc.array(item, { minLength, maxLength });
  }

  #object(schema: Exclude<JsonSchema, boolean>, depth: number): fc.Arbitrary<unknown> {
    const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
    const required = (schema.required ?? []) as string[];
    const wanted = properties.filter(([key]) => depth < MAX_DEPTH || required.includes(key));
    const model = Object.fromEntries(wanted.map(([key, each]) => [key, this.read(each, depth + 1)]));
    const named = fc.record(model, {
      requiredKeys: required.filter((key) => key in model),
      noNullPrototype: true,
    });
    const more = schema.additionalProperties;
    if (typeof more !== 'object' || more === null) return named;
    const values = this.read(more as JsonSchema, depth + 1);
    const others = fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), values, {
      maxKeys: 3,
      noNullPrototype: true,
    });
    return fc.tuple(others, named).map(([rest, own]) => ({ ...rest, ...own }));
  }

  #resolve(reference: string): JsonSchema {
    if (!reference.startsWith('#')) throw new TypeError(`A reference to another document: ${reference}.`);
    let found: unknown = this.#root;
    for (const part of reference.split('/').slice(1)) {
      const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
      found = (found as Record<string, unknown> | undefined)?.[key];
    }
    if (found === undefined) throw new TypeError(`A reference to nothing: ${reference}.`);
    return found as JsonSchema;
  }
}

function refers(schema: JsonSchema): boolean {
  return JSON.stringify(schema).includes('"$ref"');
}

function merge(schema: Exclude<JsonSchema, boolean>, parts: readonly JsonSchema[]): JsonSchema {
  const { allOf: _, ...own } = schema;
  const all = [own, ...parts.filter((part) => typeof part !== 'boolean')];
  const required = all.flatMap((part) => (part.required ?? []) as string[]);
  const properties = Object.assign({}, ...all.map((part) => part.properties ?? {}));
  return Object.assign({}, ...all, { properties, required });
}

function typeByKeywords(schema: Readonly<Record<string, unknown>>): string | undefined {
  if ('properties' in schema || 'required' in schema) return 'object';
  if ('items' in schema || 'prefixItems' in schema) return 'array';
  return undefined;
}

function numberIn(schema: Readonly<Record<string, unknown>>, key: string): number | undefined {
  const value = schema[key];
  return typeof value === 'number' ? value : undefined;
}

const FORMATS: Readonly<Record<string, () => fc.Arbitrary<string>>> = {
  email: () => fc.emailAddress(),
  uuid: () => fc.uuid(),
  uri: () => fc.webUrl(),
  ipv4: () => fc.ipV4(),
  ipv6: () => fc.ipV6(),
  'date-time': () => dates().map((date) => date.toISOString()),
  date: () => dates().map((date) => date.toISOString().slice(0, 10)),
  time: () => dates().map((date) => date.toISOString().slice(11, 19)),
};

function dates(): fc.Arbitrary<Date> {
  return fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
}

function stringOf(schema: Readonly<Record<string, unknown>>): fc.Arbitrary<string> {
  if (typeof schema.format === 'string' && FORMATS[schema.format])
    return FORMATS[schema.format]?.() ?? fc.string();
  if (typeof schema.pattern === 'string') return fc.stringMatching(new RegExp(schema.pattern, 'u'));
  const minLength = numberIn(schema, 'minLength') ?? 0;
  const maxLength = numberIn(schema, 'maxLength') ?? minLength + 10;
  return fc.string({ minLength, maxLength });
}

function integerOf(schema: Readonly<Record<string, unknown>>): fc.Arbitrary<number> {
  const step = numberIn(schema, 'multipleOf') ?? 1;
  const [min, max] = boundsOf(schema, 1);
  const low = Math.ceil((min ?? (max !== undefined ? Math.min(max, 0) - 1000 : -1000)) / step);
  const high = Math.floor((max ?? (min !== undefined ? Math.max(min, 0) + 1000 : 1000)) / step);
  return fc.integer({ min: low, max: high }).map((each) => each * step);
}

function numberOf(schema: Readonly<Record<string, unknown>>): fc.Arbitrary<number> {
  const [min, max] = boundsOf(schema, Number.EPSILON);
  const double = fc.double({
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    noNaN: true,
    noDefaultInfinity: true,
  });
  // JSON has no -0.
  return double.map((each) => each + 0);
}

function boundsOf(
  schema: Readonly<Record<string, unknown>>,
  beyond: number,
): [number | undefined, number | undefined] {
  const above = numberIn(schema, 'exclusiveMinimum');
  const below = numberIn(schema, 'exclusiveMaximum');
  const low = numberIn(schema, 'minimum') ?? (above === undefined ? undefined : above + beyond);
  const high = numberIn(schema, 'maximum') ?? (below === undefined ? undefined : below - beyond);
  return [low, high];
}
