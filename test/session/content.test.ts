import { describe, expect, it } from 'vitest';
import { Batch } from '../../src/batch.ts';
import { tooLarge } from '../../src/check.ts';
import type { SendOptions } from '../../src/client.ts';
import type { Content, ContentPart, Role } from '../../src/data.ts';
import { SessionError } from '../../src/errors.ts';
import { Guard } from '../../src/guard.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import {
  addFile,
  addMessage,
  clearConversation,
  deleteValue,
  draftMessage,
  messageOfKey,
  putValue,
  removeFile,
  updateFileIndex,
} from '../../src/session/content.ts';
import type { Fact } from '../../src/session/facts.ts';
import { applyFact, type SessionState } from '../../src/session/state.ts';
import { resolveSettings } from '../../src/settings.ts';
import { codeThrown } from '../support/errors.ts';
import { thawed } from '../support/frozen.ts';
import { factWriter } from './facts.ts';

function draft(content: unknown, options?: SendOptions, given: SessionManagerOptions = {}, role = 'user') {
  const settings = resolveSettings(given);
  return draftMessage(role as Role, content as Content, options, settings, new Guard(undefined));
}

function refusal(call: () => unknown): SessionError {
  try {
    call();
  } catch (error) {
    if (error instanceof SessionError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

/** A session, and what one decision on it would commit. */
function desk(config = {}) {
  const state = applyFact(undefined, factWriter('s', config).created());
  const facts = (decide: (batch: Batch) => void): readonly Fact[] => {
    const batch = new Batch(100 + state.sessionSeq, '2026-02-02T00:00:00.000Z');
    decide(batch);
    return batch.facts;
  };
  const commit = (decide: (state: SessionState, batch: Batch) => void) => {
    const committed = facts((batch) => decide(state, batch));
    for (const fact of committed) applyFact(state, fact);
    return committed.map(({ type, payload }) => [type, 'path' in payload ? payload.path : payload]);
  };
  return { state, facts, commit };
}

describe('a draft', () => {
  it('of a text is that text and its tokens, and carries nothing that was not given', () => {
    expect(draft('hello')).toEqual({
      role: 'user',
      content: 'hello',
      tokens: 2,
      extra: undefined,
      signal: undefined,
    });
    expect(draft('hello', {})).toMatchObject({ extra: {} });
    expect(draft('')).toMatchObject({ content: '', tokens: 0 });
  });

  it('of parts is a frozen copy; a part with a text counts by that, another by its JSON', () => {
    const parts: ContentPart[] = [
      { type: 'text', text: '12345678' },
      { type: 'image', url: 'x' },
      { type: 'text', text: 7 },
    ];
    const counted: string[] = [];
    const countTokens = (text: string) => counted.push(text);
    const made = draft(parts, undefined, { countTokens });
    expect(counted).toEqual(['12345678', '{"type":"image","url":"x"}', '{"type":"text","text":7}']);
    expect(made.tokens).toBe(1 + 2 + 3);
    expect(made.content).toEqual(parts);
    expect(made.content).not.toBe(parts);
    expect(thawed(made.content)).toBeUndefined();
  });

  it('counts whole tokens, so that no sum depends on the order of adding', () => {
    const parts = [1, 2, 3].map((n) => ({ type: 'text', text: String(n) }));
    expect(draft(parts, undefined, { countTokens: () => 0.3 }).tokens).toBe(1);
    expect(draft('x', undefined, { countTokens: () => 2.1 }).tokens).toBe(3);
  });

  it('keeps key, tool call, metadata and signal', () => {
    const { signal } = new AbortController();
    const metadata = { tags: ['a'] };
    const made = draft('x', { idempotencyKey: 'k', toolCallId: 't', metadata, signal });
    metadata.tags.push('b');
    expect(made.extra).toEqual({ idempotencyKey: 'k', toolCallId: 't', metadata: { tags: ['a'] } });
    expect(made.signal).toBe(signal);
  });

  it.each<[what: string, path: string, call: () => unknown]>([
    ['an unknown role', 'role', () => draft('x', undefined, {}, 'robot')],
    ['a number', 'content', () => draft(42)],
    ['an object that is no array', 'content', () => draft({ type: 'text' })],
    ['a part that is a text', 'content[1]', () => draft([{ type: 'a' }, 'b'])],
    ['a part that is null', 'content[0]', () => draft([null])],
    ['a part without a type', 'content[0]', () => draft([{ text: 'x' }])],
    ['a part whose type is no text', 'content[0]', () => draft([{ type: 1 }])],
    ['a part that is no JSON', 'content[0].at', () => draft([{ type: 'a', at: new Date() }])],
    ['options that are null', 'options', () => draft('x', null as never)],
    ['an option that there is not', 'options.key', () => draft('x', { key: 'k' } as never)],
    ['an empty key', 'options.idempotencyKey', () => draft('x', { idempotencyKey: '' })],
    ['an empty tool call', 'options.toolCallId', () => draft('x', { toolCallId: '' })],
    ['metadata that is an array', 'options.metadata', () => draft('x', { metadata: [] as never })],
    ['a signal that is none', 'options.signal', () => draft('x', { signal: {} as never })],
  ])('refuses %s by its name', (_what, path, call) => {
    expect(refusal(call)).toMatchObject({ code: 'INVALID_ARGUMENT', details: { path } });
  });

  it.each<[expected: string, call: () => unknown]>([
    ['a string or an array of content parts', () => draft(42)],
    ['an object with a string `type`', () => draft([{ text: 'x' }])],
    ['a function that gives a number from 0 up', () => draft('x', undefined, { countTokens: () => -1 })],
  ])('says that it wants %s', (expected, call) => {
    expect(refusal(call).message).toContain(expected);
  });

  it('names the option that threw, and the limit that was passed', () => {
    const countTokens = () => {
      throw new Error('no tokenizer');
    };
    expect(refusal(() => draft('x', undefined, { countTokens })).message).toContain('options.countTokens');
    const limits = { limits: { maxMessageBytes: 3 } };
    const { message } = refusal(() => draft('', { metadata: { a: 1 } }, limits));
    expect(message).toContain('options.metadata is larger than 3 bytes of JSON (limits.maxMessageBytes)');
  });

  it('refuses content and metadata over maxMessageBytes, to the byte', () => {
    const limits = { limits: { maxMessageBytes: 10 } };
    expect(draft('12345678', undefined, limits).content).toBe('12345678');
    expect(refusal(() => draft('123456789', undefined, limits))).toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      details: { path: 'content', limit: 10 },
    });
    expect(draft('x', { metadata: { a: 'bc' } }, limits).extra?.metadata).toEqual({ a: 'bc' });
    expect(codeThrown(() => draft('x', { metadata: { a: 'bcd' } }, limits))).toBe('PAYLOAD_TOO_LARGE');
  });

  it.each([
    ['NaN', () => Number.NaN],
    ['infinitely many', () => Number.POSITIVE_INFINITY],
    ['fewer than none', () => -1],
    ['a text', () => '3' as never],
  ])('refuses a countTokens that counts %s', (_what, countTokens) => {
    expect(refusal(() => draft('x', undefined, { countTokens }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { path: 'options.countTokens' },
    });
  });

  it('refuses a message whose tokens cannot be counted, with the cause', () => {
    const boom = new Error('no tokenizer');
    const countTokens = () => {
      throw boom;
    };
    expect(refusal(() => draft('x', undefined, { countTokens }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      cause: boom,
    });
  });
});

describe('adding a message', () => {
  it('numbers it in its session, stamps it with its fact, and freezes it', () => {
    const { state, commit } = desk();
    const given = draft('hello', { toolCallId: 't' });
    const messages = [1, 2].map((n) => {
      let message: unknown;
      commit((_, batch) => {
        message = addMessage(state, batch, given);
      });
      expect(message).toEqual({
        id: `s:${n}`,
        seq: 101 + n,
        role: 'user',
        content: 'hello',
        createdAt: '2026-02-02T00:00:00.000Z',
        toolCallId: 't',
      });
      expect(thawed(message)).toBeUndefined();
      return message;
    });
    expect(state.conversation?.slice(9)).toEqual(messages);
    expect(state.conversation?.tokens).toBe(4);
  });

  it('over maxTokens is refused before anything is decided; exactly maxTokens is not', () => {
    const { state, facts } = desk({ maxTokens: 3 });
    expect(facts((batch) => addMessage(state, batch, draft('x'.repeat(12))))).toHaveLength(1);
    const decided = facts((batch) => {
      expect(refusal(() => addMessage(state, batch, draft('x'.repeat(13))))).toMatchObject({
        code: 'PAYLOAD_TOO_LARGE',
        sessionId: 's',
        details: { limit: 3, actual: 4 },
      });
    });
    expect(decided).toEqual([]);
  });

  it('with a key that came before is answered by the first message, whatever the content', () => {
    const { state, commit } = desk();
    const next = () => new Batch(10, '2026-01-01T00:00:00.000Z');
    const keyed = draft('first', { idempotencyKey: 'k' });
    expect(messageOfKey(state, next(), keyed)).toBeUndefined();
    commit((_, batch) => addMessage(state, batch, keyed));
    expect(messageOfKey(state, next(), draft('second', { idempotencyKey: 'k' }))?.content).toBe('first');
    expect(messageOfKey(state, next(), draft('other', { idempotencyKey: 'l' }))).toBeUndefined();
    expect(messageOfKey(state, next(), draft('none'))).toBeUndefined();
  });
});

describe('files', () => {
  it('are added once, and over maxFiles the oldest go first', () => {
    const { commit } = desk({ maxFiles: 2 });
    const add = (path: string) => commit((state, batch) => addFile(state, batch, path));
    expect([add('a'), add('b'), add('a')]).toEqual([[['file_added', 'a']], [['file_added', 'b']], []]);
    expect(add('c')).toEqual([
      ['file_removed', 'a'],
      ['file_added', 'c'],
    ]);
    expect(add('a')).toEqual([
      ['file_removed', 'b'],
      ['file_added', 'a'],
    ]);
  });

  it('over a limit that came down go until there is room', () => {
    const { state, commit } = desk({ maxFiles: 5 });
    for (const path of ['a', 'b', 'c', 'd']) commit((_, batch) => addFile(state, batch, path));
    Object.assign(state, { config: { ...state.config, maxFiles: 2 } });
    expect(commit((_, batch) => addFile(state, batch, 'e'))).toEqual([
      ['file_removed', 'a'],
      ['file_removed', 'b'],
      ['file_removed', 'c'],
      ['file_added', 'e'],
    ]);
    expect([...(state.files?.keys() ?? [])]).toEqual(['d', 'e']);
  });

  it('are removed by one fact, from the index alone by another, and not at all when unknown', () => {
    const { state, commit } = desk();
    const remove = (path: string) => commit((_, batch) => removeFile(state, batch, path));
    commit((_, batch) => addFile(state, batch, 'a'));
    for (const path of ['a', 'b']) commit((_, batch) => updateFileIndex(state, batch, path, { n: 1 }));
    expect(remove('a')).toEqual([['file_removed', 'a']]);
    expect(remove('b')).toEqual([['context_updated', { filesChanged: ['b'], metadata: null }]]);
    expect(state.fileIndex?.size).toBe(0);
    expect([remove('a'), remove('b'), remove('c')]).toEqual([[], [], []]);
  });

  it('are indexed by a fact that nobody can change', () => {
    const { state, facts } = desk();
    const [fact] = facts((batch) => updateFileIndex(state, batch, 'a', { n: 1 }));
    expect(fact).toMatchObject({
      type: 'context_updated',
      payload: { filesChanged: ['a'], metadata: { n: 1 } },
    });
    if (fact?.type === 'context_updated') expect(Object.isFrozen(fact.payload.filesChanged)).toBe(true);
    const [cleared] = facts((batch) => clearConversation(state, batch));
    expect(cleared).toMatchObject({ type: 'conversation_cleared', payload: {} });
    expect(Object.isFrozen(cleared?.payload)).toBe(true);
  });
});

describe('working context', () => {
  it('is put, put again, and deleted only where it is', () => {
    const { state, commit } = desk();
    expect(commit((_, batch) => putValue(state, batch, 'k', null))).toEqual([
      ['working_context_updated', { key: 'k', value: null }],
    ]);
    expect(commit((_, batch) => deleteValue(state, batch, 'other'))).toEqual([]);
    expect(commit((_, batch) => deleteValue(state, batch, 'k'))).toEqual([
      ['working_context_updated', { key: 'k' }],
    ]);
    expect(commit((_, batch) => deleteValue(state, batch, 'k'))).toEqual([]);
  });
});

describe('the refusal of what is too large', () => {
  it('names the argument, the limit and the option that sets it', () => {
    const error = tooLarge('value', 10, 'limits.maxMessageBytes');
    expect(error).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', details: { path: 'value', limit: 10 } });
    expect(error.message).toMatch(/^value is larger than 10 bytes .*limits\.maxMessageBytes/);
  });
});
