import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { managerMachine, sessionMachine } from '../../machines/index.ts';
import { chartOf } from '../../src/diagram/chart-of.ts';
import { definitionOf } from '../../src/testing/definition.ts';
import { checkout } from './charts.ts';

/** As it comes out of a trace or over a socket. */
const sent = (value: unknown) => JSON.parse(JSON.stringify(value));

describe('the chart of a machine', () => {
  it('has its states in order, with what they do', () => {
    const { id, states } = chartOf(sessionMachine);
    expect(id).toBe('session');
    expect(states.map((each) => each.id)).toEqual([
      '',
      'initializing',
      'running',
      'running.active',
      'running.idle',
      'terminating',
      'terminated',
    ]);
    expect(states[2]).toEqual({
      id: 'running',
      key: 'running',
      parent: '',
      type: 'compound',
      initial: 'running.active',
      entry: [],
      exit: [],
      invokes: [{ id: 'agent', name: 'agent' }],
      tags: [],
    });
  });

  it('has its transitions in the order in which they are tried', () => {
    const { edges } = chartOf(managerMachine);
    expect(edges.filter(({ source }) => source === 'recovering')).toEqual([
      {
        id: 'e3',
        source: 'recovering',
        targets: ['closing'],
        kind: 'event',
        event: 'manager.close',
        cause: 'manager.close',
        actions: [],
        reenter: false,
      },
      {
        id: 'e4',
        source: 'recovering',
        targets: ['running'],
        kind: 'done',
        event: 'xstate.done.actor.recovery',
        cause: 'done: recovery',
        actions: [],
        reenter: false,
      },
      {
        id: 'e5',
        source: 'recovering',
        targets: ['failed'],
        kind: 'error',
        event: 'xstate.error.actor.recovery',
        cause: 'error: recovery',
        actions: ['refuse'],
        reenter: false,
      },
    ]);
  });

  it('is the same from its definition as JSON, as far as JSON goes', () => {
    const [known, read] = [chartOf(checkout), chartOf(sent(definitionOf(checkout)))];
    // What only a machine knows.
    const states = known.states.map(({ defaults: _, ...others }) => others);
    const edges = known.edges.map(({ guard, actions, ...others }) => ({
      ...others,
      ...(guard !== undefined && { guard: guard.includes(' ') ? 'inline' : guard }),
      actions: actions.map((each) => (each === 'assign' ? 'inline' : each)),
    }));
    expect(read).toEqual({ ...known, states, edges });
  });

  it('is the same from its config as JSON, which the inspectors of other tools send', () => {
    expect(chartOf(sent(sessionMachine.config))).toEqual(chartOf(sessionMachine));
  });

  it('is plain JSON', () => {
    const chart = chartOf(checkout);
    expect(sent(chart)).toEqual(chart);
  });

  it('of an actor that is no machine is one state', () => {
    expect(chartOf({ id: 'a promise' }).states).toMatchObject([{ id: '', key: 'a promise', type: 'atomic' }]);
  });

  it('of another copy of XState is read as well', () => {
    const foreign = Object.create(null, {
      ...Object.getOwnPropertyDescriptors(sessionMachine),
      getStateNodeById: { value: () => {} },
    });
    expect(chartOf(foreign)).toEqual(chartOf(sessionMachine));
  });
});

describe('what is no machine', () => {
  const nested = (depth: number): object =>
    depth === 0 ? {} : { initial: 'a', states: { a: nested(depth - 1) } };
  const cyclic: { states: object } = { states: {} };
  cyclic.states = { again: cyclic };
  const hostile = {
    get states(): never {
      throw new Error('no entry');
    },
  };
  it.each([
    ['a text', 'lamp', 'INVALID_DEFINITION', /expected, got string/],
    ['nothing', null, 'INVALID_DEFINITION', /expected/],
    ['a list', [], 'INVALID_DEFINITION', /expected/],
    [
      'a config whose target is not there',
      { initial: 'a', states: { a: { on: { GO: 'b' } } } },
      'INVALID_DEFINITION',
      /b/,
    ],
    [
      'a config with two states of one id',
      { initial: 'a', states: { a: { id: 'x' }, b: { id: 'x' } } },
      'INVALID_DEFINITION',
      /x/,
    ],
    ['a config with a text for its states', { states: 'many' }, 'INVALID_DEFINITION', /./],
    ['a config that is too deep', nested(5_000), 'TOO_LARGE', /64 deep/],
    ['a config inside of itself', cyclic, 'TOO_LARGE', /64 deep/],
    ['a definition inside of itself', Object.assign(cyclic, { transitions: [] }), 'TOO_LARGE', /64 deep/],
    ['an object that throws when it is read', hostile, 'INVALID_DEFINITION', /no entry/],
  ])('gets a clear error: %s', (_what, source, code, message) => {
    expect(() => chartOf(source as never)).toThrow(expect.objectContaining({ name: 'DiagramError', code }));
    expect(() => chartOf(source as never)).toThrow(message);
  });

  it('gets one when it is too large', () => {
    const states = Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`s${index}`, {}]));
    expect(() => chartOf({ states })).toThrow(/10000 states/);
  });

  it('is not said of a chart of thousands of states', () => {
    const states = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`s${index}`, {}]));
    expect(chartOf(createMachine({ initial: 's0', states })).states).toHaveLength(5_001);
  });
});
