import { describe, expect, it } from 'vitest';
import { causeOf, durationOf, invocationOf, nameOf } from '../../src/diagram/words.ts';

describe('a name', () => {
  it('is a text, or a type; of what is built into XState without its prefix', () => {
    expect([nameOf('save'), nameOf({ type: 'save' }), nameOf({ type: 'xstate.assign' })]).toEqual([
      'save',
      'save',
      'assign',
    ]);
  });

  it('is missing for what was written in place', () => {
    for (const each of [null, undefined, '', '(function)', { type: '' }, { type: 3 }, 7, []])
      expect(nameOf(each)).toBe('inline');
  });
});

describe('a duration', () => {
  it.each([
    [0, '0 ms'],
    [250, '250 ms'],
    [1_000, '1 s'],
    [1_500, '1.5 s'],
    [1_234, '1234 ms'],
    [59_990, '59.99 s'],
    [60_000, '1 min'],
    [90_000, '1.5 min'],
    [61_000, '61 s'],
    [36_000_000, '10 h'],
    ['5000', '5 s'],
    ['patience', 'patience'],
    ['', ''],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ])('of %j is %s', (delay, words) => {
    expect(durationOf(delay)).toBe(words);
  });
});

describe('a cause', () => {
  const invokes = [
    { id: '0.m.a', name: 'load' },
    { id: 'bank', name: 'bank' },
  ];
  it.each([
    ['PAY', undefined, 'event', 'PAY'],
    ['', undefined, 'always', 'always'],
    ['xstate.after.1000.m.a', 1_000, 'after', 'after 1 s'],
    ['xstate.after.patience.m.a', 'patience', 'after', 'after patience'],
    ['xstate.after.x', undefined, 'after', 'after inline'],
    ['xstate.done.actor.0.m.a', undefined, 'done', 'done: load'],
    ['xstate.done.actor.bank', undefined, 'done', 'done: bank'],
    ['xstate.done.actor.elsewhere', undefined, 'done', 'done: elsewhere'],
    ['xstate.done.state.m.a', undefined, 'done', 'done'],
    ['xstate.error.actor.*', undefined, 'error', 'error: *'],
    ['xstate.snapshot.bank', undefined, 'snapshot', 'snapshot: bank'],
  ])('%j with a delay of %j is of kind %s, in words: %s', (event, delay, kind, cause) => {
    expect(causeOf(event, delay, invokes)).toEqual({ kind, cause });
  });
});

describe('an invocation', () => {
  it('is called by the id that it was given', () => {
    expect(invocationOf('bank', 'payments', 0, 'm.a')).toEqual({ id: 'bank', name: 'bank' });
  });

  it('is called by its logic when XState made up the id', () => {
    expect(invocationOf('1.m.a', 'payments', 1, 'm.a').name).toBe('payments');
    expect(invocationOf('1.m.a', 'xstate.invoke.1.m.a', 1, 'm.a').name).toBe('inline actor');
    expect(invocationOf('0.m.a', '(function)', 0, 'm.a').name).toBe('inline actor');
  });
});
