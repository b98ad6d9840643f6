import { describe, expect, it } from 'vitest';
import { assign, createMachine, fromPromise, setup } from 'xstate';
import { Chart, causeInWords, matches } from '../../../src/testing/machine/chart.ts';

const isReady = () => true;
const machine = setup({ actors: { load: fromPromise(async () => 1) }, guards: { isReady } }).createMachine({
  id: 'all',
  initial: 'a',
  on: { PING: { actions: () => {} }, 'key.*': '.a', '*': '.a', NEVER: undefined },
  states: {
    a: {
      always: [
        { guard: 'isReady', target: 'b' },
        { guard: () => false, target: 'b' },
      ],
      after: { 250: 'b', later: 'b' },
    },
    b: {
      type: 'parallel',
      onDone: 'c',
      invoke: [
        { src: 'load', onDone: 'c', onError: 'a' },
        { src: 'load', id: 'second', onSnapshot: 'a' },
      ],
      states: {
        x: {
          initial: 'y',
          states: { y: { on: { GO: [{ guard: isReady, target: '#all.c' }, 'z'] } }, z: {} },
        },
      },
    },
    c: { type: 'final' },
    past: { type: 'history' },
  },
});
const chart = new Chart(machine);

describe('the names of a chart', () => {
  it('are those of all states that a machine can be in', () => {
    expect([...chart.states.values()]).toEqual(['all', 'a', 'b', 'b.x', 'b.x.y', 'b.x.z', 'c']);
  });

  it('say from where to where, why, and under which condition', () => {
    expect([...chart.transitions.values()].sort()).toEqual([
      'a → b after 250 ms',
      'a → b after later',
      'a → b always if isReady',
      'a → b always if its guard',
      'all on PING',
      'all → a on *',
      'all → a on key.*',
      'b → a on a value of second',
      'b → a when load fails',
      'b → c when it is done',
      'b → c when load is done',
      'b.x.y → b.x.z on GO',
      'b.x.y → c on GO if isReady',
    ]);
  });

  it('tell two transitions apart that would be called the same', () => {
    const twice = createMachine({
      initial: 'a',
      states: {
        a: {
          on: {
            GO: [
              { guard: () => false, target: 'b' },
              { guard: () => true, target: 'b' },
            ],
          },
        },
        b: {},
      },
    });
    expect([...new Chart(twice).transitions.values()]).toEqual([
      'a → b on GO if its guard',
      'a → b on GO if its guard (2)',
    ]);
  });

  it('are of the very objects that XState takes', () => {
    const [transition] = machine.root.states.a?.always ?? [];
    expect(chart.transitions.get(transition as object)).toBe('a → b always if isReady');
  });
});

describe('what a chart tells', () => {
  it('its events, without those of XState', () => {
    expect(chart.descriptors).toEqual(['*', 'GO', 'NEVER', 'PING', 'key.*']);
  });

  it('its delays, as far as they are numbers', () => {
    expect(chart.delays).toEqual([250]);
    expect(chart.hasDelays).toBe(true);
    expect(new Chart(createMachine({})).hasDelays).toBe(false);
  });

  it.each<[string, object, boolean]>([
    ['a final state at the top', { initial: 'a', states: { a: {}, b: { type: 'final' } } }, true],
    [
      'one further down',
      { initial: 'a', states: { a: { initial: 'b', states: { b: { type: 'final' } } } } },
      false,
    ],
    [
      'one in each region',
      { type: 'parallel', states: { a: { initial: 'b', states: { b: { type: 'final' } } } } },
      true,
    ],
    [
      'one in some region',
      { type: 'parallel', states: { a: { initial: 'b', states: { b: { type: 'final' } } }, c: {} } },
      false,
    ],
    ['no state at all', {}, false],
  ])('whether it can end, with %s', (_, config, canEnd) => {
    expect(new Chart(createMachine(config as never)).canEnd).toBe(canEnd);
  });
});

it.each<[string, string, boolean]>([
  ['key', 'key', true],
  ['key', '*', true],
  ['key.down', 'key.*', true],
  ['key', 'key.*', true],
  ['keys', 'key.*', false],
  ['key', 'kez', false],
])('an event %s and the descriptor %s: %s', (type, descriptor, fits) => {
  expect(matches(type, descriptor)).toBe(fits);
});

it('a cause has words without its state, too', () => {
  expect(causeInWords('xstate.after.250.all.a')).toBe('after 250.all.a');
  expect(causeInWords('')).toBe('always');
});

describe('actions that nobody has implemented', () => {
  it('are named, wherever they stand', () => {
    const machine = setup({ actions: { known: () => {} } }).createMachine({
      entry: ['known', 'onEntry' as 'known', assign({})],
      initial: 'a',
      states: {
        a: { exit: { type: 'onExit' as 'known' }, on: { GO: { actions: ['onGo' as 'known', () => {}] } } },
      },
    });
    expect(new Chart(machine).unknownActions).toEqual(['onEntry', 'onExit', 'onGo']);
    const provided = machine.provide({
      actions: { onEntry: () => {}, onExit: () => {}, onGo: () => {} } as never,
    });
    expect(new Chart(provided).unknownActions).toEqual([]);
  });
});

describe('delays that nobody has implemented', () => {
  it('are named', () => {
    const machine = setup({ delays: { soon: 5 } }).createMachine({
      initial: 'a',
      states: { a: { after: { soon: 'b', later: 'b', 5: 'b' } as never }, b: {} },
    });
    expect(new Chart(machine).unknownDelays).toEqual(['later']);
  });
});
