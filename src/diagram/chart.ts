/** A statechart as a plain graph: what is drawn of a machine, and nothing of how. JSON all the way down. */
export interface Chart {
  /** Of the machine. */
  readonly id: string;
  /** In the order of the definition, parents before their children. The first is the machine itself. */
  readonly states: readonly ChartState[];
  /** In the order of the definition: of two that could be taken, XState tries the first first. */
  readonly edges: readonly ChartEdge[];
}

export type StateType = 'atomic' | 'compound' | 'parallel' | 'final' | 'history';

export interface ChartState {
  /** The keys from the root down, joined by dots; a dot in a key is written `\.`. The machine's own is empty. */
  readonly id: string;
  readonly key: string;
  /** The id of the state around it; only the machine itself has none. */
  readonly parent?: string;
  readonly type: StateType;
  /** The id of the child that is entered first. */
  readonly initial?: string;
  /** Names of actions that run on the way from this state into its initial one. Left out where there are none. */
  readonly initialActions?: readonly string[];
  readonly history?: 'shallow' | 'deep';
  /** Where a history state leads that has nothing to remember: ids. Known from a machine, not from a definition. */
  readonly defaults?: readonly string[];
  /** Names of actions. */
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly invokes: readonly ChartInvocation[];
  readonly tags: readonly string[];
  readonly description?: string;
}

/** An actor that runs as long as its state is active. */
export interface ChartInvocation {
  /** As in its events, `xstate.done.actor.<id>`. */
  readonly id: string;
  /** What a person would call it: the name of its logic, or the id that it was given. */
  readonly name: string;
}

export type EdgeKind = 'event' | 'always' | 'after' | 'done' | 'error' | 'snapshot';

/** One transition. */
export interface ChartEdge {
  /** `e0`, `e1`, … */
  readonly id: string;
  /**
   * Ids of states. Without targets the transition is internal: it runs its actions, and the state stays. Without actions
   * either it forbids: its event is ignored, whatever the states around would do.
   */
  readonly source: string;
  readonly targets: readonly string[];
  readonly kind: EdgeKind;
  /** The event type as XState has it, `xstate.after.1000.lamp.on` for instance; empty for `always`. */
  readonly event: string;
  /** The same in words: `after 1 s`. */
  readonly cause: string;
  readonly guard?: string;
  readonly actions: readonly string[];
  /** Of `after`: milliseconds, or a name. */
  readonly delay?: number | string;
  /** The source is left and entered again. */
  readonly reenter: boolean;
  readonly description?: string;
}

/** What the machine itself has as its id. */
export const ROOT = '';
/** States of a chart, the machine itself included. */
export const MAX_STATES = 10_000;
/** Transitions of a chart. */
export const MAX_EDGES = 50_000;
/** Levels of nesting, the machine itself included. */
export const MAX_DEPTH = 64;

/** Nothing happens, and nothing else may: XState looks no further once it has found such a transition. */
export function isForbidden({ targets, actions }: ChartEdge): boolean {
  return targets.length === 0 && actions.length === 0;
}

/** `a\.b` for the key `a.b`, since ids are joined by dots, and `\e` for an empty one. */
export function stateId(parent: string, key: string): string {
  const escaped = key === '' ? '\\e' : key.replace(/[\\.]/g, '\\$&');
  return parent === ROOT ? escaped : `${parent}.${escaped}`;
}
