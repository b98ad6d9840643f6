import { describe, expect, expectTypeOf, it } from 'vitest';
import { checkEmission, eventSchemas, type SchemaOutput } from '../../src/events/schemas.ts';
import type {
  AgentEmission,
  AgentEventPayloads,
  EventBase,
  PublishedEvent,
  SessionEvent,
  SessionEventType,
} from '../../src/events/types.ts';

const BASE = { sessionId: 's', seq: 7, at: '2026-01-01T00:00:00.000Z' };
const MESSAGE = { id: 's:1', seq: 7, role: 'user', content: 'hi', createdAt: BASE.at } as const;
const ERROR = { name: 'Error', message: 'broken' };

/** One event of each type with all its fields; the second list names those it can do without. */
const EXAMPLES = {
  session_created: [{ metadata: { a: [1] } }, []],
  session_status: [{ status: 'idle', previousStatus: 'active', reason: 'normal' }, ['reason']],
  session_crashed: [{ error: { ...ERROR, code: 'E', extra: 1 }, restarting: true, attempt: 1 }, []],
  session_terminated: [{ reason: 'crashed', error: ERROR }, ['error']],
  conversation_added: [{ message: MESSAGE }, []],
  conversation_cleared: [{}, []],
  file_added: [{ path: 'a' }, []],
  file_removed: [{ path: 'a' }, []],
  context_updated: [{ filesChanged: ['a'] }, []],
  working_context_updated: [{ key: 'k' }, []],
  llm_stream_chunk: [{ turnId: 't', content: 'c', chunkIndex: 0, isFinal: false }, ['chunkIndex', 'isFinal']],
  llm_response: [
    { turnId: 't', content: 'c', messageId: 's:1', model: 'm', tokensUsed: 3 },
    ['messageId', 'model', 'tokensUsed'],
  ],
  agent_status: [{ agentName: 'a', status: 'busy', message: 'm', turnId: 't' }, ['message', 'turnId']],
  tool_call: [{ turnId: 't', toolId: 'i', toolName: 'n', parameters: { deep: [{ a: null }] } }, []],
  tool_result: [
    { turnId: 't', toolId: 'i', toolName: 'n', status: 'ok', result: [1], error: null },
    ['result', 'error'],
  ],
  analysis_complete: [
    { filesAnalyzed: 1, issuesFound: 0, durationMs: 1.5, results: 'none', turnId: 't' },
    ['durationMs', 'results', 'turnId'],
  ],
  issue_found: [
    { severity: 'high', message: 'm', file: 'a', line: 1, column: 2, suggestion: 's', turnId: 't' },
    ['file', 'line', 'column', 'suggestion', 'turnId'],
  ],
} satisfies {
  [T in PublishedEvent['type']]: [Omit<Extract<PublishedEvent, { type: T }>, keyof EventBase<T>>, string[]];
};

const AGENT_TYPES = [
  'llm_stream_chunk',
  'llm_response',
  'agent_status',
  'tool_call',
  'tool_result',
  'analysis_complete',
  'issue_found',
] as const satisfies (keyof AgentEventPayloads)[];

type Fields = Record<string, unknown>;
const cases = Object.entries(EXAMPLES).map(([type, [fields, optional]]) => ({
  type: type as PublishedEvent['type'],
  fields: fields as Fields,
  optional: optional as string[],
}));
const agentCases = cases.filter(({ type }) => (AGENT_TYPES as readonly string[]).includes(type));

function without(fields: Fields, field: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== field));
}

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

describe('checkEmission', () => {
  describe.each(agentCases)('$type', ({ type, fields, optional }) => {
    it('gives a frozen copy equal to what was emitted', () => {
      const emitted = { type, ...fields };
      const copy = checkEmission(emitted);
      expect(copy).toStrictEqual(emitted);
      expect(copy).not.toBe(emitted);
      expect(Object.isFrozen(copy)).toBe(true);
    });

    it('does without its optional fields, also when they are given as undefined', () => {
      for (const field of optional) {
        const expected = { type, ...without(fields, field) };
        expect(checkEmission(expected)).toStrictEqual(expected);
        expect(checkEmission({ type, ...fields, [field]: undefined })).toStrictEqual(expected);
      }
    });

    it('refuses a field that is missing or of another type, and names it', () => {
      for (const [field, value] of Object.entries(fields)) {
        if (!optional.includes(field)) {
          expect(() => checkEmission({ type, ...without(fields, field) })).toThrow(
            expect.objectContaining({
              code: 'INVALID_ARGUMENT',
              details: expect.objectContaining({ path: `${type}.${field}`, received: 'undefined' }),
            }),
          );
        }
        const other = typeof value === 'string' ? 1 : 'text';
        if (field === 'result' || field === 'error' || field === 'results') continue;
        expect(() => checkEmission({ type, ...fields, [field]: other })).toThrow(
          expect.objectContaining({
            code: 'INVALID_ARGUMENT',
            details: expect.objectContaining({
              path: `${type}.${field}`,
              received: expect.stringContaining(String(other)),
            }),
          }),
        );
      }
    });
  });

  it('leaves alone what is none of ours, though its type reads like one', () => {
    for (const type of [['agent_status'], new String('agent_status'), 7, null, undefined, 'other'])
      expect(checkEmission({ type, agentName: 'a', status: 'busy' })).toBeUndefined();
    for (const emitted of [null, undefined, 'agent_status']) expect(checkEmission(emitted)).toBeUndefined();
  });

  it('says what was expected', () => {
    const chunk = { type: 'llm_stream_chunk', turnId: 't' };
    expect(() => checkEmission(chunk)).toThrow(
      /llm_stream_chunk\.content must be .*string; received undefined/,
    );
    expect(() => checkEmission({ ...chunk, content: 'c', isFinal: 0 })).toThrow(/isFinal must be .*boolean/);
    const call = { type: 'tool_call', turnId: 't', toolId: 'i', toolName: 'n' };
    expect(() => checkEmission({ ...call, parameters: [] })).toThrow(
      /parameters must be .*object; received an array/,
    );
    expect(() => checkEmission({ ...call, parameters: null })).toThrow(
      /parameters must be .*object; received null/,
    );
  });

  it('names what is no JSON, wherever it is', () => {
    const call = { type: 'tool_call', turnId: 't', toolId: 'i', toolName: 'n' };
    expect(() => checkEmission({ ...call, parameters: { when: [new Date()] } })).toThrow(
      'tool_call.parameters.when[0]',
    );
    expect(() => checkEmission({ ...call, parameters: {}, extra: 1n })).toThrow('tool_call.extra');
  });

  it('keeps fields it does not know, frozen too', () => {
    const copy = checkEmission({ type: 'agent_status', agentName: 'a', status: 'x', extra: { list: [1] } });
    expect(copy).toStrictEqual({ type: 'agent_status', agentName: 'a', status: 'x', extra: { list: [1] } });
    const { extra } = copy as unknown as { extra: { list: number[] } };
    expect(Object.isFrozen(extra) && Object.isFrozen(extra.list)).toBe(true);
  });

  it('leaves out sessionId, seq and at, which the engine gives', () => {
    const emission = { type: 'agent_status', agentName: 'a', status: 'x' };
    expect(checkEmission({ ...emission, sessionId: 'forged', seq: 1, at: 'then' })).toStrictEqual(emission);
  });

  it('lets go whatever is not of a type of ours, unread', () => {
    let ran = 0;
    const getter = Object.defineProperty({}, 'type', { get: () => `${++ran}`, enumerable: true });
    const inherited = Object.create({ type: 'tool_call' });
    const proxy = new Proxy(
      {},
      {
        getOwnPropertyDescriptor() {
          throw new Error('trap');
        },
      },
    );
    const others = [
      { type: 'my_own', handler: () => 1, at: new Date() },
      { type: 'session_created', metadata: {} },
      { type: 'gap' },
      { type: 'constructor' },
      { type: '__proto__' },
      { type: 42 },
      {},
      [],
      null,
      undefined,
      'tool_call',
      getter,
      inherited,
      proxy,
    ];
    for (const emitted of others) expect(checkEmission(emitted)).toBeUndefined();
    expect(ran).toBe(0);
  });

  it('runs no getter of an emission of ours', () => {
    let ran = 0;
    const emitted = {
      type: 'agent_status',
      agentName: 'a',
      get status() {
        ran++;
        return 'x';
      },
    };
    expect(() => checkEmission(emitted)).toThrow('agent_status.status');
    expect(ran).toBe(0);
  });

  it('takes an emission whose later changes have no effect', () => {
    const emitted = { type: 'tool_call', turnId: 't', toolId: 'i', toolName: 'n', parameters: { list: [1] } };
    const copy = checkEmission(emitted);
    emitted.parameters.list.push(2);
    expect(copy).toHaveProperty('parameters.list', [1]);
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
    expectTypeOf(checkEmission).returns.toEqualTypeOf<AgentEmission | undefined>();
  });
});
