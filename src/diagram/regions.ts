/** The usual notation of a parallel state: its regions side by side, with dashed lines between them. */
import type { Cluster } from './clusters.ts';
import type { View } from './collapse.ts';
import { type Drawing, shifted } from './drawing.ts';
import { headerOf } from './graph.ts';
import { awkwardness } from './shape.ts';

/** `undefined` where transitions lead to regions or from one to another: those are laid out as any other states. */
export function stackRegions(
  view: View,
  { head, edges }: Cluster,
  heads: ReadonlySet<string>,
  inner: ReadonlyMap<string, Drawing>,
): Drawing | undefined {
  const children = view.children.get(head.id) ?? [];
  const isClosed = children.every(({ id }) => heads.has(id) || !view.children.get(id)?.length);
  if (head.type !== 'parallel' || edges.length > 0 || !isClosed || children.length === 0) return undefined;
  const header = headerOf(view, head);
  const regions = children.map((state) => {
    const known = inner.get(state.id);
    if (known) return known;
    const { width, height } = headerOf(view, state);
    const collapsed = view.collapsed.get(state.id);
    const box = { id: state.id, x: 0, y: 0, width, height, ...(collapsed !== undefined && { collapsed }) };
    return { width, height, states: [box], markers: [], dividers: [], routes: [] };
  });
  const shapes = [stacked(regions, header, 'column'), stacked(regions, header, 'row')];
  const [best = regions[0]] = shapes.sort((a, b) => awkwardness(a) - awkwardness(b));
  if (!best) return undefined;
  const { width, height } = best;
  return { ...best, states: [{ id: head.id, x: 0, y: 0, width, height }, ...best.states] };
}

function stacked(
  regions: readonly Drawing[],
  header: { readonly width: number; readonly height: number },
  way: 'column' | 'row',
): Drawing {
  const isColumn = way === 'column';
  const widest = Math.max(...regions.map(({ width }) => width));
  const tallest = Math.max(...regions.map(({ height }) => height));
  const total = regions.reduce((sum, { width }) => sum + width, 0);
  const width = Math.max(header.width, isColumn ? widest : total);
  // What the header has more than its regions is shared among them.
  const extra = isColumn ? 0 : (width - total) / regions.length;
  const height = header.height + (isColumn ? regions.reduce((sum, each) => sum + each.height, 0) : tallest);
  const states: Drawing['states'][number][] = [];
  const markers: Drawing['markers'][number][] = [];
  const dividers: Drawing['dividers'][number][] = [];
  const routes: Drawing['routes'][number][] = [];
  let [x, y] = [0, header.height];
  regions.forEach((region, index) => {
    const cell = {
      width: isColumn ? width : region.width + extra,
      height: isColumn ? region.height : tallest,
    };
    const placed = shifted(region, x + (cell.width - region.width) / 2, y);
    const [own, ...others] = placed.states;
    if (own) states.push({ ...own, x, y, ...cell, region: 'cell' });
    states.push(...others);
    markers.push(...placed.markers);
    routes.push(...placed.routes);
    dividers.push(...placed.dividers);
    if (index > 0) dividers.push([{ x, y }, isColumn ? { x: width, y } : { x, y: height }]);
    if (isColumn) y += cell.height;
    else x += cell.width;
  });
  return { width, height, states, markers, dividers, routes };
}
