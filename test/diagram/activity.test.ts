import { describe, expect, it } from 'vitest';
import { createActor, createMachine, type InspectionEvent, SimulatedClock, type StateValue } from 'xstate';
import { activeStates, edgeOf } from '../../src/diagram/activity.ts';
import type { Chart } from '../../src/diagram/chart.ts';
import { chartOf } from '../../src/diagram/chart-of.ts';
import { edgeLabel } from '../../src/diagram/label.ts';

describe('the active states of a value', () => {
  it('are those that it names, and those around them', () => {
    expect(activeStates('idle')).toEqual(['idle']);
    expect(activeStates({ running: 'active' })).toEqual(['running', 'running.active']);
    expect(activeStates({ p: { a: 'x', b: { c: 'y' } } })).toEqual([
      'p',
      'p.a',
      'p.a.x',
      'p.b',
      'p.b.c',
      'p.b.c.y',
    ]);
    expect(activeStates({ 'a.b': {} })).toEqual(['a\\.b']);
  });

  it('are none of a machine without states', () => {
    expect(activeStates({})).toEqual([]);
  });

  it('are bounded, whatever a value is', () => {
    const cyclic: Record<string, StateValue> = {};
    cyclic.a = cyclic;
    expect(activeStates(cyclic)).toHaveLength(101);
    expect(activeStates(7 as never)).toEqual([]);
  });
});

const machine = createMachine({
  id: 'm',
  initial: 'idle',
  on: { RESET: '.idle', 'log.*': { actions: 'log' }, '*': { actions: 'wonder' } },
  states: {
    idle: {
      on: {
        GO: [{ target: 'busy', guard: () => false }, { target: 'choosing', guard: () => true }, 'both'],
        STAY: [{ actions: 'x' }, 'busy'],
      },
    },
    choosing: { always: 'busy' },
    busy: {
      initial: 'one',
      after: { 1000: 'idle' },
      on: { NEXT: '.one', BOTH: 'both' },
      states: { one: { on: { NEXT: 'two' } }, two: {} },
    },
    both: {
      type: 'parallel',
      states: {
        a: { initial: 'off', states: { off: { on: { ON: 'on' } }, on: {} } },
        b: { initial: 'off', states: { off: { on: { ON: 'on' } }, on: {} } },
      },
    },
  },
});
const chart = chartOf(machine);

function taken(
  before: StateValue | undefined,
  event: string,
  after: StateValue,
  on: Chart = chart,
): string | undefined {
  const id = edgeOf(on, before, event, after);
  const edge = on.edges.find((each) => each.id === id);
  return edge && `${edge.source}: ${edgeLabel(edge)} → ${edge.targets}`;
}

describe('the transition that was taken', () => {
  it('is the one that leads to where the machine is', () => {
    expect(taken('idle', 'GO', { busy: 'one' })).toBe('idle: GO [inline] → busy');
    expect(taken('idle', 'GO', { both: { a: 'off', b: 'off' } })).toBe('idle: GO → both');
  });

  it('is told apart by whether anything changed', () => {
    expect(taken('idle', 'STAY', 'idle')).toBe('idle: STAY / x → ');
    expect(taken('idle', 'STAY', { busy: 'one' })).toBe('idle: STAY → busy');
  });

  it('belongs to an inner state rather than to an outer one', () => {
    expect(taken({ busy: 'one' }, 'NEXT', { busy: 'two' })).toBe('busy.one: NEXT → busy.two');
    expect(taken({ busy: 'two' }, 'NEXT', { busy: 'one' })).toBe('busy: NEXT → busy.one');
    expect(taken({ busy: 'two' }, 'RESET', 'idle')).toBe(': RESET → idle');
  });

  it('is in the region that changed', () => {
    expect(taken({ both: { a: 'off', b: 'on' } }, 'ON', { both: { a: 'on', b: 'on' } })).toBe(
      'both.a.off: ON → both.a.on',
    );
    expect(taken({ both: { a: 'on', b: 'off' } }, 'ON', { both: { a: 'on', b: 'on' } })).toBe(
      'both.b.off: ON → both.b.on',
    );
  });

  it('may be by a wildcard, the most exact one first', () => {
    expect(taken('idle', 'log.this', 'idle')).toBe(': log.* / log → ');
    expect(taken('idle', 'log', 'idle')).toBe(': log.* / log → ');
    expect(taken('idle', 'logging', 'idle')).toBe(': * / wonder → ');
  });

  it('is found though `always` has led on from its target', () => {
    const onward = chartOf(
      createMachine({ id: 'm', initial: 'a', states: { a: { on: { GO: 'b' } }, b: { always: 'c' }, c: {} } }),
    );
    expect(taken('a', 'GO', 'c', onward)).toBe('a: GO → b');
    expect(taken('b', '', 'c', onward)).toBe('b: always → c');
  });

  it('is none where a guard has said no', () => {
    const shy = chartOf(
      createMachine({
        id: 'm',
        initial: 'a',
        states: {
          a: { on: { GO: { target: 'b', guard: () => false }, BOUNCE: 'b' } },
          b: { always: 'a' },
        },
      }),
    );
    expect(taken('a', 'GO', 'a', shy)).toBeUndefined();
    expect(taken('a', 'BOUNCE', 'a', shy)).toBe('a: BOUNCE → b');
  });

  it('is none of those around the state that forbids the event', () => {
    const strict = chartOf(
      createMachine({
        id: 'm',
        initial: 'a',
        on: { X: '.a', Y: '.a', '*': { actions: 'wonder' } },
        states: {
          a: {
            initial: 'q',
            on: { X: 'b', Y: { actions: 'x' } },
            states: { q: { on: { X: {}, Y: { guard: 'may' } } } },
          },
          b: {},
        },
      }),
    );
    expect(taken({ a: 'q' }, 'X', { a: 'q' }, strict)).toBe('a.q: X / ignored → ');
    // Whatever led here, it was none of these.
    expect(taken({ a: 'q' }, 'X', 'b', strict)).toBeUndefined();
    expect(taken('b', 'X', { a: 'q' }, strict)).toBe(': X → a');
    expect(taken({ a: 'q' }, 'Z', { a: 'q' }, strict)).toBe(': * / wonder → ');
    // A guard may have let it through.
    expect(taken({ a: 'q' }, 'Y', 'b', strict)).toBe(': Y → a');
  });

  it('may lead to a history state, which is never active itself', () => {
    const back = chartOf(
      createMachine({
        id: 'm',
        initial: 'a',
        states: {
          a: { on: { GO: [{ target: 'c', guard: () => false }, 'b.last'] } },
          b: { initial: 'x', states: { x: {}, last: { type: 'history' } } },
          c: {},
        },
      }),
    );
    expect(taken('a', 'GO', { b: 'x' }, back)).toBe('a: GO → b.last');
  });

  it('is none at the start, and none for an event that nothing waits for', () => {
    expect(taken(undefined, 'xstate.init', 'idle')).toBeUndefined();
    const deaf = chartOf(createMachine({ initial: 'a', states: { a: {} } }));
    expect(taken('a', 'GO', 'a', deaf)).toBeUndefined();
  });

  it('is found for all that XState itself sends, as an inspection tells it', () => {
    const subject = createMachine({
      id: 'm',
      initial: 'waiting',
      states: {
        waiting: { after: { 1000: 'late' } },
        late: { on: { OVER: 'over' } },
        over: { type: 'final' },
      },
    });
    const own = chartOf(subject);
    const clock = new SimulatedClock();
    const seen: string[] = [];
    let before: StateValue | undefined;
    const actor = createActor(subject, {
      clock,
      inspect(event: InspectionEvent) {
        if (event.type !== '@xstate.snapshot') return;
        const { value } = event.snapshot as unknown as { value: StateValue };
        seen.push(taken(before, event.event.type, value, own) ?? '-');
        before = value;
      },
    }).start();
    clock.increment(1000);
    actor.send({ type: 'OVER' });
    expect(seen).toEqual(['-', 'waiting: after 1 s → late', 'late: OVER → over']);
  });
});
