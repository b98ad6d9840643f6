import type { Chart, ChartState } from './chart.ts';
import { childrenOf } from './collapse.ts';
import { edgeLabel, keyOf } from './label.ts';
import { legible } from './text.ts';

/**
 * A chart as indented text: for terminals, for screen readers, and for charts that no layout can show. Has a line for
 * every state, actor, action and transition.
 */
export function outlineOf(chart: Chart): string {
  const children = childrenOf(chart);
  const edges = Map.groupBy(chart.edges, ({ source }) => source);
  const lines: string[] = [];
  const [root] = chart.states;
  const waiting: Array<readonly [state: ChartState, depth: number, isInitial: boolean]> = root
    ? [[root, 0, false]]
    : [];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [state, depth, isInitial] = next;
    const write = (text: string, deeper = 1) => lines.push(`${'  '.repeat(depth + deeper)}${legible(text)}`);
    write(`${keyOf(state)}${remarks(state, isInitial)}`, 0);
    if (state.description !== undefined) write(state.description);
    for (const { name } of state.invokes) write(`invoke ${name}`);
    if (state.entry.length > 0) write(`entry / ${state.entry.join(', ')}`);
    if (state.initialActions) write(`initial / ${state.initialActions.join(', ')}`);
    if (state.exit.length > 0) write(`exit / ${state.exit.join(', ')}`);
    for (const edge of edges.get(state.id) ?? []) {
      const targets = edge.targets.map((id) => id || chart.id).join(' and ');
      write(`${edgeLabel(edge)}${targets === '' ? '' : ` → ${targets}`}`);
    }
    for (const id of state.defaults ?? []) write(`→ ${id}`);
    for (const child of (children.get(state.id) ?? []).toReversed())
      waiting.push([child, depth + 1, child.id === state.initial]);
  }
  return `${lines.join('\n')}\n`;
}

function remarks({ type, history, tags }: ChartState, isInitial: boolean): string {
  const kind = {
    atomic: [],
    compound: [],
    parallel: ['parallel'],
    final: ['final'],
    history: [`${history} history`],
  };
  const words = [...(isInitial ? ['initial'] : []), ...kind[type], ...tags.map((tag) => `#${tag}`)];
  return words.length > 0 ? ` (${words.join(', ')})` : '';
}
