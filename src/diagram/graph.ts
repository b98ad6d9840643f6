/** A part of a chart in the words of the layout engine. */
import type { ChartEdge, ChartState } from './chart.ts';
import type { Cluster } from './clusters.ts';
import type { View, ViewedEdge } from './collapse.ts';
import type { Drawing } from './drawing.ts';
import type { LayoutEdge, LayoutNode } from './engine.ts';
import { frameOf, labelOf } from './frame.ts';

export type Direction = 'RIGHT' | 'DOWN';

/** A graph to lay out, and what its nodes and edges stand for. */
export interface Plan {
  readonly graph: LayoutNode;
  readonly states: ReadonlyMap<string, ChartState>;
  readonly markers: ReadonlyMap<string, 'initial' | 'fork'>;
  readonly routes: ReadonlyMap<string, PlannedRoute>;
}

export interface PlannedRoute {
  readonly edges: readonly string[];
  readonly headless?: true;
}

export interface PlanOptions {
  readonly direction: Direction;
  /** Without the options that may make the engine fail. */
  readonly plain: boolean;
  /** The clusters inside of this one, laid out already, by the ids of their heads. */
  readonly inner: ReadonlyMap<string, Drawing>;
}

const DOT = 10;
const FORK = { length: 34, thickness: 6 };
/** Between the border of a state, or its header, and what is in it. */
export const INSET = 14;
const BETWEEN_LAYERS = 22;

/** What decides where lines may go against the direction: those with the highest priority never do. */
const PRIORITY = { initial: 100, forward: 10, backward: 0 };

export function planOf(view: View, { head, edges }: Cluster, options: PlanOptions): Plan {
  const draft = new Draft(view, head, options);
  for (const line of sharedLines(edges)) draft.addTransition(line);
  return draft.finish();
}

class Draft {
  readonly #view: View;
  readonly #head: ChartState;
  readonly #options: PlanOptions;
  readonly #states = new Map<string, ChartState>();
  readonly #markers = new Map<string, 'initial' | 'fork'>();
  readonly #routes = new Map<string, PlannedRoute>();
  readonly #edges: LayoutEdge[] = [];
  /** Dots and bars, by the state that they are in. */
  readonly #marks = new Map<string, LayoutNode[]>();
  /** Names of nodes, by the ids of states; in the order of the definition. */
  readonly #nodes = new Map<string, string>();

  constructor(view: View, head: ChartState, options: PlanOptions) {
    this.#view = view;
    this.#head = head;
    this.#options = options;
    this.#enter(head);
  }

  #enter(state: ChartState): void {
    const name = `s${this.#nodes.size}`;
    this.#nodes.set(state.id, name);
    this.#states.set(name, state);
    const children = this.#childrenOf(state);
    for (const child of children) this.#enter(child);
    if (state.initial !== undefined && children.length > 0) {
      const dot = this.#mark(state.id, 'initial', DOT, DOT);
      this.#connect(dot, this.#nodes.get(state.initial), PRIORITY.initial);
    }
  }

  /** Those that are laid out together with it. */
  #childrenOf({ id }: ChartState): readonly ChartState[] {
    return this.#options.inner.has(id) ? [] : (this.#view.children.get(id) ?? []);
  }

  addTransition({ source, targets, shared }: SharedLine): void {
    const from = this.#nodes.get(source);
    const order = [...this.#nodes.keys()];
    const isForward = targets.every((target) => order.indexOf(target) > order.indexOf(source));
    const priority = isForward ? PRIORITY.forward : PRIORITY.backward;
    const [only, another] = targets.map((target) => this.#nodes.get(target));
    if (another === undefined) {
      this.#connect(from, only, priority, { shared });
      return;
    }
    const { length, thickness } = FORK;
    const [width, height] = this.#options.direction === 'RIGHT' ? [thickness, length] : [length, thickness];
    const fork = this.#mark(this.#scopeOf([source, ...targets]), 'fork', width, height);
    this.#connect(from, fork, priority, { shared, headless: true });
    for (const target of targets)
      this.#connect(fork, this.#nodes.get(target), priority, { shared, unlabelled: true });
  }

  #mark(parent: string, kind: 'initial' | 'fork', width: number, height: number): string {
    const id = `m${this.#markers.size}`;
    this.#markers.set(id, kind);
    const marks = this.#marks.get(parent);
    if (marks) marks.push({ id, width, height });
    else this.#marks.set(parent, [{ id, width, height }]);
    return id;
  }

  #connect(
    source: string | undefined,
    target: string | undefined,
    priority: number,
    line: { shared?: readonly ChartEdge[]; headless?: true; unlabelled?: true } = {},
  ): void {
    if (source === undefined || target === undefined) return;
    const { shared = [], headless, unlabelled } = line;
    const id = `r${this.#routes.size}`;
    this.#routes.set(id, {
      edges: shared.map((each) => each.id),
      ...(headless && { headless }),
    });
    const label = unlabelled || shared.length === 0 ? undefined : labelOf(shared);
    this.#edges.push({
      id,
      sources: [source],
      targets: [target],
      layoutOptions: { 'elk.layered.priority.direction': String(priority) },
      ...(label && {
        labels: [
          {
            // One without a text is not laid out.
            text: ' ',
            width: label.width,
            height: label.height,
            layoutOptions: { 'elk.edgeLabels.inline': 'true', 'elk.edgeLabels.placement': 'CENTER' },
          },
        ],
      }),
    });
  }

  /** The innermost state around all of them that is not parallel: what is in such a one is a region. */
  #scopeOf(ids: readonly string[]): string {
    const parents = new Map([...this.#states.values()].map((state) => [state.id, state]));
    const around = (id: string): string[] => {
      const path: string[] = [];
      for (let each = parents.get(id)?.parent; each !== undefined; each = parents.get(each)?.parent)
        path.push(each);
      return path;
    };
    const [first = [], ...others] = ids.map(around);
    const isScope = (id: string) =>
      parents.get(id)?.type !== 'parallel' && others.every((path) => path.includes(id));
    return first.find(isScope) ?? this.#head.id;
  }

  finish(): Plan {
    const graph: LayoutNode = {
      id: 'graph',
      layoutOptions: {
        ...this.#layoutOptions(),
        'elk.padding': '[top=0,left=0,bottom=0,right=0]',
        'elk.json.edgeCoords': 'ROOT',
        'elk.json.shapeCoords': 'ROOT',
      },
      children: [this.#nodeOf(this.#head)],
      edges: this.#edges,
    };
    return { graph, states: this.#states, markers: this.#markers, routes: this.#routes };
  }

  #nodeOf(state: ChartState): LayoutNode {
    const id = this.#nodes.get(state.id) ?? '';
    const inner = this.#options.inner.get(state.id);
    if (inner) return { id, width: inner.width, height: inner.height };
    const frame = headerOf(this.#view, state);
    const children = [
      ...(this.#marks.get(state.id) ?? []),
      ...(this.#view.children.get(state.id) ?? []).map((each) => this.#nodeOf(each)),
    ];
    if (children.length === 0) return { id, width: frame.width, height: frame.height };
    const top = frame.height + INSET;
    return {
      id,
      children,
      layoutOptions: {
        ...this.#layoutOptions(),
        'elk.padding': `[top=${top},left=${INSET},bottom=${INSET},right=${INSET}]`,
        'elk.nodeSize.constraints': 'MINIMUM_SIZE',
        // Inside a hierarchy the engine takes the sizes of a downward layout for those of one to the right.
        'elk.nodeSize.minimum':
          this.#options.direction === 'RIGHT' ? `(${frame.width},${top})` : `(${top},${frame.width})`,
      },
    };
  }

  /** On every state with children: the engine hands none of them down. */
  #layoutOptions(): Record<string, string> {
    const { direction, plain } = this.#options;
    return {
      'elk.algorithm': 'layered',
      'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.direction': direction,
      'elk.layered.spacing.nodeNodeBetweenLayers': String(BETWEEN_LAYERS),
      'elk.spacing.nodeNode': '24',
      'elk.spacing.edgeNode': '14',
      'elk.spacing.edgeLabel': '4',
      // Follows the transitions from the initial state, so that a chart reads as it runs.
      ...(!plain && { 'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST' }),
    };
  }
}

export function headerOf(view: View, state: ChartState) {
  return frameOf(state, view.internal.get(state.id) ?? [], view.collapsed.get(state.id));
}

interface SharedLine {
  readonly source: string;
  readonly targets: readonly string[];
  readonly shared: ChartEdge[];
}

/** Transitions with the same source and the same targets. */
function sharedLines(edges: readonly ViewedEdge[]): SharedLine[] {
  const lines = new Map<string, SharedLine>();
  for (const { edge, source, targets } of edges) {
    const key = JSON.stringify([source, targets]);
    const line = lines.get(key);
    const own = edge ? [edge] : [];
    if (line) line.shared.push(...own);
    else lines.set(key, { source, targets, shared: own });
  }
  return [...lines.values()];
}
