import { describe, expect, expectTypeOf, it } from 'vitest';
import { eventSchemas, type SchemaOutput } from '../../src/events/schemas.ts';
import type { EventBase, PublishedEvent, SessionEvent, SessionEventType } from '../../src/events/types.ts';
import { BASE, cases, EXAMPLES, type Fields, MESSAGE, without } from './examples.ts';

/** The paths of the issues, or `[]` when the schema takes the event. */
async function issues(type: SessionEventType, event: unknown): Promise<string[]> {
  const result = await eventSchemas[type]['~standard'].validate(event);
  return (result.issues ?? []).map((issue) =>
    (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
  );
}

describe('eventSchemas', () => {
  it('has a Standard Schema for every event and no other, and is frozen', () => {
    expect(Object.keys(eventSchemas).sort()).toEqual([...Object.keys(EXAMPLES), 'gap'].sort());
    expect(Object.isFrozen(eventSchemas)).toBe(true);
    for (const schema of Object.values(eventSchemas)) {
      expect(schema['~standard']).toMatchObject({ version: 1, vendor: expect.any(String) });
    }
  });

  describe.each(cases)('$type', ({ type, fields, optional }) => {
    const event = { type, ...BASE, ...fields };

    it('takes a whole event and gives it back equal', async () => {
      expect(await eventSchemas[type]['~standard'].validate(event)).toMatchObject({ value: event });
      const result = await eventSchemas[type]['~standard'].validate(event);
      expect(result.issues).toBeUndefined();
      expect(result).toHaveProperty('value', event);
    });

    it('does without its optional fields and without no other', async () => {
      for (const field of Object.keys(event)) {
        expect(await issues(type, without(event, field))).toEqual(optional.includes(field) ? [] : [field]);
      }
    });

    it('refuses each field that has another type', async () => {
      for (const field of Object.keys(event)) {
        const [path] = await issues(type, { ...event, [field]: () => 'no JSON' });
        expect(path, field).toMatch(new RegExp(`^${field}`));
      }
    });

    it('keeps a field it does not know, when it is JSON', async () => {
      expect(await eventSchemas[type]['~standard'].validate({ ...event, later: [1] })).toHaveProperty(
        'value.later',
        [1],
      );
      expect(await issues(type, { ...event, later: new Map() })).toEqual(['later']);
    });

    it('refuses another type, and what is no object', async () => {
      expect(await issues(type, { ...event, type: 'other' })).toEqual(['type']);
      for (const value of [null, undefined, 'x', 1]) expect(await issues(type, value)).toEqual(['']);
    });
  });

  it('gap takes its range, and belongs to no session', async () => {
    const gap = { type: 'gap', seq: 9, at: BASE.at, from: 3, to: 8 };
    expect(await issues('gap', gap)).toEqual([]);
    expect(await issues('gap', { ...gap, sessionId: 's' })).toEqual(['sessionId']);
    for (const field of Object.keys(gap)) expect(await issues('gap', without(gap, field))).toEqual([field]);
  });

  it('takes parts as the content of a message, and knows the four roles', async () => {
    const added = (message: Fields) => ({
      type: 'conversation_added',
      ...BASE,
      message: { ...MESSAGE, ...message },
    });
    const taken = [
      { content: [] },
      {
        content: [
          { type: 'text', text: 'hi' },
          { type: 'image', size: { w: 1 } },
        ],
      },
      { role: 'tool', toolCallId: 'c', idempotencyKey: 'k', metadata: {} },
    ];
    for (const message of taken) expect(await issues('conversation_added', added(message))).toEqual([]);
    const refused = [
      { content: [{ text: 'no type' }] },
      { content: [{ type: 'text', at: new Date() }] },
      { content: { type: 'text' } },
      { role: 'robot' },
      { metadata: [] },
    ];
    for (const message of refused) expect(await issues('conversation_added', added(message))).toHaveLength(1);
  });

  it('knows the five statuses', async () => {
    const status = (name: string) => ({
      type: 'session_status',
      ...BASE,
      status: name,
      previousStatus: 'active',
    });
    for (const name of ['initializing', 'active', 'idle', 'terminating', 'terminated']) {
      expect(await issues('session_status', status(name))).toEqual([]);
    }
    expect(await issues('session_status', status('asleep'))).toEqual(['status']);
  });
});

describe('types', () => {
  /**
   * Without `readonly` and index signatures, and with a plain `string` for an open set of names, so that only
   * fields, types and optionality are compared.
   */
  type Plain<T> = T extends string
    ? string extends T
      ? string
      : T
    : T extends readonly (infer I)[]
      ? Plain<I>[]
      : T extends object
        ? { -readonly [K in keyof T as string extends K ? never : K]: Plain<T[K]> }
        : T;
  type Own<T extends PublishedEvent['type']> = Plain<
    Omit<Extract<PublishedEvent, { type: T }>, keyof EventBase<T>>
  >;

  it('of the schemas are those of the events, field by field', () => {
    expectTypeOf<Plain<SchemaOutput>>().toEqualTypeOf<{ [T in PublishedEvent['type']]: Own<T> }>();
  });

  it('of eventSchemas are whole events', () => {
    type Validated<T extends SessionEventType> = NonNullable<
      (typeof eventSchemas)[T]['~standard']['types']
    >['output'];
    expectTypeOf<{ [T in SessionEventType]: Validated<T> }>().toEqualTypeOf<{
      [T in SessionEventType]: Extract<SessionEvent, { type: T }>;
    }>();
  });
});
