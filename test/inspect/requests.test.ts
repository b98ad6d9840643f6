import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkAllowed, readMessage, refusalOf, requestOf } from '../../src/inspect/requests.ts';
import { failureOf } from '../support/errors.ts';

const act = (action: unknown) => ({ type: 'act', request: 1, action });
const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

/** What a call throws at once. */
const refusal = (call: () => unknown) => failureOf((async () => call())());

describe('a message', () => {
  it.each([
    [{ type: 'look', subject: 'engine' }],
    [{ type: 'leave', subject: 'session/a' }],
    [{ type: 'look', subject: 'app/x:0' }],
    [{ type: 'record', request: 7, on: true }],
    [act({ do: 'send', sessionId: 'a', role: 'user', content: 'hello' })],
    [act({ do: 'send', sessionId: 'a', role: 'tool', content: [{ type: 'text' }] })],
    [act({ do: 'dispatch', sessionId: 'a', event: { type: 'go' } })],
    [act({ do: 'terminate', sessionId: 'a', reason: 'enough' })],
    [act({ do: 'kill', sessionId: 'a' })],
    [act({ do: 'save', sessionId: 'a' })],
    [act({ do: 'create', id: 'a', metadata: { n: 1 }, config: { maxMessages: 3 } })],
    [act({ do: 'create' })],
  ])('is read as it is, from a text too: %j', (message) => {
    expect(readMessage(message)).toEqual(message);
    expect(readMessage(JSON.stringify(message))).toEqual(message);
  });

  it('loses what nobody asked for', () => {
    const more = { type: 'look', subject: 'engine', of: 'a newer viewer' };
    expect(readMessage(more)).toEqual({ type: 'look', subject: 'engine' });
    expect(readMessage(act({ do: 'save', sessionId: 'a', reason: 7 }))).toEqual(
      act({ do: 'save', sessionId: 'a' }),
    );
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['a number', 7],
    ['no JSON', '{'],
    ['a text of null', 'null'],
    ['a text that is nested deep', deep],
    ['a prototype', '{"type":"look","__proto__":{"subject":"engine"}}'],
    ['no type', {}],
    ['an unknown type', { type: 'constructor' }],
    ['no subject', { type: 'look' }],
    ['a subject of nobody', { type: 'look', subject: 'session/' }],
    ['a subject of another kind', { type: 'look', subject: 'file/etc' }],
    ['a session that none can be', { type: 'look', subject: 'session/../x' }],
    ['a long subject', { type: 'look', subject: `app/${'x'.repeat(300)}` }],
    ['no request', { type: 'record', on: true }],
    ['a request that is no integer', { type: 'record', request: 0.5, on: true }],
    ['no on', { type: 'record', request: 1 }],
    ['no action', { type: 'act', request: 1 }],
    ['an unknown action', act({ do: 'toString', sessionId: 'a' })],
    ['no session', act({ do: 'kill' })],
    ['a wrong role', act({ do: 'send', sessionId: 'a', role: 'root', content: 'x' })],
    ['no content', act({ do: 'send', sessionId: 'a', role: 'user' })],
    ['an event that is none', act({ do: 'dispatch', sessionId: 'a', event: 'go' })],
    ['a reason that is no text', act({ do: 'terminate', sessionId: 'a', reason: {} })],
    ['a long reason', act({ do: 'kill', sessionId: 'a', reason: 'x'.repeat(2_000) })],
    ['metadata that is a list', act({ do: 'create', metadata: [] })],
    ['an id that none can be', act({ do: 'create', id: 'a b' })],
  ])('is refused in a sentence: %s', async (_, message) => {
    const { code, message: text } = await refusal(() => readMessage(message));
    expect(['INVALID_ARGUMENT', 'INVALID_SESSION_ID']).toContain(code);
    expect(text).toMatch(/must be/);
    expect(text.length).toBeLessThan(400);
  });

  it('is read or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (message) => {
        try {
          readMessage({ type: 'act', request: 1, action: message });
        } catch (error) {
          expect(refusalOf(error)).toMatch(/./);
        }
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  it('has a request to answer to even if the rest is wrong', () => {
    expect(requestOf({ request: 7, type: 'nonsense' })).toBe(7);
    for (const message of [null, undefined, 'text', {}, { request: '7' }, { request: 0.5 }])
      expect(requestOf(message)).toBeUndefined();
  });
});

describe('what is allowed', () => {
  it('is nothing, or what is named, each once', () => {
    expect(checkAllowed(undefined)).toEqual([]);
    expect(checkAllowed(['kill', 'send', 'kill'])).toEqual(['send', 'kill']);
  });

  it.each([['all'], [['sent']], [[undefined]], [{ send: true }]])(
    'is refused where it is no action: %j',
    async (allow) => {
      expect(await refusal(() => checkAllowed(allow))).toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );
});

describe('a refusal', () => {
  it('has words for what is no error', () => {
    expect(refusalOf(undefined)).toContain('undefined');
    expect(refusalOf(new Error('so'))).toBe('so');
  });
});
