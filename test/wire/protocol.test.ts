import { expect, it } from 'vitest';
import { isAnswer, isMessage } from '../../src/wire/protocol.ts';

it.each([[null], [undefined], ['call'], [42], [[]], [{}], [{ type: 1 }]])('%j is no message', (stranger) => {
  expect(isMessage(stranger)).toBe(false);
});

it('a message has a type', () => {
  expect(isMessage({ type: 'call' })).toBe(true);
});

it.each([
  [{ type: 'what' }],
  [{ type: 'events' }],
  [{ type: 'events', events: 5 }],
  [{ type: 'events', events: [null] }],
  [{ type: 'events', events: [{ seq: 'x', type: 'agent_event' }] }],
  [{ type: 'events', events: [{ seq: 1, type: 'gap' }] }],
  [{ type: 'error', call: 1 }],
  [{ type: 'error', call: 1, error: { name: 'Error', message: 'm', cause: 'none' } }],
  [{ type: 'listening', from: 1, journal: 'j' }],
  [{ type: 'over' }],
])('%j is no answer', (stranger) => {
  expect(isAnswer(stranger)).toBe(false);
});

it.each([
  [{ type: 'value', call: 1 }],
  [{ type: 'refused', call: 1 }],
  [{ type: 'over', begun: [] }],
  [{ type: 'events', events: [{ seq: 1, type: 'gap', from: 1, to: 1, at: '' }] }],
  [{ type: 'error', call: 1, error: { name: 'Error', message: 'm', cause: { json: 'why' } } }],
  [{ type: 'listening', from: 0, journal: 'j', cutSeq: 0 }],
])('%j is an answer', (answer) => {
  expect(isAnswer(answer)).toBe(true);
});
