/** A machine at hand tells more than its definition: names of functions, and where history leads first. */
import { type AnyStateMachine, StateMachine, type StateNode } from 'xstate';
import { INLINE, nameOf } from './words.ts';

/** What a chart is read from: of the shape of `machine.definition`, so that both are read the same way. */
export interface StateDescription {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly initial: { readonly target: readonly string[]; readonly actions: readonly string[] } | undefined;
  readonly history: 'shallow' | 'deep' | boolean | undefined;
  readonly target: readonly string[] | undefined;
  readonly states: Readonly<Record<string, StateDescription>>;
  readonly on: Readonly<Record<string, readonly TransitionDescription[]>>;
  readonly always: readonly TransitionDescription[];
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly invoke: readonly { readonly id: string; readonly src: unknown }[];
  readonly tags: readonly string[];
  readonly description: string | undefined;
}

interface TransitionDescription {
  readonly target: readonly string[] | undefined;
  readonly guard: string | undefined;
  readonly actions: readonly string[];
  readonly delay: number | string | undefined;
  readonly reenter: boolean;
  readonly description: string | undefined;
}

/** The part of XState's `TransitionDefinition` that is drawn; its own type depends on the machine's. */
interface Transition {
  readonly target?: readonly StateNode[] | undefined;
  readonly guard?: unknown;
  readonly actions: readonly unknown[];
  readonly delay?: number | string;
  readonly reenter?: boolean;
  readonly description?: string;
}

/** By its parts, not its class: there may be two copies of XState. */
export function isMachine(source: unknown): source is AnyStateMachine {
  if (source instanceof StateMachine) return true;
  const { root, getStateNodeById } = (source ?? {}) as Partial<AnyStateMachine>;
  return typeof root === 'object' && typeof getStateNodeById === 'function';
}

export function describeMachine({ root }: AnyStateMachine): StateDescription {
  return describe(root);
}

function describe(node: StateNode): StateDescription {
  const states = Object.entries(node.states).map(
    ([key, child]) => [key, describe(child as StateNode)] as const,
  );
  const on = [...node.transitions].map(
    ([type, transitions]) =>
      [type, (transitions as unknown as Transition[]).map(describeTransition)] as const,
  );
  return {
    id: node.id,
    key: node.key,
    type: node.type,
    initial:
      node.type === 'compound'
        ? {
            target: referTo(node.initial.target as StateNode[]) ?? [],
            actions: node.initial.actions.map(actionName),
          }
        : undefined,
    history: node.history,
    target: node.type === 'history' ? defaultsOf(node) : undefined,
    states: Object.fromEntries(states),
    on: Object.fromEntries(on),
    always: ((node.always ?? []) as unknown as Transition[]).map(describeTransition),
    entry: node.entry.map(actionName),
    exit: node.exit.map(actionName),
    invoke: node.invoke.map(({ id, src }) => ({ id, src })),
    tags: [...node.tags],
    description: node.description,
  };
}

function describeTransition(transition: Transition): TransitionDescription {
  return {
    target: referTo(transition.target),
    guard: transition.guard === undefined ? undefined : guardName(transition.guard),
    actions: transition.actions.map(actionName),
    delay: transition.delay,
    reenter: transition.reenter === true,
    description: transition.description,
  };
}

function referTo(nodes: readonly StateNode[] | undefined): string[] | undefined {
  return nodes?.map(({ id }) => `#${id}`);
}

/** The keys of `target` are relative to the parent, as XState resolves them. */
function defaultsOf({ config, parent }: StateNode): string[] | undefined {
  const { target } = config as { target?: unknown };
  if (typeof target !== 'string' || !parent) return undefined;
  if (target.startsWith('#')) return [target];
  let node: StateNode | undefined = parent;
  for (const key of target.split('.')) node = node?.states[key] as StateNode | undefined;
  return node && [`#${node.id}`];
}

/** XState's own makers, `assign` and its like, give functions with a `type`. */
function actionName(action: unknown): string {
  if (typeof action !== 'function') return nameOf(action);
  const { type, name } = action as { type?: unknown; name: string };
  return nameOf(type ?? ownName(name, 'actions'));
}

function guardName(guard: unknown): string {
  if (typeof guard !== 'function') return nameOf(guard);
  const { guards, name } = guard as unknown as { guards?: readonly unknown[]; name: string };
  if (!Array.isArray(guards)) return ownName(name, 'guard');
  const names = guards.map((each: unknown) => {
    const isNested = typeof each === 'function' && Array.isArray((each as { guards?: unknown }).guards);
    return isNested && !(each as { name: string }).name.startsWith('not')
      ? `(${guardName(each)})`
      : guardName(each);
  });
  if (name.startsWith('not')) return `not ${names.join('')}`;
  return names.join(name.startsWith('or') ? ' or ' : ' and ');
}

/** A function written in place is named after the property that it was written to. */
function ownName(name: string, property: string): string {
  return name === '' || name === property ? INLINE : name;
}
