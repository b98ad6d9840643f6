import type { Chart, ChartEdge, ChartState } from './chart.ts';
import { DiagramError } from './error.ts';

/** The part of a chart that is drawn: all of it, or without what is inside of collapsed states. */
export interface View {
  readonly states: readonly ChartState[];
  readonly children: ReadonlyMap<string, readonly ChartState[]>;
  /** How many states there are in a collapsed one. */
  readonly collapsed: ReadonlyMap<string, number>;
  /** Transitions without a target, by their state. */
  readonly internal: ReadonlyMap<string, readonly ChartEdge[]>;
  /** Those with targets, each target once: of hidden states, the collapsed one around them. */
  readonly edges: readonly ViewedEdge[];
}

export interface ViewedEdge {
  /** None of a line from a history state to where that leads at first. */
  readonly edge: ChartEdge | undefined;
  readonly source: string;
  readonly targets: readonly string[];
}

/** Opens states level by level, as long as there are at most `maxStates` in sight, the machine itself not counted. */
export function viewOf(chart: Chart, maxStates: number): View {
  const all = childrenOf(chart);
  const [root] = chart.states;
  const children = new Map<string, readonly ChartState[]>();
  const open = root ? [root] : [];
  const closed: ChartState[] = [];
  let inSight = 0;
  // Grows while it is walked.
  for (const state of open) {
    const inside = all.get(state.id) ?? [];
    if (inSight + inside.length > maxStates) {
      if (state === root) throw tooLarge(inside.length, maxStates);
      closed.push(state);
      continue;
    }
    children.set(state.id, inside);
    inSight += inside.length;
    open.push(...inside);
  }
  const owner = new Map<string, string>();
  const collapsed = new Map<string, number>();
  for (const state of open) owner.set(state.id, state.id);
  for (const state of closed) {
    const hidden = below(state, all);
    collapsed.set(state.id, hidden.length);
    for (const { id } of hidden) owner.set(id, state.id);
  }
  return {
    states: chart.states.filter(({ id }) => owner.get(id) === id),
    children,
    collapsed,
    ...transitionsIn(chart, owner, collapsed),
  };
}

function transitionsIn(
  chart: Chart,
  owner: ReadonlyMap<string, string>,
  collapsed: ReadonlyMap<string, number>,
): Pick<View, 'internal' | 'edges'> {
  const internal = new Map<string, ChartEdge[]>();
  const edges: ViewedEdge[] = [];
  for (const edge of chart.edges) {
    const source = owner.get(edge.source) ?? edge.source;
    if (edge.targets.length === 0) {
      if (source === edge.source) internal.set(source, [...(internal.get(source) ?? []), edge]);
      continue;
    }
    const targets = [...new Set(edge.targets.map((target) => owner.get(target) ?? target))];
    const isInside = collapsed.has(source) && targets.every((target) => target === source);
    if (!isInside) edges.push({ edge, source, targets });
  }
  for (const { id, defaults = [] } of chart.states)
    if (defaults.length > 0 && owner.get(id) === id)
      edges.push({
        edge: undefined,
        source: id,
        targets: defaults.map((target) => owner.get(target) ?? target),
      });
  return { internal, edges };
}

export function childrenOf(chart: Chart): Map<string, ChartState[]> {
  const children = new Map<string, ChartState[]>();
  for (const state of chart.states) {
    if (state.parent === undefined) continue;
    const siblings = children.get(state.parent);
    if (siblings) siblings.push(state);
    else children.set(state.parent, [state]);
  }
  return children;
}

function below(state: ChartState, children: ReadonlyMap<string, readonly ChartState[]>): ChartState[] {
  const found = [...(children.get(state.id) ?? [])];
  for (const each of found) found.push(...(children.get(each.id) ?? []));
  return found;
}

function tooLarge(found: number, maxStates: number): DiagramError {
  return new DiagramError(
    'TOO_LARGE',
    `A drawing shows at most ${maxStates} states; this chart has ${found} on its first level alone. Its outline has them all.`,
  );
}
