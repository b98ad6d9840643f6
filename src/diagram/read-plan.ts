/** What the layout engine made of a plan, as a drawing with its origin at the top left corner of the outermost state. */
import type { ChartState } from './chart.ts';
import type { View } from './collapse.ts';
import {
  type Box,
  type Drawing,
  type DrawnMarker,
  type DrawnRoute,
  type DrawnState,
  type Point,
  shifted,
  tenth,
} from './drawing.ts';
import type { LaidOutEdge, LaidOutNode } from './engine.ts';
import { headerOf, type Plan } from './graph.ts';
import { onCircle } from './path.ts';

export function readPlan(
  plan: Plan,
  laidOut: LaidOutNode,
  view: View,
  inner: ReadonlyMap<string, Drawing>,
): Drawing {
  const states: DrawnState[] = [];
  const markers: DrawnMarker[] = [];
  const parts: Drawing[] = [];
  const types = new Map(view.states.map(({ id, type }) => [id, type]));
  for (const node of nodesOf(laidOut)) {
    const box = boxOf(node);
    const kind = plan.markers.get(node.id);
    if (kind) markers.push({ kind, ...box });
    const state = plan.states.get(node.id);
    if (!state) continue;
    const collapsed = view.collapsed.get(state.id);
    const region = state.parent !== undefined &&
      types.get(state.parent) === 'parallel' && { region: 'box' as const };
    const part = inner.get(state.id);
    if (part) {
      const { states: drawn, ...others } = shifted(part, box.x, box.y);
      parts.push({
        ...others,
        states: drawn.map((each) => (each.id === state.id ? { ...each, ...region } : each)),
      });
    } else states.push({ id: state.id, ...box, ...(collapsed !== undefined && { collapsed }), ...region });
  }
  const routes = edgesOf(laidOut).flatMap((edge) => routeOf(edge, plan, view, states) ?? []);
  const [head] = states;
  if (!head) throw new Error('the engine gave back no states');
  return {
    width: head.width,
    height: head.height,
    states: [...states, ...parts.flatMap((part) => part.states)],
    markers: [...markers, ...parts.flatMap((part) => part.markers)],
    dividers: parts.flatMap((part) => part.dividers),
    routes: [...routes, ...parts.flatMap((part) => part.routes)],
  };
}

function nodesOf(graph: LaidOutNode): LaidOutNode[] {
  const found = [...(graph.children ?? [])];
  for (const each of found) found.push(...(each.children ?? []));
  return found;
}

function edgesOf(graph: LaidOutNode): LaidOutEdge[] {
  return [graph, ...nodesOf(graph)].flatMap(({ edges }) => edges ?? []);
}

function routeOf(
  { id, sections = [], labels = [], sources, targets }: LaidOutEdge,
  plan: Plan,
  view: View,
  states: readonly DrawnState[],
): DrawnRoute | undefined {
  const route = plan.routes.get(id);
  if (!route) return undefined;
  const points = sections
    .flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint])
    .map(pointOf);
  const circleOf = (node: string | undefined): Box | undefined => {
    const state = plan.states.get(node ?? '');
    return state?.type === 'history' ? states.find((each) => each.id === state.id) : undefined;
  };
  const [from, to] = [circleOf(sources[0]), circleOf(targets[0])];
  const [first, last] = [points[0], points.at(-1)];
  if (from && first) points[0] = onCircle(first, from);
  if (to && last) points[points.length - 1] = onCircle(last, to);
  const [label] = labels;
  const { edges, headless } = route;
  return {
    edges,
    points: belowHeader(points, plan.states.get(sources[0] ?? ''), view, states),
    ...(headless && { headless }),
    ...(label && { label: boxOf(label) }),
  };
}

/** A line that begins on the upper border of a state and leads into it would strike the words of its header. */
function belowHeader(
  points: readonly Point[],
  source: ChartState | undefined,
  view: View,
  states: readonly DrawnState[],
): Point[] {
  const [first, second, ...rest] = points;
  const box = states.find(({ id }) => id === source?.id);
  if (!first || !second || !source || !box || first.y !== box.y) return [...points];
  const bottom = box.y + headerOf(view, source).height;
  return second.y > bottom ? [{ x: first.x, y: bottom }, second, ...rest] : [...points];
}

function boxOf({ x = 0, y = 0, width = 0, height = 0 }: Partial<Box>): Box {
  return { ...pointOf({ x, y }), width: tenth(width), height: tenth(height) };
}

function pointOf({ x, y }: Point): Point {
  return { x: tenth(x), y: tenth(y) };
}
