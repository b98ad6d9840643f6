import { type Chart, type ChartEdge, type ChartState, ROOT } from './chart.ts';
import { childrenOf } from './collapse.ts';
import { edgeLabel, keyOf } from './label.ts';
import { legible } from './text.ts';

/** Words that mean something else where a name may stand. */
const RESERVED =
  /^(?:state|note|end|as|class|classdef|style|click|href|direction|default|root|fork|join|choice|scale|hide|accdescr|acctitle|tb|bt|lr|rl|title|init|prototype)$/i;
/** A longer text is cut: a hostile name may be megabytes long, and GitHub draws no more than 50,000 characters. */
const MAX_TEXT = 200;

/**
 * A chart as a Mermaid `stateDiagram-v2`, which GitHub and many editors draw. What its notation has not is put into
 * words: history states are marked `H` and `H*`, transitions into a state that they are already in are written into it.
 */
export function toMermaid(chart: Chart): string {
  return `${new Writer(chart).write().join('\n')}\n`;
}

class Writer {
  readonly #chart: Chart;
  readonly #children: ReadonlyMap<string, readonly ChartState[]>;
  readonly #states: ReadonlyMap<string, ChartState>;
  readonly #names: ReadonlyMap<string, string>;
  readonly #taken: ReadonlySet<string>;
  /** By their sources: those that Mermaid cannot draw are written into the state. */
  readonly #inside: ReadonlyMap<string, readonly ChartEdge[]>;
  readonly #drawn: readonly ChartEdge[];
  readonly #lines: string[] = ['stateDiagram-v2'];

  constructor(chart: Chart) {
    this.#chart = chart;
    this.#children = childrenOf(chart);
    this.#states = new Map(chart.states.map((state) => [state.id, state]));
    this.#names = namesOf(chart.states);
    this.#taken = new Set(this.#names.values());
    const { drawn = [], inside = [] } = Object.groupBy(chart.edges, (edge) =>
      this.#isDrawn(edge) ? 'drawn' : 'inside',
    );
    this.#drawn = drawn;
    this.#inside = Map.groupBy(inside, ({ source }) => source);
  }

  write(): readonly string[] {
    const [root] = this.#chart.states;
    if (!root) return this.#lines;
    this.#writeState(root, 1);
    this.#writeTransitions();
    return this.#lines;
  }

  #writeState(state: ChartState, depth: number): void {
    const line = (text: string, deeper = 0) => this.#lines.push(`${'  '.repeat(depth + deeper)}${text}`);
    const name = this.#nameOf(state.id);
    const label = escaped(state.type === 'history' ? (state.history === 'deep' ? 'H*' : 'H') : keyOf(state));
    const children = this.#children.get(state.id) ?? [];
    if (children.length === 0) {
      line(`state "${label}" as ${name}`);
      for (const text of this.#wordsOf(state)) line(`${name} : ${text}`);
      if (state.type === 'final') line(`${name} --> [*]`);
      return;
    }
    line(`state "${label}" as ${name} {`);
    if (state.initial !== undefined) line(`[*] --> ${this.#nameOf(state.initial)}`, 1);
    children.forEach((child, index) => {
      if (index > 0 && state.type === 'parallel') line('--', 1);
      this.#writeState(child, depth + 1);
    });
    line('}');
    const words = this.#wordsOf(state);
    if (words.length === 0) return;
    line(`note right of ${name}`);
    for (const text of words) line(text, 1);
    line('end note');
  }

  /** What happens in a state, in its own words. */
  #wordsOf({ id, invokes, entry, initialActions, exit }: ChartState): string[] {
    return [
      ...invokes.map(({ name }) => `invoke ${name}`),
      ...(entry.length > 0 ? [`entry / ${entry.join(', ')}`] : []),
      ...(initialActions ? [`initial / ${initialActions.join(', ')}`] : []),
      ...(exit.length > 0 ? [`exit / ${exit.join(', ')}`] : []),
      ...(this.#inside.get(id) ?? []).map((edge) => {
        const targets = edge.targets.map((target) => this.#states.get(target)?.key ?? target);
        return `${edgeLabel(edge)}${targets.length > 0 ? ` → ${targets.join(' and ')}` : ''}`;
      }),
    ].map(escaped);
  }

  #writeTransitions(): void {
    for (const edge of this.#drawn) {
      const [source, label] = [this.#nameOf(edge.source), escaped(edgeLabel(edge))];
      const [only, another] = edge.targets;
      if (only !== undefined && another === undefined) {
        this.#lines.push(`  ${source} --> ${this.#nameOf(only)} : ${label}`);
        continue;
      }
      const fork = this.#forkOf(edge.id);
      this.#lines.push(`  state ${fork} <<fork>>`, `  ${source} --> ${fork} : ${label}`);
      for (const target of edge.targets) this.#lines.push(`  ${fork} --> ${this.#nameOf(target)}`);
    }
    for (const { id, defaults = [] } of this.#chart.states)
      for (const target of defaults) this.#lines.push(`  ${this.#nameOf(id)} --> ${this.#nameOf(target)}`);
  }

  #forkOf(edge: string): string {
    let name = `fork_${edge}`;
    while (this.#taken.has(name)) name += '_';
    return name;
  }

  /** Mermaid fails on a line between a state and one that is in it. */
  #isDrawn({ source, targets }: ChartEdge): boolean {
    return (
      targets.length > 0 &&
      targets.every((target) => !this.#isAround(source, target) && !this.#isAround(target, source))
    );
  }

  #isAround(outer: string, inner: string): boolean {
    for (let id = this.#states.get(inner)?.parent; id !== undefined; id = this.#states.get(id)?.parent)
      if (id === outer) return true;
    return false;
  }

  #nameOf(id: string): string {
    return this.#names.get(id) ?? '';
  }
}

/** Names that Mermaid takes, each once, as close to the ids as can be. */
function namesOf(states: readonly ChartState[]): Map<string, string> {
  const taken = new Set<string>();
  const names = new Map<string, string>();
  /** Names that differ in what Mermaid does not take are one here: each is counted on from where the last stopped. */
  const counts = new Map<string, number>();
  for (const { id, key } of states) {
    const plain = (id === ROOT ? key : id).slice(0, MAX_TEXT).replace(/[^A-Za-z0-9_]+/g, '_');
    const start = isFree(plain) ? plain : `s_${plain}`;
    let count = counts.get(start.toLowerCase()) ?? 1;
    let name = count === 1 ? start : `${start}_${count}`;
    while (taken.has(name.toLowerCase())) name = `${start}_${++count}`;
    counts.set(start.toLowerCase(), count);
    taken.add(name.toLowerCase());
    names.set(id, name);
  }
  return names;
}

/** Mermaid keeps states in plain objects, where what every object has seems to be there already. */
function isFree(name: string): boolean {
  return /^[A-Za-z]/.test(name) && !RESERVED.test(name) && !(name in {});
}

/** Everything that has a meaning to Mermaid, or to the HTML that it makes, as an entity in its own spelling. */
function escaped(text: string): string {
  const shown = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
  return legible(shown).replace(
    /[^\p{L}\p{N} _.,/()→…'!?=+-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
}
