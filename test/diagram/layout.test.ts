import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Chart } from '../../src/diagram/chart.ts';
import { chartOf } from '../../src/diagram/chart-of.ts';
import type { Box, Drawing, Point } from '../../src/diagram/drawing.ts';
import { layOut } from '../../src/diagram/layout.ts';
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
  for (const { id, parent } of chart.states) {
    const box = boxes.get(id);
    const around = parent === undefined ? page : boxes.get(parent);
    if (!box || !around) found.push(`${id} is not drawn`);
    else if (!isIn(box, around)) found.push(`${id} sticks out of what is around it`);
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
      { numRuns: Number(process.env.N ?? 60), seed: process.env.SEED ? Number(process.env.SEED) : 7 },
    );
  });
});
