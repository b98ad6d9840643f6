import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { sessionMachine } from '../../machines/index.ts';
import { chartOf } from '../../src/diagram/chart-of.ts';
import { clustersOf } from '../../src/diagram/clusters.ts';
import { viewOf } from '../../src/diagram/collapse.ts';
import { checkout } from './charts.ts';

function partsOf(machine: Parameters<typeof chartOf>[0]): Record<string, string[]> {
  const { list } = clustersOf(viewOf(chartOf(machine), 200));
  return Object.fromEntries(
    list.map(({ head, edges }) => [
      head.key,
      edges.map(({ edge, source, targets }) => `${edge?.cause ?? 'H'}: ${source} → ${targets}`),
    ]),
  );
}

describe('the parts of a chart', () => {
  it('are the states whose border no transition crosses, inner ones first', () => {
    expect(partsOf(sessionMachine)).toEqual({
      running: [
        'session.idle: running.active → running.idle',
        'session.active: running.idle → running.active',
      ],
      session: [
        'session.active: initializing → running',
        'session.terminated: initializing → terminated',
        'session.terminating: running → terminating',
        'session.terminated: terminating → terminated',
      ],
    });
    expect(Object.keys(partsOf(sessionMachine))).toEqual(['running', 'session']);
  });

  it('are not those that a transition leads into, or out of', () => {
    // Its history state is a target, and so are states in two of the three regions.
    expect(Object.keys(partsOf(checkout))).toEqual(['coupons', 'checkout']);
  });

  it('are not those that history leads into at first', () => {
    const parts = partsOf(
      createMachine({
        id: 'm',
        initial: 'h1',
        states: {
          h1: {
            initial: 'h',
            states: { h: { type: 'history', target: 'b.c' }, b: { initial: 'c', states: { c: {} } } },
          },
        },
      }),
    );
    expect(parts).toEqual({ h1: ['H: h1.h → h1.b.c'], m: [] });
  });

  it('have the transitions between a state and what is in it, and leave those to itself to what is around', () => {
    const parts = partsOf(
      createMachine({
        id: 'm',
        initial: 'a',
        on: { TOP: { target: '#m', reenter: true } },
        states: {
          a: {
            initial: 'b',
            states: { b: { on: { UP: '#m.a' } }, c: {} },
            on: { DOWN: '.c', AGAIN: { target: 'a', reenter: true } },
          },
        },
      }),
    );
    expect(parts).toEqual({
      a: ['DOWN: a → a.c', 'UP: a.b → a'],
      m: ['TOP:  → ', 'AGAIN: a → a'],
    });
  });
});
