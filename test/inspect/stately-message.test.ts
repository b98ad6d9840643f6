import { describe, expect, it } from 'vitest';
import { readStately } from '../../src/inspect/stately-message.ts';

const BASE = { sessionId: 'x:1', rootId: 'x:0', createdAt: '1700000000000', id: null, _version: '0.7.2' };
const actor = (more: object) => readStately({ type: '@xstate.actor', name: 'lamp', ...BASE, ...more });

describe('a message', () => {
  it('of an actor is read, its definition without the context', () => {
    const definition = JSON.stringify({ id: 'lamp', context: { a: 1 }, states: { on: {} } });
    expect(actor({ definition, parentId: 'x:0', snapshot: { value: 'on' } })).toEqual({
      type: 'actor',
      sessionId: 'x:1',
      rootId: 'x:0',
      at: 1_700_000_000_000,
      name: 'lamp',
      parentId: 'x:0',
      definition: { id: 'lamp', states: { on: {} } },
      snapshot: { value: 'on' },
    });
  });

  it('of an event and of a snapshot is read', () => {
    const common = { sessionId: 'x:1', rootId: 'x:0', at: 1_700_000_000_000 };
    const event = { type: 'press', force: 3 };
    expect(readStately({ type: '@xstate.event', event, ...BASE })).toEqual({
      type: 'event',
      event,
      ...common,
    });
    const snapshot = { value: 'on' };
    expect(readStately({ type: '@xstate.snapshot', snapshot, event, ...BASE })).toEqual({
      type: 'snapshot',
      snapshot,
      ...common,
    });
  });

  it.each([
    '@xstate.microstep',
    '@xstate.from.the.future',
    '@statelyai.connected',
    'constructor',
    '__proto__',
  ])('of the type %s is passed over', (type) => expect(readStately({ ...BASE, type })).toBe('passed'));

  it.each([
    [null],
    [undefined],
    [1],
    ['@xstate.event'],
    [[]],
    [{}],
    [{ type: '@xstate.event' }],
    [{ type: 42, _version: '1' }],
    [{ type: '@xstate.event', _version: 7 }],
    [{ ...BASE, type: '@xstate.actor', sessionId: '' }],
    [{ ...BASE, type: '@xstate.actor', sessionId: 1 }],
    [{ ...BASE, type: '@xstate.actor', sessionId: 'x'.repeat(201) }],
    [{ ...BASE, type: '@xstate.event' }],
    [{ ...BASE, type: '@xstate.event', event: null }],
    [{ ...BASE, type: '@xstate.event', event: { type: null } }],
    [{ ...BASE, type: '@xstate.event', event: ['a'] }],
  ])('%j is wrong, in words', (message) => {
    expect(readStately(message)).toEqual({ wrong: expect.stringMatching(/xstate|inspect/) });
  });

  it.each([
    ['no JSON', '{"id":'],
    ['no object', '[]'],
    ['nothing but a name, as of logic that is no machine', '{"id":"load"}'],
    ['too deep', `${'{"states":{"a":'.repeat(500)}{}${'}}'.repeat(500)}`],
    ['too long', JSON.stringify({ id: 'a', states: { a: 'x'.repeat(256 * 1024) } })],
    ['no text', { id: 'a', states: {} }],
  ])('with a definition that is %s has none', (_, definition) => {
    expect(actor({ definition })).not.toHaveProperty('definition');
  });

  it('whose root is a placeholder has none', () => {
    expect(actor({ rootId: 'anonymous' })).not.toHaveProperty('rootId');
  });

  it.each([
    ['1700000000000', 1_700_000_000_000],
    [1_700_000_000_000, 1_700_000_000_000],
    ['2023-11-14T22:13:20.000Z', 1_700_000_000_000],
    ['', undefined],
    ['soon', undefined],
    ['1e30', undefined],
    [null, undefined],
  ])('made at %j has the time %j', (createdAt, at) => {
    expect(actor({ createdAt })).toHaveProperty('sessionId');
    expect((actor({ createdAt }) as { at?: number }).at).toBe(at);
  });

  it('without a name is called by its session id', () => {
    expect(actor({ name: undefined })).toMatchObject({ name: 'x:1' });
  });
});
