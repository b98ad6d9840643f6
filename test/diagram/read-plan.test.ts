import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { chartOf } from '../../src/diagram/chart-of.ts';
import { clustersOf } from '../../src/diagram/clusters.ts';
import { viewOf } from '../../src/diagram/collapse.ts';
import type { LaidOutNode, LayoutNode } from '../../src/diagram/engine.ts';
import { planOf } from '../../src/diagram/graph.ts';
import { readPlan } from '../../src/diagram/read-plan.ts';

const machine = createMachine({
  id: 'm',
  initial: 'a',
  entry: 'x',
  on: { INTO: '.a' },
  states: { a: { on: { GO: 'h' } }, h: { type: 'history' } },
});

/** As the engine gives it back, with everything in a place that a person can reckon with. */
function laidOut(own: { source?: { x: number; y: number } } = {}) {
  const view = viewOf(chartOf(machine), 200);
  const [cluster] = clustersOf(view).list;
  if (!cluster) throw new Error('no cluster');
  const plan = planOf(view, cluster, { direction: 'DOWN', plain: false, inner: new Map() });
  const place = (node: LayoutNode): LaidOutNode => {
    const state = plan.states.get(node.id);
    const children = node.children?.map(place);
    const at =
      state?.id === '' ? [0, 0, 300, 400] : state?.id === 'a' ? [20, 100, 64, 38] : [20.04, 300, 26, 26];
    const [x = 0, y = 0, width = 0, height = 0] = node.id === 'graph' ? [0, 0, 300, 400] : at;
    return { ...node, x, y, width, height, ...(children && { children }) };
  };
  const edges = plan.graph.edges?.map((edge) => {
    const to = plan.states.get(edge.targets[0] ?? '')?.id;
    const from = plan.states.get(edge.sources[0] ?? '')?.id;
    const startPoint = from === '' ? (own.source ?? { x: 40, y: 0 }) : { x: 30, y: 138 };
    const endPoint = to === 'h' ? { x: 25.04, y: 300 } : { x: 40, y: 100 };
    const labels = edge.labels?.map((label) => ({ ...label, x: 1, y: 2 }));
    return { ...edge, sections: [{ startPoint, endPoint }], ...(labels && { labels }) };
  });
  const graph = { ...place(plan.graph), ...(edges && { edges }) };
  return readPlan(plan, graph, view, new Map());
}

describe('what the layout engine made', () => {
  it('is a drawing of all states, dots and lines', () => {
    const { width, height, states, markers, routes } = laidOut();
    expect({ width, height }).toEqual({ width: 300, height: 400 });
    expect(states.map(({ id, x }) => [id, x])).toEqual([
      ['', 0],
      ['a', 20],
      ['h', 20],
    ]);
    expect(markers).toMatchObject([{ kind: 'initial' }]);
    expect(routes.map(({ edges, label }) => [edges, label?.x])).toEqual([
      [[], undefined],
      [['e0'], 1],
      [['e1'], 1],
    ]);
  });

  it('has lines to a history state end on its circle, not on the box around it', () => {
    const end = laidOut().routes[2]?.points.at(-1);
    expect(end?.x).toBe(25);
    expect(end?.y).toBeCloseTo(302.7, 0);
  });

  it('has a line from a state into it begin below the header, whose words it would strike', () => {
    const [into] = laidOut().routes.filter(({ edges }) => edges.includes('e0'));
    expect(into?.points[0]).toEqual({ x: 40, y: 61 });
    const beside = laidOut({ source: { x: 0, y: 200 } }).routes.find(({ edges }) => edges.includes('e0'));
    expect(beside?.points[0]).toEqual({ x: 0, y: 200 });
  });
});
