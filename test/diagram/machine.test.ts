import { describe, expect, it } from 'vitest';
import { and, assign, createMachine, not, or, stateIn } from 'xstate';
import { describeMachine, isMachine } from '../../src/diagram/machine.ts';
import { checkout } from './charts.ts';

describe('what a machine tells that its definition does not', () => {
  it('is where history leads at first', () => {
    const { states } = describeMachine(checkout);
    expect(states.paying?.states.before?.target).toEqual(['#checkout.paying.idle']);
    expect(states.paying?.states.last?.target).toBeUndefined();
    const far = createMachine({
      id: 'm',
      initial: 'a',
      states: {
        a: {
          initial: 'b',
          states: {
            b: { initial: 'c', states: { c: {} } },
            h: { type: 'history', target: 'b.c' },
            i: { type: 'history', target: '#m' },
          },
        },
      },
    });
    const { a } = describeMachine(far).states;
    expect([a?.states.h?.target, a?.states.i?.target]).toEqual([['#m.a.b.c'], ['#m']]);
  });

  it('is what functions are called', () => {
    const machine = createMachine({
      entry: [function ring() {}, () => {}, assign({}), { type: 'shout', params: {} }, 'wave'],
      on: {
        A: {
          guard: function isOpen() {
            return true;
          },
          actions: 'x',
        },
        B: { guard: () => true, actions: () => {} },
        C: { guard: and(['a', not('b'), or(['c', 'd'])]), actions: 'x' },
        D: { guard: not(and(['a', 'b'])), actions: 'x' },
        E: { guard: { type: 'named', params: {} }, actions: 'x' },
        F: { guard: stateIn('#y'), actions: 'x' },
      },
    });
    const { entry, on } = describeMachine(machine as never);
    expect(entry).toEqual(['ring', 'inline', 'assign', 'shout', 'wave']);
    expect(Object.values(on).map(([transition]) => transition?.guard)).toEqual([
      'isOpen',
      'inline',
      'a and not b and (c or d)',
      'not (a and b)',
      'named',
      'stateIn',
    ]);
    expect(on.B?.[0]?.actions).toEqual(['inline']);
  });
});

describe('a machine', () => {
  it('is known by its parts', () => {
    expect(isMachine(checkout)).toBe(true);
    for (const other of [undefined, null, {}, { root: {} }, checkout.config, 'lamp', () => {}])
      expect(isMachine(other)).toBe(false);
  });
});
