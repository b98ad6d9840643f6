import type { StandardSchemaV1 } from '@standard-schema/spec';
import fc from 'fast-check';

type Validate = (value: unknown) => readonly StandardSchemaV1.Issue[];

const EXAMPLES = 40;
const ATTEMPTS = 400;
/** Values tried in one attempt. */
const REPAIRS = 120;

const LEAVES: readonly unknown[] = [
  'text',
  0,
  1,
  true,
  {},
  [],
  '',
  'another text',
  -1,
  42,
  0.5,
  false,
  null,
  '2026-01-31',
  '2026-01-31T12:00:00.000Z',
  '12:00',
  'ada@example.com',
  'https://example.com/',
  '3f0c8e2a-6c1b-4f3e-9b1a-2f6d1c0e4b5a',
  '01HZX3V8Q9T4W7N2K5M6R8C0DE',
  '192.168.0.1',
  '#aabbcc',
  1000,
  'a text that is longer than most texts have to be',
];

/**
 * Values that a schema lets pass, which can do nothing but say what is wrong with one: where an issue points, another
 * value is put, until there is no issue. Literals are read out of the messages, which name them in quotes.
 */
export function searchExamples(validate: Validate, seed: number): unknown[] {
  const found = new Map<string, unknown>();
  const picks = fc.sample(fc.infiniteStream(fc.nat(1_000_000)), { seed, numRuns: ATTEMPTS });
  for (const [attempt, stream] of picks.entries()) {
    // An undefined root has the schema say first what kind of thing it wants.
    const value = repair(attempt % 2 === 0 ? {} : undefined, validate, () => stream.next().value as number);
    if (value === undefined) continue;
    found.set(fc.stringify(value.found), value.found);
    if (found.size === EXAMPLES) break;
    if (attempt > 100 && found.size < 2) break;
  }
  return [...found.values()];
}

function repair(
  first: unknown,
  validate: Validate,
  pick: () => number,
): { readonly found: unknown } | undefined {
  let value = first;
  for (let tried = 0; tried < REPAIRS; tried += 1) {
    const issues = validate(value);
    const issue = issues[pick() % Math.max(1, issues.length)];
    if (!issue) return { found: value };
    const literals = literalsOf(issue.message);
    const candidates = literals.length > 0 && pick() % 3 > 0 ? literals : LEAVES;
    value = put(value, pathOf(issue), candidates[pick() % candidates.length]);
  }
  return undefined;
}

function pathOf({ path = [] }: StandardSchemaV1.Issue): PropertyKey[] {
  return path.map((part) => (typeof part === 'object' ? part.key : part));
}

function put(value: unknown, [key, ...rest]: readonly PropertyKey[], leaf: unknown): unknown {
  if (key === undefined) return leaf;
  if (Array.isArray(value)) {
    const copy: unknown[] = [...value];
    copy[Number(key)] = put(copy[Number(key)], rest, leaf);
    return copy;
  }
  const holder = (typeof value === 'object' && value !== null ? value : {}) as Record<PropertyKey, unknown>;
  return { ...holder, [key]: put(holder[key], rest, leaf) };
}

/** `Expected ("open" | "shut") but received 3` names two; what was received is none. */
function literalsOf(message: string): unknown[] {
  const [expected = ''] = message.split(/ but received|, received/i);
  const quoted = [...expected.matchAll(/["']([^"']*)["']/g)].map(([, text]) => text);
  const numbers = [...expected.matchAll(/(?<![\w."'])-?\d+(?:\.\d+)?(?![\w"'])/g)].map(([text]) =>
    Number(text),
  );
  // A bound is as good as a literal, and so is what is just beyond it.
  return [
    ...quoted,
    ...numbers.flatMap((each) => [each, each + 1, 'x'.repeat(Math.min(Math.abs(each), 100))]),
  ];
}
