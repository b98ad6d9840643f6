/**
 * The parts of a chart that can be laid out alone: a state whose border no transition crosses is to those around it a
 * box of some size. That keeps what the layout engine gets small, and leaves each part the direction that suits it.
 */
import { type ChartState, ROOT } from './chart.ts';
import type { View, ViewedEdge } from './collapse.ts';

export interface Cluster {
  /** The state around all of it. */
  readonly head: ChartState;
  readonly edges: readonly ViewedEdge[];
}

export interface Clusters {
  /** Inner ones before those around them; the last is the machine's. */
  readonly list: readonly Cluster[];
  readonly heads: ReadonlySet<string>;
}

export function clustersOf(view: View): Clusters {
  const parents = new Map(view.states.map(({ id, parent }) => [id, parent]));
  /** From the state itself outwards. */
  const pathOf = (id: string): string[] => {
    const path = [id];
    for (let each = parents.get(id); each !== undefined; each = parents.get(each)) path.push(each);
    return path;
  };
  const ends = view.edges.map((edge) => [edge.source, ...edge.targets].map(pathOf));
  const crossed = new Set(ends.flatMap(crossedBy));
  const heads = view.states.filter(
    ({ id }) => id === ROOT || (view.children.get(id)?.length && !crossed.has(id)),
  );
  const edges = new Map(heads.map(({ id }) => [id, [] as ViewedEdge[]]));
  view.edges.forEach((edge, index) => {
    edges.get(clusterOf(ends[index] ?? [], edges))?.push(edge);
  });
  return {
    list: heads.toReversed().map((head) => ({ head, edges: edges.get(head.id) ?? [] })),
    heads: new Set(heads.map(({ id }) => id)),
  };
}

/** States that have one end of a transition inside of them, and another neither inside nor on their border. */
function crossedBy(paths: readonly (readonly string[])[]): string[] {
  const around = new Set(paths.flatMap((path) => path.slice(1)));
  return [...around].filter((id) => paths.some((path) => !path.includes(id)));
}

/** The innermost head that has all ends inside, or inside and on its border; not one that is all the ends there are. */
function clusterOf(paths: readonly (readonly string[])[], heads: ReadonlyMap<string, unknown>): string {
  const [first = []] = paths;
  const isOneState = paths.every(([id]) => id === first[0]);
  const candidates = isOneState ? first.slice(1) : first;
  return candidates.find((id) => heads.has(id) && paths.every((path) => path.includes(id))) ?? ROOT;
}
