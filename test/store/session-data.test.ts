import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSessionError, type SessionError } from '../../src/errors.ts';
import type { Fact } from '../../src/session/facts.ts';
import { sessionData } from '../../src/session/snapshot.ts';
import { applyFact, type SessionState } from '../../src/session/state.ts';
import { parseDocument } from '../../src/store/document.ts';
import { checkSessionData, checkTime, type DocumentLimits, sameJson } from '../../src/store/session-data.ts';
import { lives } from '../session/facts.ts';
import { documentOf, type Loose, SAVED_AT, spoiled } from './documents.ts';

function refusalOf(spoil: (data: Loose, document: Loose) => void, limits?: DocumentLimits): SessionError {
  const text = spoiled((document, data) => spoil(data, document));
  try {
    parseDocument(text, limits);
  } catch (error) {
    if (isSessionError(error)) return error;
    throw error;
  }
  throw new Error(`${text} was taken`);
}

/** As the engine would have let it happen: a key brings one message, and no file is added over the limit. */
function legal(facts: readonly Fact[]): Fact[] {
  const keys = new Set<string>();
  return facts.map((fact) => {
    if (fact.type === 'session_created')
      return { ...fact, payload: { ...fact.payload, config: { ...fact.payload.config, maxFiles: 60 } } };
    if (fact.type !== 'conversation_added') return fact;
    const { idempotencyKey, ...message } = fact.payload.message;
    if (idempotencyKey === undefined || keys.has(idempotencyKey))
      return { ...fact, payload: { ...fact.payload, message } };
    keys.add(idempotencyKey);
    return fact;
  });
}

describe('what a session holds', () => {
  it('is taken after any life, and is the same', () => {
    fc.assert(
      fc.property(lives, (facts) => {
        let state: SessionState | undefined;
        for (const fact of legal(facts)) state = applyFact(state, fact);
        if (!state) throw new Error('a life has a first fact');
        const data = JSON.parse(JSON.stringify(sessionData(state)));
        expect(checkSessionData(data, 'data', 's')).toEqual(data);
      }),
    );
  });

  it('may be nothing at all', () => {
    const empty = {
      conversation: [],
      messageNumber: 0,
      files: [],
      fileIndex: [],
      workingContext: [],
      keyed: [],
    };
    const data = { ...documentOf().data, ...empty };
    expect(checkSessionData(data, 'data', 'ada')).toEqual(data);
  });

  it('may have had messages that are gone', () => {
    const data = { ...documentOf().data, conversation: [], keyed: [] };
    expect(checkSessionData(data, 'data', 'ada').messageNumber).toBe(5);
  });
});

/** Where which value is put, the path that is named if it is another, and what is said of it. */
const wrong: ReadonlyArray<
  readonly [what: string, where: string, value: unknown, path?: string | undefined, says?: string]
> = [
  ['a field of its own', '.agent', {}, '["agent"]', 'has a field "agent" that is not in'],
  ['no llmConfig', '.llmConfig', undefined],
  ['a llmConfig that is a list', '.llmConfig', []],
  ['no config', '.config', undefined],
  ['a config without maxTokens', '.config.maxTokens', undefined],
  ['a config of zero', '.config.maxFiles', 0],
  ['a config of its own', '.config.maxFlies', 1],
  ['features of no names', '.config.features', [1], '.config.features[0]'],
  ['an idleAfterMs that is a text', '.config.idleAfterMs', '5'],
  ['a conversation that is none', '.conversation', {}, undefined, 'must be an array'],
  ['a message without its tokens', '.conversation[1]', [{}], undefined, 'an array of two'],
  ['negative tokens', '.conversation[0][1]', -1],
  ['half a token', '.conversation[0][1]', 0.5],
  ['more tokens than it may have', '.config.maxTokens', 5, '.conversation', 'not 6'],
  ['more messages than it may have', '.config.maxMessages', 1, '.conversation', 'config.maxMessages'],
  ['more messages than there were', '.messageNumber', 1, '.conversation', 'messageNumber'],
  ['a hole between messages', '.conversation[0][0].id', 'ada:3', undefined, '"ada:4"'],
  ['a message of somebody else', '.conversation[0][0].id', 'bob:4', undefined, 'session "ada"'],
  ['a number with a nought before it', '.conversation[0][0].id', 'ada:04'],
  ['messages that are not the newest', '.messageNumber', 6, '.conversation[0][0].id', '"ada:5"'],
  ['a message number without end', '.messageNumber', 2 ** 53 - 1],
  ['a cursor without end', '.conversation[0][0].seq', 2 ** 53 - 1],
  ['a cursor below nought', '.conversation[0][0].seq', -1],
  ['a role that is none', '.conversation[0][0].role', 'root'],
  ['no content', '.conversation[0][0].content', undefined],
  ['content that is a number', '.conversation[0][0].content', 5],
  ['a part without a type', '.conversation[0][0].content', [{}], '.conversation[0][0].content[0]'],
  ['a part that is null', '.conversation[0][0].content', [null], '.conversation[0][0].content[0]'],
  ['a day for a time', '.conversation[0][0].createdAt', '2026-01-01'],
  ['an empty key', '.conversation[0][0].idempotencyKey', ''],
  ['a null for a tool call', '.conversation[0][0].toolCallId', null],
  ['metadata of a message that is text', '.conversation[0][0].metadata', 'x'],
  ['a message with a field of its own', '.conversation[0][0].x', 1, '.conversation[0][0]["x"]'],
  ['a file without a time', '.files[0][1]', null],
  ['a file without a name', '.files[0][0]', ''],
  ['a file with NUL', '.files[0][0]', 'a\0b'],
  ['a file twice', '.files[1]', ['src/a.ts', SAVED_AT], '.files[1][0]', 'given once'],
  [
    'too many files',
    '.files',
    [
      ['a', SAVED_AT],
      ['b', SAVED_AT],
      ['c', SAVED_AT],
    ],
    undefined,
    'config.maxFiles',
  ],
  ['an index of text', '.fileIndex[0][1]', 'x'],
  ['an index by __proto__', '.fileIndex[0][0]', '__proto__'],
  ['a value by __proto__', '.workingContext[0][0]', '__proto__'],
  ['a value without a key', '.workingContext[0]', ['plan']],
  ['a key twice', '.workingContext[1]', ['plan', 1], '.workingContext[1][0]', 'given once'],
  ['a message under another key', '.keyed[0][0]', 'third', '.keyed[0][1].idempotencyKey', '"third"'],
  ['a key of a message to come', '.keyed[0][1].id', 'ada:6', undefined, 'message 5 at most'],
  ['a key without its message', '.keyed', [], undefined, '"ada:5" under its key "second"'],
  [
    'a key that brought another',
    '.conversation[0][0].idempotencyKey',
    'first',
    '.keyed',
    '"ada:4" under its key',
  ],
  ['two tales of one message', '.keyed[1][1].content', 'other', '.keyed[1][1]', 'the same as in the conv'],
];

/** `undefined` takes away what is there. */
function put(target: Loose, where: string, value: unknown): void {
  const keys = where.match(/[^.[\]]+/g) ?? [];
  const last = keys.pop() ?? '';
  const holder = keys.reduce((found, key) => found[key], target);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
}

describe('what no session holds is refused by its path', () => {
  it.for(wrong)('%s', ([, where, value, path = where, says = '']) => {
    const error = refusalOf((data) => put(data, where, value));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', details: { path: `document.data${path}` } });
    expect(error.message).toContain(says);
  });

  it('an own __proto__ key anywhere in it', () => {
    const text = spoiled(() => {}).replace('"tone":', '"__proto__":');
    expect(() => parseDocument(text)).toThrow(
      'document.data.conversation[1][0].metadata.__proto__ must be named otherwise',
    );
    expect(({} as Loose).tone).toBeUndefined();
  });

  it('nesting over 64 levels, wherever it starts', () => {
    const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    const error = refusalOf((data) => put(data, '.workingContext[0][1]', nested(65)));
    expect(error.message).toContain('must be JSON at most 64 levels deep');
    const text = spoiled((_document, data) => put(data, '.workingContext[0][1]', nested(64)));
    expect(parseDocument(text).data.workingContext).toHaveLength(1);
  });
});

describe('size', () => {
  const text = (bytes: number) => 'x'.repeat(bytes - 2);
  it.each([
    ['.llmConfig', 'maxMetadataBytes'],
    ['.conversation[0][0].content', 'maxMessageBytes'],
    ['.conversation[0][0].metadata', 'maxMessageBytes'],
    ['.fileIndex[0][1]', 'maxMessageBytes'],
    ['.workingContext[0][1]', 'maxMessageBytes'],
  ] as const)('of %s has the limit %s, which may be set', (where, option) => {
    const limit = option === 'maxMessageBytes' ? 1_048_576 : 65_536;
    const fill = (data: Loose, bytes: number) =>
      put(data, where, where.endsWith('content') ? text(bytes) : { a: text(bytes - 6) });
    const taken = (bytes: number, limits?: DocumentLimits) =>
      parseDocument(
        spoiled((_document, data) => fill(data, bytes)),
        limits,
      ).id;
    const path = `document.data${where}`;
    expect(taken(limit)).toBe('ada');
    expect(refusalOf((data) => fill(data, limit + 1))).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      details: { path, limit },
    });
    expect(taken(limit + 1, { [option]: limit + 1 })).toBe('ada');
    const small = refusalOf((data) => fill(data, 200), { [option]: 199 });
    expect(small.message).toBe(`${path} is larger than 199 bytes of JSON (limits.${option}).`);
  });

  it('of the metadata has that of the llmConfig, in both places', () => {
    const error = refusalOf((data, document) => {
      data.metadata = { a: text(65_531) };
      document.metadata = data.metadata;
    });
    expect(error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', details: { path: 'document.metadata' } });
  });
});

describe('a time', () => {
  it.each(['2026-01-31T09:30:00.000Z', '1970-01-01T00:00:00.000Z', '+010000-01-01T00:00:00.000Z'])(
    '%s is one',
    (time) => expect(checkTime(time, 'at')).toBe(time),
  );

  it.each([
    '2026-01-31T09:30:00Z',
    '2026-01-31T09:30:00.000',
    '2026-13-01T00:00:00.000Z',
    '',
    'now',
    5,
    null,
  ])('%j is none', (time) =>
    expect(() => checkTime(time, 'at')).toThrow('at must be a time like "2026-01-31T09:30:00.000Z"'),
  );
});

describe('two values are the same JSON', () => {
  it.each([
    [1, 1, true],
    [1, '1', false],
    [null, null, true],
    [null, {}, false],
    [[], {}, false],
    [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [{ a: undefined }, { b: undefined }, false],
    [[1, 2], [2, 1], false],
    [{ toString: 1 }, {}, false],
  ])('%j and %j: %s', (a, b, same) => {
    expect(sameJson(a, b)).toBe(same);
  });
});
