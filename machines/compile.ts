import {
  type ActorLogic,
  type ActorScope,
  type AnyActorLogic,
  type AnyActorRef,
  type AnyStateMachine,
  createActor,
  type EventObject,
  fromCallback,
  type Snapshot,
  type StateNode,
  type StateValue,
} from 'xstate';

/** Stands for an actor that nobody provided: a compiled chart does not invoke it. */
export const absentActor: AnyActorLogic = fromCallback(() => {});

/** What a compiled chart shows of itself: the shape of a machine's snapshot, as far as it goes. */
export class ChartSnapshot {
  readonly status: 'active' | 'done' | 'stopped';
  readonly output: undefined;
  readonly error: undefined;
  readonly value: StateValue;
  readonly context: object;
  readonly children: Readonly<Record<string, AnyActorRef>>;

  constructor(
    value: StateValue,
    context: object,
    children: Readonly<Record<string, AnyActorRef>>,
    status: 'active' | 'done' | 'stopped',
  ) {
    this.status = status;
    this.value = value;
    this.context = context;
    this.children = children;
  }

  matches(value: string): boolean {
    return typeof this.value === 'string' ? this.value === value : value in this.value;
  }
}

/** What a compiled chart is restored from. */
export interface StoredChart {
  readonly value: StateValue;
  readonly context: object;
  readonly children?: Readonly<Record<string, { readonly snapshot?: Snapshot<unknown> }>>;
}

type Args = { context: object; event: EventObject; self: AnyActorRef; system: unknown };
type Effect = (args: Args, params: undefined) => void;
type Guard = (args: Args, params: undefined) => boolean;
type Scope = ActorScope<Snapshot<unknown>, EventObject>;
type Node = StateNode;
interface Invocation {
  readonly id: string;
  readonly src: string;
  readonly logic: AnyActorLogic;
  readonly input: unknown;
}
interface Step {
  readonly guard: Guard | undefined;
  readonly effects: readonly Effect[];
  /** Undefined: no change of state. */
  readonly target: Leaf | undefined;
  readonly stops: readonly string[];
  readonly starts: readonly Invocation[];
}
interface Leaf {
  readonly value: StateValue;
  readonly status: 'active' | 'done';
  readonly steps: Map<string, readonly Step[]>;
}

const NO_CHILDREN: Record<string, AnyActorRef> = Object.freeze({});

/**
 * Compiles a statechart once into a table: for each leaf state and event, the guarded steps to try. An actor
 * of the result takes the same states and runs the same effects in the same order as one of the machine, at
 * about a fifth of the cost, and is inspected and drawn as that machine.
 *
 * Covers what a lifecycle chart needs: nested states, plain effects and guards by name, invoked actors. Anything
 * else (parallel and history states, `always`, `after`, `assign` and the other built-in actions) is refused here,
 * with its name, not at run time.
 */
export function compile(machine: AnyStateMachine): AnyActorLogic {
  const leaves = new Map<Node, Leaf>();
  collectLeaves(machine.root, leaves);
  for (const [node, leaf] of leaves) tabulate(machine, node, leaf, leaves);

  const first = descend(machine.root);
  const initial = leafOf(leaves, first);
  const initialPath = pathTo(first, undefined);
  const initialEffects = initialPath.flatMap((node) => effectsOf(machine, node.entry));
  const initialStarts = initialPath.flatMap((node) => invocationsOf(machine, node));
  // Every snapshot holds its leaf's own value object, so that identity finds the row.
  const rows = new Map([...leaves.values()].map((leaf) => [leaf.value, leaf]));

  // XState types a snapshot as a union over its status; ours is one class, so the seam is untyped here.
  const logic: ActorLogic<Snapshot<unknown>, EventObject> & { definition: unknown; compiledFrom: unknown } = {
    config: machine.config,
    definition: machine.definition,
    compiledFrom: machine,

    getInitialSnapshot(scope, input) {
      const context = contextOf(machine, scope, input);
      const children = start(initialStarts, NO_CHILDREN, context, { type: 'xstate.init' }, scope);
      scope.defer(() => {
        const args = { context, event: { type: 'xstate.init' }, self: scope.self, system: scope.system };
        for (const effect of initialEffects) effect(args, undefined);
      });
      return asSnapshot(new ChartSnapshot(initial.value, context, children, initial.status));
    },

    /**
     * Entry effects do not run again: what was under way goes on. Of the invoked actors those are there that stand
     * in `children`, restored where they have a snapshot; without any `children` all of them start anew.
     */
    restoreSnapshot(persisted, scope) {
      const { value, context, children: stored } = persisted as unknown as StoredChart;
      const text = JSON.stringify(value);
      const [node, leaf] = [...leaves].find(([, each]) => JSON.stringify(each.value) === text) ?? [];
      if (!leaf || !node) throw new Error(`"${machine.id}" has no state ${text}.`);
      const starts = pathTo(node, undefined)
        .flatMap((each) => invocationsOf(machine, each))
        .filter(({ id }) => !stored || Object.hasOwn(stored, id));
      const children = start(starts, NO_CHILDREN, context, { type: 'xstate.init' }, scope, stored);
      return asSnapshot(new ChartSnapshot(leaf.value, context, children, leaf.status));
    },

    transition(snapshot, event, scope) {
      const current = snapshot as unknown as ChartSnapshot;
      if (event.type === 'xstate.stop') return asSnapshot(stopped(current, scope));
      const children = forgetEnded(current.children, event);
      const steps = rows.get(current.value)?.steps.get(event.type);
      const args = { context: current.context, event, self: scope.self, system: scope.system };
      const step = steps?.find(({ guard }) => !guard || guard(args, undefined));
      if (!step?.target) {
        if (step) for (const effect of step.effects) effect(args, undefined);
        if (children === current.children) return snapshot;
        return asSnapshot(new ChartSnapshot(current.value, current.context, children, 'active'));
      }
      const kept = stop(step.stops, children, scope);
      for (const effect of step.effects) effect(args, undefined);
      const next = start(step.starts, kept, current.context, event, scope);
      return asSnapshot(new ChartSnapshot(step.target.value, current.context, next, step.target.status));
    },

    getPersistedSnapshot: (snapshot) => {
      const { status, value, context } = snapshot as unknown as ChartSnapshot;
      return { status, output: undefined, error: undefined, value, context } as unknown as Snapshot<unknown>;
    },
  };
  return logic;
}

const asSnapshot = (snapshot: ChartSnapshot) => snapshot as unknown as Snapshot<unknown>;

function collectLeaves(node: Node, leaves: Map<Node, Leaf>): void {
  const unsupported = node.always?.length ? 'always' : node.after.length ? 'after' : undefined;
  if (unsupported || node.type === 'parallel' || node.type === 'history')
    throw refusal(node, unsupported ?? `a ${node.type} state`);
  if (node.type === 'compound') {
    for (const child of Object.values(node.states)) collectLeaves(child, leaves);
    return;
  }
  const done = node.type === 'final' && node.parent === node.machine.root;
  leaves.set(node, { value: stateValueOf(node.path), status: done ? 'done' : 'active', steps: new Map() });
}

/** Inner states answer before outer ones, as in the machine. */
function tabulate(machine: AnyStateMachine, leaf: Node, row: Leaf, leaves: Map<Node, Leaf>): void {
  for (const node of pathTo(leaf, undefined).reverse()) {
    for (const [type, transitions] of node.transitions) {
      if (type.includes('*')) throw refusal(node, `the wildcard "${type}"`);
      const steps = transitions.map((transition) => {
        const target = transition.target?.[0];
        const guard = transition.guard === undefined ? undefined : guardOf(machine, transition.guard);
        const effects = effectsOf(machine, transition.actions);
        if (!target) return { guard, effects, target: undefined, stops: [], starts: [] };
        const domain = domainOf(node, target, transition.reenter);
        const exits = pathTo(leaf, domain).reverse();
        const entries = pathTo(descend(target), domain);
        return {
          guard,
          effects: [
            ...exits.flatMap((each) => effectsOf(machine, each.exit)),
            ...effects,
            ...entries.flatMap((each) => effectsOf(machine, each.entry)),
          ],
          target: leafOf(leaves, descend(target)),
          stops: exits.flatMap((each) => invocationsOf(machine, each).map(({ id }) => id)),
          starts: entries.flatMap((each) => invocationsOf(machine, each)),
        };
      });
      row.steps.set(type, [...(row.steps.get(type) ?? []), ...steps]);
    }
  }
}

/** The innermost state that a transition neither leaves nor enters. */
function domainOf(source: Node, target: Node, reenter: boolean): Node | undefined {
  if (!reenter && (target === source || isBelow(target, source))) return source;
  for (let node = source.parent; node; node = node.parent) if (isBelow(target, node)) return node;
  return undefined;
}

const isBelow = (node: Node, ancestor: Node): boolean =>
  node.parent !== undefined && (node.parent === ancestor || isBelow(node.parent, ancestor));

/** From the state below `top` down to `node`; the whole path when `top` is undefined. */
function pathTo(node: Node, top: Node | undefined): Node[] {
  const path: Node[] = [];
  for (let each: Node | undefined = node; each && each !== top; each = each.parent) path.unshift(each);
  return path;
}

function descend(node: Node): Node {
  const target = node.type === 'compound' ? node.initial.target[0] : undefined;
  return target ? descend(target as Node) : node;
}

function stateValueOf(path: readonly string[]): StateValue {
  const [head = '', ...rest] = path;
  return rest.length === 0 ? head : { [head]: stateValueOf(rest) };
}

function leafOf(leaves: Map<Node, Leaf>, node: Node): Leaf {
  const leaf = leaves.get(node);
  if (!leaf) throw refusal(node, 'a target that is not a state of its own');
  return leaf;
}

function effectsOf(machine: AnyStateMachine, actions: readonly unknown[]): Effect[] {
  return actions.map((action) => {
    const name = typeof action === 'string' ? action : ((action as { type?: string }).type ?? '');
    const effect = typeof action === 'function' ? action : machine.implementations.actions[name];
    // Built-in actions are functions that XState resolves before it runs them.
    if (typeof effect !== 'function' || 'resolve' in effect)
      throw refusal(machine.root, `the action "${name}"`);
    return effect as Effect;
  });
}

function guardOf(machine: AnyStateMachine, guard: unknown): Guard {
  const name = typeof guard === 'string' ? guard : ((guard as { type?: string }).type ?? '');
  const found = typeof guard === 'function' ? guard : machine.implementations.guards[name];
  if (typeof found !== 'function' || 'check' in found) throw refusal(machine.root, `the guard "${name}"`);
  return found as Guard;
}

function invocationsOf(machine: AnyStateMachine, node: Node): Invocation[] {
  return node.invoke.flatMap(({ id, src, input }) => {
    const logic = machine.implementations.actors[src as string] as AnyActorLogic | undefined;
    if (!logic) throw refusal(node, `the actor "${String(src)}"`);
    return logic === absentActor ? [] : [{ id, src: src as string, logic, input }];
  });
}

function contextOf(machine: AnyStateMachine, scope: Scope, input: unknown): object {
  const { context } = machine.config;
  return typeof context === 'function'
    ? context({ input, self: scope.self, spawn: refuseSpawn })
    : (context ?? {});
}

function refuseSpawn(): never {
  throw new Error('A compiled chart invokes its actors; it cannot spawn them while it makes its context.');
}

function start(
  invocations: readonly Invocation[],
  children: Readonly<Record<string, AnyActorRef>>,
  context: object,
  event: EventObject,
  scope: Scope,
  stored?: StoredChart['children'],
): Record<string, AnyActorRef> {
  if (invocations.length === 0) return children;
  const next = { ...children };
  for (const { id, src, logic, input } of invocations) {
    const resolved = typeof input === 'function' ? input({ context, event, self: scope.self }) : input;
    const snapshot = stored?.[id]?.snapshot;
    const ref = createActor(logic, {
      id,
      src,
      parent: scope.self,
      input: resolved,
      ...(snapshot && { snapshot }),
    });
    next[id] = ref;
    scope.defer(() => ref.start());
  }
  return next;
}

function stop(
  ids: readonly string[],
  children: Readonly<Record<string, AnyActorRef>>,
  scope: Scope,
): Readonly<Record<string, AnyActorRef>> {
  const stopping = ids.filter((id) => children[id]);
  if (stopping.length === 0) return children;
  for (const id of stopping) {
    const ref = children[id];
    // After the effects of the step, as a machine does it.
    if (ref) scope.defer(() => scope.stopChild(ref));
  }
  return without(children, stopping);
}

/** Built anew: an object that had a property deleted, or a rest taken of it, is many times slower from then on. */
function without(
  children: Readonly<Record<string, AnyActorRef>>,
  ids: readonly string[],
): Readonly<Record<string, AnyActorRef>> {
  const kept = Object.entries(children).filter(([id]) => !ids.includes(id));
  return kept.length === 0 ? NO_CHILDREN : Object.fromEntries(kept);
}

/** XState keeps children that have ended; a compiled chart forgets them. */
function forgetEnded(children: Readonly<Record<string, AnyActorRef>>, event: EventObject) {
  if (!event.type.startsWith('xstate.done.actor.') && !event.type.startsWith('xstate.error.actor.'))
    return children;
  const { actorId } = event as EventObject & { actorId: string };
  return Object.hasOwn(children, actorId) ? without(children, [actorId]) : children;
}

function stopped(snapshot: ChartSnapshot, scope: Scope): ChartSnapshot {
  const children = stop(Object.keys(snapshot.children), snapshot.children, scope);
  return new ChartSnapshot(snapshot.value, snapshot.context, children, 'stopped');
}

function refusal(node: Node, what: string): Error {
  return new Error(`Cannot compile "${node.id}": ${what} is not supported in a compiled chart.`);
}
