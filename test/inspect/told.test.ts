import { describe, expect, it } from 'vitest';
import { checkedBase, toldFact, UNTOLD } from '../../src/inspect/told.ts';
import type { Fact } from '../../src/session/facts.ts';
import type { TraceEntry } from '../../src/testing/trace.ts';
import { factOf } from '../support/facts.ts';

const at = { step: 0, atMs: 0 };
const fact = (told: unknown): TraceEntry => ({ ...at, kind: 'fact', fact: told }) as TraceEntry;
const event = (told: unknown): TraceEntry => ({ ...at, kind: 'event', event: told }) as TraceEntry;

describe('toldFact', () => {
  it('is the fact itself where it is whole', () => {
    const whole = factOf({ seq: 3 }, 'file_added', { path: 'a.ts' });
    expect(toldFact(fact(whole))).toEqual(whole);
  });

  it('makes of an event the fact that it is the face of', () => {
    const message = { id: 'a:1', seq: 4, role: 'user', content: 'hello', createdAt: '' };
    const told = { type: 'conversation_added', sessionId: 'a', seq: 4, at: 't', message };
    expect(toldFact(event(told))).toMatchObject({ seq: 4, at: 't', payload: { message, tokens: 0 } });
  });

  it('says of a key whose value an event leaves out that it was not told', () => {
    const told = { type: 'working_context_updated', sessionId: 'a', seq: 4, at: 't', key: 'k' };
    expect(toldFact(event(told))?.payload).toEqual({ key: 'k', value: UNTOLD });
    expect(toldFact(fact({ ...told, payload: { key: 'k' } }))?.payload).toEqual({ key: 'k' });
  });

  it.each<[string, unknown]>([
    ['no object', 'x'],
    ['nothing', undefined],
    ['no session', { type: 'file_added', payload: { path: 'a' } }],
    ['no path', { type: 'file_added', sessionId: 'a', payload: {} }],
    ['no payload', { type: 'session_status', sessionId: 'a' }],
    ['a message that is a text', { type: 'conversation_added', sessionId: 'a', payload: { message: '' } }],
    ['a key that is a number', { type: 'working_context_updated', sessionId: 'a', payload: { key: 1 } }],
  ])('takes nothing of a fact with %s', (_what, told) => {
    expect(toldFact(fact(told))).toBeUndefined();
  });

  it('is of no other entries', () => {
    expect(toldFact({ ...at, kind: 'schedule', label: 'x' })).toBeUndefined();
  });

  it('gives the fold lists where it wants lists', () => {
    const payload = { filesChanged: 'a.ts', metadata: '(redacted)' };
    const told = toldFact(fact({ type: 'context_updated', sessionId: 'a', payload })) as Fact;
    expect(told.payload).toEqual({ filesChanged: [], metadata: { '': '(redacted)' } });
  });
});

describe('what is not as it should be', () => {
  const told = (type: string, payload: object) =>
    toldFact(fact({ type, sessionId: 'a', payload }))?.payload as unknown;

  it('is made a message that can be shown', () => {
    const message = { id: 7, role: 'user', content: 'x', seq: 'y' };
    expect(told('conversation_added', { message })).toEqual({
      message: { id: '7', role: 'user', content: 'x', seq: 0, createdAt: '' },
      tokens: 0,
    });
  });

  it('is made a reason, and an error, that can be read', () => {
    const status = { status: 'terminated', previousStatus: 'active', reason: { toString: 1 } };
    expect(told('session_status', status)).toMatchObject({ reason: '{"toString":1}' });
    const error = { name: 3, code: 'X' };
    expect(told('session_terminated', { error })).toEqual({ error: { name: '3', code: 'X', message: '' } });
    expect(told('session_crashed', { error: 'no' })).toEqual({
      restartTimes: [],
      error: 'no',
      restarting: false,
    });
  });

  it('is made a saved session with every part', () => {
    const conversation = [[{ role: 'user', content: 'x' }, 3], [{ role: 'user' }, 3], 'x'];
    const restored = {
      conversation,
      fileIndex: [
        ['a', 'x'],
        [1, {}],
      ],
      files: 'none',
    };
    expect(told('session_created', { restored })).toMatchObject({
      restored: {
        conversation: [[{ id: '', content: 'x', seq: 0 }, 3]],
        fileIndex: [['a', { '': 'x' }]],
        files: [],
        workingContext: [],
      },
    });
  });
});

describe('checkedBase', () => {
  it('has every part, whatever was there', () => {
    const base = checkedBase(
      { sessionSeq: 7, version: 1, data: { conversation: 'x', files: [['a', 't'], 'b'] } },
      'a',
    );
    expect(base).toMatchObject({
      sessionSeq: 7,
      data: { id: 'a', status: 'active', conversation: [], files: [['a', 't']], keyed: [] },
    });
  });
});
