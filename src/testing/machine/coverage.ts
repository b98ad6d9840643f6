import type { AnyMachineSnapshot, InspectionEvent, StateNode } from 'xstate';
import type { Chart } from './chart.ts';

/** Long enough to hold any loop that a person can read. */
const REMEMBERED = 40;

type Microstep = { readonly snapshot: unknown; readonly _transitions?: readonly object[] };

/** Which states and transitions of one chart the runs have been through. */
export class Coverage {
  readonly chart: Chart;
  readonly #states = new Set<StateNode>();
  readonly #transitions = new Set<object>();
  #recent: string[] = [];

  constructor(chart: Chart) {
    this.chart = chart;
  }

  /** Given to an actor of the chart's machine; what it hears of its children is left out. */
  get inspector(): (event: InspectionEvent) => void {
    return (event) => {
      if (event.type !== '@xstate.microstep') return;
      const { snapshot, _transitions: transitions = [] } = event as unknown as Microstep;
      for (const transition of transitions) this.#take(transition);
      const { _nodes: nodes } = snapshot as AnyMachineSnapshot;
      for (const node of nodes) this.#enter(node);
    };
  }

  /** Entering the first states is no step that XState tells of. */
  begin(snapshot: unknown): void {
    this.#recent = [];
    const { _nodes: nodes } = (snapshot ?? {}) as Partial<AnyMachineSnapshot>;
    for (const node of nodes ?? []) this.#enter(node);
  }

  get states(): string[] {
    const named = [...this.#states].filter(isState);
    return named.map((node) => this.chart.states.get(node) ?? '').sort();
  }

  get transitions(): string[] {
    return [...this.#transitions].map((each) => this.chart.transitions.get(each) ?? '').sort();
  }

  get neverTaken(): string[] {
    const { states, transitions } = this.chart;
    return [
      ...[...states].filter(([node]) => isState(node) && !this.#states.has(node)).map(([, name]) => name),
      ...[...transitions].filter(([each]) => !this.#transitions.has(each)).map(([, name]) => name),
    ].sort();
  }

  /** Whether anything was reached that had not been. */
  get size(): number {
    return this.#states.size + this.#transitions.size;
  }

  /** The transitions that go round, in order, when the run ended in a loop of them. */
  get loop(): string[] {
    const last = this.#recent.at(-1);
    if (last === undefined) return [];
    const before = this.#recent.lastIndexOf(last, -2);
    return this.#recent.slice(before + 1);
  }

  #take(transition: object): void {
    const name = this.chart.transitions.get(transition);
    if (name === undefined) return;
    this.#transitions.add(transition);
    // A state that is left at once is in no snapshot.
    for (let node = (transition as { source?: StateNode }).source; node; node = node.parent)
      this.#enter(node);
    if (this.#recent.push(name) > REMEMBERED) this.#recent.shift();
  }

  #enter(node: StateNode): void {
    if (this.chart.states.has(node)) this.#states.add(node);
  }
}

/** A machine is always in its root, which says something only when there is nothing else to be in. */
function isState(node: StateNode): boolean {
  return node.parent !== undefined || Object.keys(node.states).length === 0;
}
