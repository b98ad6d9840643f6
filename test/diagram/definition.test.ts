import { describe, expect, it } from 'vitest';
import { isForbidden } from '../../src/diagram/chart.ts';
import { readDefinition } from '../../src/diagram/definition.ts';

const read = (definition: object) => readDefinition({ transitions: [], id: 'm', ...definition });

describe('a definition', () => {
  it('has its targets found by their ids, wherever the states are', () => {
    const { states, edges } = read({
      states: {
        a: { id: 'own name', states: { 'b.c': { id: 'm.a.b.c' } } },
        d: { on: { GO: [{ target: ['#own name', '#m.a.b.c'], actions: [] }] } },
      },
    });
    expect(states.map(({ id }) => id)).toEqual(['', 'a', 'a.b\\.c', 'd']);
    expect(edges[0]?.targets).toEqual(['a', 'a.b\\.c']);
  });

  it('has what XState does for its deadlines left out, and what the machine raises itself left in', () => {
    const raise = { type: 'xstate.raise' };
    const { states, edges } = read({
      states: {
        a: {
          id: 'm.a',
          entry: [raise, { type: 'light' }, raise],
          exit: [{ type: 'xstate.cancel' }],
          on: { 'xstate.after.1000.m.a': [{ target: ['#m.a'], actions: [], delay: 1000 }] },
        },
      },
    });
    expect(states[1]).toMatchObject({ entry: ['raise', 'light'], exit: [] });
    expect(edges[0]).toMatchObject({ kind: 'after', delay: 1000, cause: 'after 1 s' });
  });

  it('has a delay read off its event when nothing else tells it', () => {
    const on = { 'xstate.after.2000.m.a': [{ actions: ['x'] }], 'xstate.after.odd': [{ actions: ['x'] }] };
    expect(read({ states: { a: { id: 'm.a', on } } }).edges.map(({ cause }) => cause)).toEqual([
      'after 2 s',
      'after odd',
    ]);
  });

  it('has a transition that leads nowhere and does nothing: it forbids', () => {
    const on = { NO: [{ actions: [] }], SOME: [{ guard: 'g' }], YES: [{ actions: ['x'] }] };
    const { edges } = read({ states: { a: { on } } });
    expect(edges.map((edge) => [edge.id, edge.event, edge.targets, isForbidden(edge)])).toEqual([
      ['e0', 'NO', [], true],
      ['e1', 'SOME', [], true],
      ['e2', 'YES', [], false],
    ]);
  });

  it('has history, tags, descriptions, actors and what is always taken', () => {
    const { states, edges } = read({
      type: 'parallel',
      states: {
        a: { type: 'history', history: 'deep', target: ['#m.b'] },
        b: { tags: ['x', 7], description: 'text', invoke: [{ src: 'load', id: '0.m.b' }], id: 'm.b' },
        c: { type: 'history', history: 'shallow' },
        d: { always: [{ guard: { type: 'isDue' }, actions: [null], target: ['#m.b'], reenter: true }] },
      },
    });
    expect(states[0]).toMatchObject({ type: 'parallel' });
    expect(states[1]).toMatchObject({ history: 'deep', defaults: ['b'] });
    expect(states[2]).toMatchObject({
      tags: ['x'],
      description: 'text',
      invokes: [{ id: '0.m.b', name: 'load' }],
    });
    expect(states[3]).toMatchObject({ history: 'shallow' });
    expect(states[3]).not.toHaveProperty('defaults');
    expect(edges).toMatchObject([
      { kind: 'always', event: '', guard: 'isDue', actions: ['inline'], reenter: true },
    ]);
  });

  it.each([
    [
      'a target that is no state',
      { states: { a: { on: { X: [{ target: ['#m.z'] }] } } } },
      /"a" leads to "#m\.z"/,
    ],
    ['a target that is no text', { on: { X: [{ target: [{}] }] } }, /the machine leads to/],
    [
      'an initial state that is none',
      { initial: { target: ['#z'] }, states: { a: {} } },
      /initial state of the machine/,
    ],
    ['a type that there is not', { states: { a: { type: 'quantum' } } }, /type of "a" is "quantum"/],
    ['a state that is none', { states: { a: 'x' } }, /state "a": an object was expected, got string/],
    ['a transition that is none', { on: { X: [7] } }, /transition of the machine: an object/],
    ['two states with one id', { states: { a: { id: 'x' }, b: { id: 'x' } } }, /two states have the id "x"/],
  ])('is refused with %s', (_what, definition, message) => {
    expect(() => read(definition)).toThrow(message);
    expect(() => read(definition)).toThrow(expect.objectContaining({ code: 'INVALID_DEFINITION' }));
  });

  it('is refused with more transitions than a chart may have', () => {
    const on = { X: Array.from({ length: 50_001 }, () => ({ actions: ['x'] })) };
    expect(() => read({ on })).toThrow(/50000 transitions/);
  });

  it('is refused with more states than a chart may have, or deeper ones', () => {
    const states = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`s${index}`, {}]));
    expect(() => read({ states })).toThrow(/at most 10000 states/);
    let deep: object = {};
    for (let level = 1; level < 63; level += 1) deep = { states: { a: deep } };
    expect(read({ states: { a: deep } }).states).toHaveLength(64);
    expect(() => read({ states: { b: { states: { a: deep } } } })).toThrow(/at most 64 deep; "b\.a\./);
  });

  it('does not mistake a key for a part of every object', () => {
    const states = JSON.parse('{ "__proto__": {}, "constructor": {}, "toString": { "type": "final" } }');
    expect(read({ states }).states.map(({ id }) => id)).toEqual(['', '__proto__', 'constructor', 'toString']);
  });

  it('shows a name that is too long only as far as a message goes', () => {
    const target = `#${'x'.repeat(1_000_000)}`;
    expect(() => read({ on: { X: [{ target: [target] }] } })).toThrow(/x…", which is no state/);
  });
});
