import { type Chart, ROOT } from './chart.ts';
import { type Cluster, clustersOf } from './clusters.ts';
import { type View, viewOf } from './collapse.ts';
import { type Drawing, type Point, shifted, tenth } from './drawing.ts';
import { type LaidOutNode, type LayoutEngine, loadEngine } from './engine.ts';
import { DiagramError } from './error.ts';
import { type Direction, planOf } from './graph.ts';
import { readPlan } from './read-plan.ts';
import { stackRegions } from './regions.ts';
import { awkwardness } from './shape.ts';

export interface LayoutOptions {
  /** An instance of elkjs. Default: elkjs is imported, and lays out in this thread. */
  readonly elk?: LayoutEngine;
  /** Of a chart with more states, inner ones stay closed. Default 200. */
  readonly maxStates?: number;
}

/** Around the machine's own frame. */
const MARGIN = 4;
/** More lines between the states of one part take the engine minutes, or more memory than there is. */
const MAX_LINES = 400;
/** A second direction to choose from is worth its time for parts up to this size. */
const MAX_TRIED_TWICE = 60;

/**
 * Works out where everything goes, which for a chart of 50 states takes some tenths of a second. The result is JSON, and
 * the same for the same chart: keep it under its `chartKey`.
 *
 * Rejects with a `DiagramError`: `LAYOUT_MISSING`, `LAYOUT_FAILED`, or `TOO_LARGE` for a machine with more states on its
 * first level than are drawn, or with more than 400 lines between states that are laid out together. `outlineOf` has something to show even then.
 */
export async function layOut(chart: Chart, { elk, maxStates = 200 }: LayoutOptions = {}): Promise<Drawing> {
  const view = viewOf(chart, maxStates);
  const engine = elk ?? (await loadEngine());
  const { list, heads } = clustersOf(view);
  const done = new Map<string, Drawing>();
  for (const cluster of list) {
    const drawing =
      stackRegions(view, cluster, heads, done) ?? (await layOutCluster(view, cluster, done, engine));
    done.set(cluster.head.id, drawing);
  }
  return framed(done.get(ROOT) ?? EMPTY);
}

const EMPTY: Drawing = { width: 0, height: 0, states: [], markers: [], dividers: [], routes: [] };

/** With room around all of it: a transition from the machine to itself runs outside of its frame. */
function framed(drawing: Drawing): Drawing {
  const labels = drawing.routes.flatMap(({ label }) => label ?? []);
  const corners = [...drawing.states, ...labels].flatMap(({ x, y, width, height }) => [
    { x, y },
    { x: x + width, y: y + height },
  ]);
  const points = [...corners, ...drawing.routes.flatMap((route) => route.points)];
  // Not by `Math.min(...)`: there may be more points than a call has room for.
  const least = (of: (point: Point) => number) => points.reduce((min, each) => Math.min(min, of(each)), 0);
  const [left, top] = [least(({ x }) => x), least(({ y }) => y)];
  const [right, bottom] = [-least(({ x }) => -x), -least(({ y }) => -y)];
  return {
    ...shifted(drawing, MARGIN - left, MARGIN - top),
    width: tenth(right - left + 2 * MARGIN),
    height: tenth(bottom - top + 2 * MARGIN),
  };
}

/** In the direction that gives the better shape. */
async function layOutCluster(
  view: View,
  cluster: Cluster,
  inner: ReadonlyMap<string, Drawing>,
  engine: LayoutEngine,
): Promise<Drawing> {
  let failure: unknown;
  for (const plain of [false, true]) {
    const found: Drawing[] = [];
    for (const direction of ['RIGHT', 'DOWN'] satisfies Direction[]) {
      if (found.length > 0 && cluster.edges.length > MAX_TRIED_TWICE) break;
      const plan = planOf(view, cluster, { direction, plain, inner });
      if (plan.routes.size > MAX_LINES) throw tooManyLines(cluster, plan.routes.size);
      try {
        found.push(readPlan(plan, (await engine.layout(plan.graph)) as LaidOutNode, view, inner));
      } catch (error) {
        failure = error;
      }
    }
    const best = found.sort((a, b) => awkwardness(a) - awkwardness(b))[0];
    if (best) return best;
  }
  const reason = failure instanceof Error ? failure.message : String(failure);
  throw new DiagramError(
    'LAYOUT_FAILED',
    `The layout of ${JSON.stringify(cluster.head.key)} failed: ${reason}`,
    {
      cause: failure,
    },
  );
}

function tooManyLines({ head }: Cluster, found: number): DiagramError {
  return new DiagramError(
    'TOO_LARGE',
    `At most ${MAX_LINES} lines are laid out together; in ${JSON.stringify(head.key)} are ${found}. The outline has them all.`,
  );
}
