import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { sessionMachine } from '../../machines/index.ts';
import { chartOf } from '../../src/diagram/chart-of.ts';
import { type Line, stateLines } from '../../src/diagram/label.ts';
import { toMermaid } from '../../src/diagram/mermaid.ts';
import { outlineOf } from '../../src/diagram/outline.ts';
import { definitionOf } from '../../src/testing/definition.ts';
import { checkout } from './charts.ts';

const words = (lines: readonly Line[]) => lines.map(({ pieces }) => pieces.map(({ text }) => text).join(' '));

describe('the outline of a chart', () => {
  it('has a line for everything', () => {
    expect(outlineOf(chartOf(sessionMachine))).toBe(`session
  initializing (initial)
    entry / initialize
    session.active → running
    session.terminated → terminated
    deadline.initialize / failInitialize
    deadline.restart / restart
  running
    invoke agent
    session.terminating → terminating
    deadline.inactivity [quiet] / settleDown
    deadline.inactivity / stayAwake
    done: agent / completeAgent
    error: agent / crash
    active (initial)
      session.idle → running.idle
    idle
      session.active → running.active
  terminating
    entry / cleanUp
    session.terminated → terminated
    deadline.cleanup / forceEnd
    deadline.restart / restart
  terminated (final)
`);
  });

  it('says of a state what it is', () => {
    const outline = outlineOf(chartOf(checkout));
    for (const line of [
      '  browsing (initial, #public)\n    Looking round\n',
      '  shopping (parallel)\n',
      '    before (deep history)\n      → paying.idle\n',
      '    last (shallow history)\n',
      '    JUMP → shopping.address.checking and shopping.delivery.chosen\n',
      '    exit / clear, track\n',
    ])
      expect(outline).toContain(line);
  });

  it('says what a state forbids, which a state around it would do', () => {
    const states = { a: { on: { X: {}, Y: undefined } }, b: {} };
    const machine = createMachine({ id: 'm', initial: 'a', on: { X: '.b' }, states });
    expect(outlineOf(chartOf(machine))).toBe(
      'm\n  X → b\n  a (initial)\n    X / ignored\n    Y / ignored\n  b\n',
    );
  });

  it('says what is done on the way into the initial state, and what is entered again', () => {
    const machine = createMachine({
      id: 'm',
      initial: 'a',
      states: {
        a: {
          initial: { target: 'b', actions: ['begin', () => {}] },
          on: { IN: { target: 'a' }, SELF: { target: 'a', reenter: true } },
          states: { b: {} },
        },
      },
    } as never);
    const chart = chartOf(machine);
    expect(outlineOf(chart)).toBe(
      'm\n  a (initial)\n    initial / begin, inline\n    IN → a\n    SELF (reenter) → a\n    b (initial)\n',
    );
    expect(chartOf(definitionOf(machine))).toEqual(chart);
    const text = toMermaid(chart);
    expect(text).toContain('initial / begin, inline\n');
    expect(text).toContain('  a --> a : SELF (reenter)\n');
    expect(words(stateLines(chart.states[1] as never, []))).toContain('initial / begin, inline');
  });

  it('keeps every name on its line, and shows what cannot be seen', () => {
    const chart = chartOf({
      id: 'm\n  fake (final)',
      states: { '': {}, 'a\u202eb': {} },
      initial: 'a\u202eb',
    });
    expect(outlineOf(chart)).toBe('m\\u{a}  fake (final)\n  (empty)\n  a\\u{202e}b (initial)\n');
  });

  it('writes a transition to the machine as what that is called', () => {
    expect(outlineOf(chartOf({ id: 'm', on: { AGAIN: '#m' } }))).toBe('m\n  AGAIN → m\n');
  });
});
