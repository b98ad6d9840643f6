import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { chartOf } from '../../src/diagram/chart-of.ts';
import { clustersOf } from '../../src/diagram/clusters.ts';
import { viewOf } from '../../src/diagram/collapse.ts';
import type { LayoutNode } from '../../src/diagram/engine.ts';
import { type Direction, headerOf, INSET, type Plan, planOf } from '../../src/diagram/graph.ts';
import { checkout } from './charts.ts';

function plan(machine: Parameters<typeof chartOf>[0], direction: Direction = 'RIGHT', plain = false): Plan {
  const view = viewOf(chartOf(machine), 200);
  const { list } = clustersOf(view);
  const inner = new Map(
    list
      .slice(0, -1)
      .map(({ head }) => [
        head.id,
        { width: 111, height: 222, states: [], markers: [], dividers: [], routes: [] },
      ]),
  );
  const whole = list.at(-1);
  if (!whole) throw new Error('no cluster');
  return planOf(view, whole, { direction, plain, inner });
}

const all = (node: LayoutNode): LayoutNode[] => [node, ...(node.children ?? []).flatMap(all)];
const nodeOf = ({ graph, states }: Plan, id: string) =>
  all(graph).find((node) => states.get(node.id)?.id === id);
const linesOf = ({ graph, states, markers, routes }: Plan) =>
  (graph.edges ?? []).map(({ id, sources, targets, labels, layoutOptions }) => {
    const name = (node = '') => states.get(node)?.id ?? markers.get(node) ?? '?';
    const words = `${name(sources[0])} → ${name(targets[0])}`;
    return {
      words,
      edges: routes.get(id)?.edges,
      label: labels?.[0],
      priority: layoutOptions?.['elk.layered.priority.direction'],
    };
  });

describe('a graph for the layout engine', () => {
  it('has the states in their states; one that is laid out already is a box', () => {
    const own = plan(checkout);
    expect(all(own.graph).filter(({ id }) => own.states.has(id))).toHaveLength(24 - 3);
    expect(nodeOf(own, 'shopping.coupons')).toEqual({ id: expect.any(String), width: 111, height: 222 });
    expect(
      nodeOf(own, 'paying')?.children?.map(({ id }) => own.states.get(id)?.key ?? own.markers.get(id)),
    ).toEqual(['initial', 'idle', 'authorising', 'capturing', 'done', 'before', 'last']);
  });

  it('has the options on every state with children, since none are handed down', () => {
    const { graph } = plan(checkout);
    const open = all(graph).filter(({ children }) => children);
    expect(open.length).toBeGreaterThan(3);
    for (const { layoutOptions } of open)
      expect(layoutOptions).toMatchObject({
        'elk.algorithm': 'layered',
        'elk.direction': 'RIGHT',
        'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
        'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST',
      });
    expect(plan(checkout, 'RIGHT', true).graph.layoutOptions).not.toHaveProperty(
      'elk.layered.cycleBreaking.strategy',
    );
  });

  it('has room for the header of a state above what is in it', () => {
    const view = viewOf(chartOf(checkout), 200);
    const paying = view.states.find(({ id }) => id === 'paying');
    if (!paying) throw new Error('no state');
    const { width, height } = headerOf(view, paying);
    const options = nodeOf(plan(checkout), 'paying')?.layoutOptions;
    expect(options?.['elk.padding']).toBe(`[top=${height + INSET},left=14,bottom=14,right=14]`);
    expect(options?.['elk.nodeSize.minimum']).toBe(`(${width},${height + INSET})`);
    // The engine exchanges them in a graph that leads downwards.
    const down = nodeOf(plan(checkout, 'DOWN'), 'paying')?.layoutOptions;
    expect(down?.['elk.nodeSize.minimum']).toBe(`(${height + INSET},${width})`);
  });

  it('has one line for all transitions with the same source and target, with one label', () => {
    const own = plan(
      createMachine({
        initial: 'a',
        states: { a: { on: { X: 'b', Y: 'b', Z: 'a' } }, b: { on: { X: 'a' } } },
      }),
    );
    expect(linesOf(own)).toMatchObject([
      { words: 'initial → a', edges: [], priority: '100' },
      { words: 'a → b', edges: ['e0', 'e1'], priority: '10' },
      { words: 'a → a', edges: ['e2'], priority: '0' },
      { words: 'b → a', edges: ['e3'], priority: '0' },
    ]);
    const [dot, shared, loop] = linesOf(own);
    expect(dot?.label).toBeUndefined();
    expect(shared?.label?.height).toBeGreaterThan(loop?.label?.height ?? 0);
  });

  it('parts a transition with several targets at a bar', () => {
    const lines = linesOf(plan(checkout)).filter(({ words }) => words.includes('fork'));
    expect(lines.map(({ words, label }) => [words, label !== undefined])).toEqual([
      ['paused → fork', true],
      ['fork → shopping.address.checking', false],
      ['fork → shopping.delivery.chosen', false],
    ]);
    expect(new Set(lines.flatMap(({ edges }) => edges)).size).toBe(1);
    const { graph, markers } = plan(checkout, 'DOWN');
    const bar = all(graph).find(({ id }) => markers.get(id) === 'fork');
    expect(bar).toMatchObject({ width: 34, height: 6 });
  });

  it('leads from a history state to where it goes at first', () => {
    expect(linesOf(plan(checkout))).toContainEqual(
      expect.objectContaining({ words: 'paying.before → paying.idle', edges: [] }),
    );
    // Also where it stands before that in the definition.
    const before = plan(
      createMachine({ initial: 'a', states: { h: { type: 'history', target: 'a' }, a: {} } }),
    );
    expect(linesOf(before).map(({ words, label }) => [words, label])).toContainEqual(['h → a', undefined]);
  });
});
