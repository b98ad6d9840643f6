import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { chartOf } from '../../src/diagram/chart-of.ts';
import { childrenOf, viewOf } from '../../src/diagram/collapse.ts';
import { layOut } from '../../src/diagram/layout.ts';
import { checkout } from './charts.ts';

const chart = chartOf(checkout);

describe('a chart with few enough states', () => {
  it('is seen as a whole', () => {
    const view = viewOf(chart, 23);
    expect(view.states).toEqual(chart.states);
    expect(view.collapsed.size).toBe(0);
    expect(view.edges.filter(({ edge }) => edge).length + [...view.internal.values()].flat().length).toBe(
      chart.edges.length,
    );
  });
});

describe('a chart with more states', () => {
  it('has inner ones closed, the outer ones open as far as there is room', () => {
    const view = viewOf(chart, 9);
    expect(view.states.map(({ id }) => id)).toEqual([
      '',
      'browsing',
      'shopping',
      'shopping.address',
      'shopping.delivery',
      'shopping.coupons',
      'paying',
      'paused',
      'failed',
      'complete',
    ]);
    expect(Object.fromEntries(view.collapsed)).toEqual({
      paying: 6,
      'shopping.address': 3,
      'shopping.delivery': 2,
      'shopping.coupons': 3,
    });
  });

  it('has its lines led to the closed states, and none for what happens inside', () => {
    const view = viewOf(chart, 9);
    const lines = view.edges.map(
      ({ edge, source, targets }) => `${edge?.cause}: ${source} → ${targets.join('+')}`,
    );
    expect(lines).toContain('RESUME: paused → paying');
    expect(lines).toContain('after patience: paying → failed');
    expect(lines).toContain('JUMP: paused → shopping.address+shopping.delivery');
    expect(lines.filter((line) => line.includes('PAY:') || line.includes('SAVE'))).toEqual([]);
  });

  it('is drawn so, with the number of hidden states', async () => {
    const drawing = await layOut(chart, { maxStates: 9 });
    expect(drawing.states.map(({ id, collapsed }) => [id, collapsed])).toContainEqual(['paying', 6]);
    expect(drawing.states).toHaveLength(10);
  });

  it('keeps its own transition to itself when its states are hidden', () => {
    const looped = chartOf(
      createMachine({
        id: 'm',
        initial: 'a',
        states: {
          a: {
            initial: 'b',
            states: { b: { on: { X: 'c' } }, c: {} },
            on: { AGAIN: { target: 'a', reenter: true } },
          },
          d: {},
        },
      }),
    );
    expect(viewOf(looped, 2).edges).toEqual([]);
    expect(viewOf(looped, 4).edges).toHaveLength(2);
  });

  it('cannot be drawn when its first level has too many', () => {
    const states = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`s${index}`, {}]));
    expect(() => viewOf(chartOf({ initial: 's0', states }), 200)).toThrow(
      expect.objectContaining({
        code: 'TOO_LARGE',
        message: expect.stringContaining('201 on its first level'),
      }),
    );
  });
});

describe('the children of states', () => {
  it('are in the order of the definition', () => {
    const children = childrenOf(chart);
    expect(children.get('shopping')?.map(({ key }) => key)).toEqual(['address', 'delivery', 'coupons']);
    expect(children.get('paused')).toBeUndefined();
  });
});
