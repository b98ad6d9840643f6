import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import type { Chart } from '../../src/diagram/chart.ts';
import { chartOf } from '../../src/diagram/chart-of.ts';
import { viewOf } from '../../src/diagram/collapse.ts';
import type { Box, Drawing, DrawnRoute, Point } from '../../src/diagram/drawing.ts';
import { type LayoutEngine, type LayoutNode, loadEngine } from '../../src/diagram/engine.ts';
import { headerOf } from '../../src/diagram/graph.ts';
import { layOut } from '../../src/diagram/layout.ts';
import { toMermaid } from '../../src/diagram/mermaid.ts';
import { outlineOf } from '../../src/diagram/outline.ts';
import { checkout, randomMachines } from './charts.ts';

/** Coordinates are rounded to tenths. */
const SLACK = 0.35;

function isIn(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x - SLACK &&
    inner.y >= outer.y - SLACK &&
    inner.x + inner.width <= outer.x + outer.width + SLACK &&
    inner.y + inner.height <= outer.y + outer.height + SLACK
  );
}

function overlap(a: Box, b: Box): boolean {
  const apart = (from: number, length: number, other: number, otherLength: number) =>
    from + length <= other + SLACK || other + otherLength <= from + SLACK;
  return !apart(a.x, a.width, b.x, b.width) && !apart(a.y, a.height, b.y, b.height);
}

function touches({ x, y }: Point, box: Box): boolean {
  return isIn({ x, y, width: 0, height: 0 }, box);
}

/** What is wrong with a drawing. */
function flaws(chart: Chart, drawing: Drawing): string[] {
  const found: string[] = [];
  const boxes = new Map(drawing.states.map((each) => [each.id, each]));
  const page = { x: 0, y: 0, width: drawing.width, height: drawing.height };
  const view = viewOf(chart, Number.POSITIVE_INFINITY);
  for (const state of chart.states) {
    const { id, parent } = state;
    const header = headerOf(view, state);
    const box = boxes.get(id);
    const around = parent === undefined ? page : boxes.get(parent);
    if (!box || !around) found.push(`${id} is not drawn`);
    else if (!isIn(box, around)) found.push(`${id} sticks out of what is around it`);
    else if (box.width < header.width - SLACK || box.height < header.height - SLACK)
      found.push(`${id} has no room for its words`);
  }
  const siblings = Map.groupBy(chart.states, ({ parent }) => parent);
  for (const group of siblings.values())
    group.forEach(({ id }, index) => {
      for (const other of group.slice(index + 1)) {
        const [a, b] = [boxes.get(id), boxes.get(other.id)];
        if (a && b && overlap(a, b)) found.push(`${id} overlaps ${other.id}`);
      }
    });
  for (const { id, source, targets } of chart.edges) {
    if (targets.length === 0) continue;
    const routes = drawing.routes.filter(({ edges }) => edges.includes(id));
    const [first] = routes;
    const from = boxes.get(source);
    if (!first?.label) found.push(`${id} has no label`);
    if (!from || !first?.points[0] || !touches(first.points[0], from)) found.push(`${id} begins elsewhere`);
    for (const target of targets) {
      const to = boxes.get(target);
      const ends = routes.map(({ points }) => points.at(-1));
      if (!to || !ends.some((end) => end && touches(end, to))) found.push(`${id} does not reach ${target}`);
    }
  }
  for (const { id, defaults = [] } of chart.states) {
    const [from, to] = [boxes.get(id), boxes.get(defaults[0] ?? '')];
    if (defaults.length === 0 || !from || !to) continue;
    const leads = ({ points, edges }: DrawnRoute) =>
      edges.length === 0 &&
      [points[0]].every((each) => each && touches(each, from)) &&
      touches(points.at(-1) ?? from, to);
    if (!drawing.routes.some(leads)) found.push(`${id} leads nowhere at first`);
  }
  const labels = drawing.routes.flatMap(({ label }) => label ?? []);
  const parents = new Set(chart.states.map(({ parent }) => parent));
  const leaves = drawing.states.filter(({ id }) => !parents.has(id));
  labels.forEach((label, index) => {
    if (!isIn(label, page)) found.push(`label ${index} is cut off`);
    if (labels.slice(index + 1).some((other) => overlap(label, other)))
      found.push(`label ${index} covers another`);
    for (const leaf of leaves) if (overlap(label, leaf)) found.push(`label ${index} covers ${leaf.id}`);
  });
  const points = drawing.routes.flatMap((route) => route.points);
  if (!points.every((point) => touches(point, page))) found.push('a line leaves the page');
  return found;
}

describe('a layout', () => {
  it('has a place for all of a chart with every notation', async () => {
    const chart = chartOf(checkout);
    // The machine itself, and 23 states.
    expect(chart.states).toHaveLength(24);
    const drawing = await layOut(chart);
    expect(flaws(chart, drawing)).toEqual([]);
  });

  it('has one for random charts: nothing overlaps, every line gets where it leads', async () => {
    await fc.assert(
      fc.asyncProperty(randomMachines, async (machine) => {
        const chart = chartOf(machine);
        const drawing = await layOut(chart);
        expect(flaws(chart, drawing)).toEqual([]);
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  it('is the same for the same chart, and JSON', async () => {
    const chart = chartOf(checkout);
    const drawing = await layOut(chart);
    expect(JSON.parse(JSON.stringify(drawing))).toEqual(drawing);
    expect(await layOut(JSON.parse(JSON.stringify(chart)))).toEqual(drawing);
  });

  it('goes the way that gives a shape which a page has room for', async () => {
    const row = (count: number) =>
      createMachine({
        initial: 's0',
        states: Object.fromEntries(
          Array.from({ length: count }, (_, index) => [
            `s${index}`,
            { on: { GO: `s${(index + 1) % count}` } },
          ]),
        ),
      });
    const [short, long] = [await layOut(chartOf(row(3))), await layOut(chartOf(row(9)))];
    expect(short.width).toBeGreaterThan(short.height);
    expect(long.height).toBeGreaterThan(long.width);
    expect(long.width).toBeLessThan(960);
  });

  it('has room for a transition from the machine to itself, outside of its frame', async () => {
    const chart = chartOf({
      id: 'm',
      initial: 'a',
      on: { AGAIN: { target: '#m', reenter: true } },
      states: { a: {} },
    });
    expect(flaws(chart, await layOut(chart))).toEqual([]);
  });

  it('of a machine without states is its frame', async () => {
    const { states, width, height } = await layOut(chartOf({ id: 'm' }));
    expect(states).toHaveLength(1);
    expect([width, height]).toEqual([72, 46]);
  });
});

describe('a chart without a single state, which no machine has', () => {
  it('is nothing in every form', async () => {
    const chart: Chart = { id: 'none', states: [], edges: [] };
    expect(await layOut(chart)).toMatchObject({ width: 8, height: 8, states: [], routes: [] });
    expect(outlineOf(chart)).toBe('\n');
    expect(toMermaid(chart)).toBe('stateDiagram-v2\n');
  });
});

describe('a chart that is too large', () => {
  const web = (states: number, lines: number) => {
    const names = Array.from({ length: states }, (_, index) => `s${index}`);
    const on = (from: number) =>
      names.slice(0, lines).map((_, each) => [`e${each}`, names[(from + each) % states]] as const);
    const all = names.map((name, index) => [name, { on: Object.fromEntries(on(index)) }] as const);
    return chartOf({ id: 'web', initial: 's0', states: Object.fromEntries(all) } as never);
  };

  it('for its lines is refused at once, not after minutes', async () => {
    const asked: unknown[] = [];
    const elk: LayoutEngine = {
      async layout(graph) {
        asked.push(graph);
      },
    };
    await expect(layOut(web(60, 7), { elk })).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: 'At most 400 lines are laid out together; in "web" are 421. The outline has them all.',
    });
    expect(asked).toEqual([]);
  });

  it('for its states has as many as there is room for', async () => {
    const { states } = await layOut(web(3, 1), { maxStates: 3 });
    expect(states).toHaveLength(4);
    await expect(layOut(web(4, 1), { maxStates: 3 })).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });
});

describe('a layout engine', () => {
  const chart = chartOf(checkout);

  it('may be passed in, to work elsewhere', async () => {
    const engine = await loadEngine();
    const graphs: LayoutNode[] = [];
    const elk: LayoutEngine = {
      layout(graph) {
        graphs.push(graph);
        return engine.layout(structuredClone(graph));
      },
    };
    expect(await layOut(chart, { elk })).toEqual(await layOut(chart));
    expect(graphs.length).toBeGreaterThan(1);
  });

  it('that fails is asked again with plainer options', async () => {
    const engine = await loadEngine();
    const asked: boolean[] = [];
    const elk: LayoutEngine = {
      async layout(graph) {
        const isPlain = !('elk.layered.cycleBreaking.strategy' in (graph.layoutOptions ?? {}));
        asked.push(isPlain);
        if (!isPlain) throw new TypeError("Cannot read properties of undefined (reading 'a')");
        return engine.layout(graph);
      },
    };
    expect(flaws(chart, await layOut(chart, { elk }))).toEqual([]);
    expect(asked.slice(0, 4)).toEqual([false, false, true, true]);
  });

  it('that goes on failing is an error with a code and the reason, and the outline is still there', async () => {
    const cause = new TypeError('it broke');
    const elk: LayoutEngine = { layout: () => Promise.reject(cause) };
    await expect(layOut(chart, { elk })).rejects.toMatchObject({
      name: 'DiagramError',
      code: 'LAYOUT_FAILED',
      message: 'The layout of "coupons" failed: it broke',
      cause,
    });
    expect(outlineOf(chart)).toContain('coupons');
  });

  it('that answers nonsense is an error, too', async () => {
    const elk: LayoutEngine = { layout: () => Promise.resolve({}) };
    await expect(layOut(chart, { elk })).rejects.toMatchObject({ code: 'LAYOUT_FAILED' });
  });
});
