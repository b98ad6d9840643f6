import { expect, it } from 'vitest';
import { setup } from 'xstate';
import { legalTransitions } from '../../machines/legal.ts';
import { sessionMachine } from '../../machines/session.ts';

it('the chart allows exactly the lifecycle of the contract', () => {
  const facts = ['session.active', 'session.idle', 'session.terminating', 'session.terminated'];
  expect(legalTransitions(sessionMachine, facts)).toEqual({
    initializing: ['active', 'terminated'],
    active: ['idle', 'terminating'],
    idle: ['active', 'terminating'],
    terminating: ['terminated'],
    terminated: [],
  });
});

it('only a committed fact changes the state: a deadline only asks', () => {
  const deadlines = ['deadline.initialize', 'deadline.inactivity', 'deadline.cleanup', 'deadline.restart'];
  for (const targets of Object.values(legalTransitions(sessionMachine, deadlines)))
    expect(targets).toEqual([]);
});

it('the targets of a state are told in the order of their names, each by where it begins', () => {
  const machine = setup({}).createMachine({
    initial: 'a',
    states: {
      a: { on: { x: 'z', y: 'b' } },
      z: {},
      b: { initial: 'inner', states: { inner: {} } },
    },
  });
  expect(legalTransitions(machine, ['x', 'y', 'never'])).toEqual({ a: ['inner', 'z'], z: [], inner: [] });
});
