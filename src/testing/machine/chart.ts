import type { AnyStateMachine, StateNode, TransitionDefinition } from 'xstate';

type Transition = Pick<
  TransitionDefinition<never, never>,
  'eventType' | 'guard' | 'target' | 'source' | 'actions'
>;

/** The states and transitions of a machine by the names that reports use: `idle → active on OPEN if isReady`. */
export class Chart {
  readonly states: ReadonlyMap<StateNode, string>;
  /** By identity: what XState says that it took is one of these. */
  readonly transitions: ReadonlyMap<object, string>;
  readonly #machine: AnyStateMachine;

  constructor(machine: AnyStateMachine) {
    this.#machine = machine;
    const nodes = nodesOf(machine.root).filter(({ type }) => type !== 'history');
    this.states = new Map(nodes.map((node) => [node, this.nameOf(node)]));
    this.transitions = this.#nameTransitions(nodes);
  }

  nameOf(node: StateNode): string {
    return node.parent ? node.path.join('.') : this.#machine.id;
  }

  /** Numeric delays of `after`, sorted. */
  get delays(): number[] {
    const all = [...this.states.keys()].flatMap(({ after }) => after.map(({ delay }) => delay));
    return [...new Set(all.filter((delay) => typeof delay === 'number'))].sort((a, b) => a - b);
  }

  get hasDelays(): boolean {
    return [...this.states.keys()].some(({ after }) => after.length > 0);
  }

  /** Event descriptors of `on` anywhere, wildcards among them; not what XState itself sends. */
  get descriptors(): string[] {
    const all = [...this.states.keys()].flatMap((node) => [...node.transitions.keys()]);
    return [...new Set(all)].filter((type) => !type.startsWith('xstate.')).sort();
  }

  /** Whether any state has a transition for it, be it by a wildcard. */
  handles(type: string): boolean {
    return this.descriptors.some((descriptor) => matches(type, descriptor));
  }

  /** Actions by name that have no implementation, which XState skips without a word. */
  get unknownActions(): string[] {
    const known = this.#machine.implementations.actions;
    const all = [...this.states.keys()].flatMap(({ entry, exit }) => [...entry, ...exit]);
    const taken = [...this.transitions.keys()].flatMap(
      (each) => (each as Transition).actions as readonly unknown[],
    );
    const names = [...all, ...taken].map((action: unknown) =>
      typeof action === 'string' ? action : isNamed(action) ? action.type : undefined,
    );
    return [...new Set(names)]
      .filter((name) => name !== undefined && !Object.hasOwn(known, name))
      .sort() as string[];
  }

  /** Delays by name that have no implementation, which XState takes for none at all. */
  get unknownDelays(): string[] {
    const known = this.#machine.implementations.delays;
    const named = [...this.states.keys()].flatMap(({ after }) => after.map(({ delay }) => delay));
    const names = named.filter((delay) => typeof delay === 'string' && !Object.hasOwn(known, delay));
    return [...new Set(names as string[])].sort();
  }

  /** Whether the machine as a whole can be over. */
  get canEnd(): boolean {
    return endsIn(this.#machine.root);
  }

  #nameTransitions(nodes: readonly StateNode[]): Map<object, string> {
    const named = new Map<object, string>();
    const taken = new Map<string, number>();
    for (const node of nodes) {
      const own = [
        ...[...node.transitions.values()].flat(),
        ...(node.always ?? []),
      ] as unknown as Transition[];
      for (const transition of own) {
        // `on: { EVENT: undefined }` forbids: there is nothing to take.
        if (!transition.target && transition.actions.length === 0) continue;
        const name = this.#nameTransition(node, transition);
        const times = (taken.get(name) ?? 0) + 1;
        taken.set(name, times);
        named.set(transition, times === 1 ? name : `${name} (${times})`);
      }
    }
    return named;
  }

  #nameTransition(source: StateNode, { eventType, guard, target }: Transition): string {
    const to = (target as StateNode[] | undefined)?.map((each) => this.nameOf(each)).join(' and ');
    const from = this.nameOf(source);
    const cause = causeInWords(eventType as string, source);
    const condition = guard === undefined ? '' : ` if ${guardName(guard)}`;
    return `${from}${to === undefined ? '' : ` → ${to}`} ${cause}${condition}`;
  }
}

/** As XState reads descriptors: `*` is any type, `mouse.*` is `mouse` and whatever begins with `mouse.`. */
export function matches(type: string, descriptor: string): boolean {
  if (descriptor === '*' || descriptor === type) return true;
  return descriptor.endsWith('.*') && `${type}.`.startsWith(descriptor.slice(0, -1));
}

/** `on OPEN`, `after 250 ms`, `always`, `when load is done`. */
export function causeInWords(eventType: string, source?: StateNode): string {
  if (eventType === '') return 'always';
  if (eventType.startsWith('xstate.after.')) {
    const delay = source?.after.find((each) => each.eventType === eventType)?.delay;
    if (typeof delay === 'number') return `after ${delay} ms`;
    return `after ${delay ?? eventType.slice('xstate.after.'.length)}`;
  }
  const [prefix, words] = CAUSES.find(([start]) => eventType.startsWith(start)) ?? [];
  if (prefix === undefined || words === undefined) return `on ${eventType}`;
  return words(actorName(eventType.slice(prefix.length), source));
}

/** An id that XState has made up, as `0.order.paying`, says less than the name of the logic. */
function actorName(id: string, source: StateNode | undefined): string {
  const src = source?.invoke.find((each, index) => each.id === id && id === `${index}.${source.id}`)?.src;
  return typeof src !== 'string' || src.startsWith('xstate.invoke.') ? id : src;
}

const CAUSES: ReadonlyArray<readonly [string, (id: string) => string]> = [
  ['xstate.done.actor.', (id) => `when ${id} is done`],
  ['xstate.error.actor.', (id) => `when ${id} fails`],
  ['xstate.snapshot.', (id) => `on a value of ${id}`],
  ['xstate.done.state.', () => 'when it is done'],
];

function guardName(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  const { type, name } = guard as { type?: string; name?: string };
  return type ?? (name === '' || name === 'guard' || name === undefined ? 'its guard' : name);
}

function nodesOf(node: StateNode): StateNode[] {
  return [node, ...Object.values(node.states).flatMap(nodesOf)];
}

/** As XState has it: a state below the root is final, or in every region of a parallel root one is. */
function endsIn(node: StateNode): boolean {
  const children = Object.values(node.states).filter(({ type }) => type !== 'history');
  if (node.type === 'parallel') return children.every(endsIn);
  return node.type === 'final' || children.some(({ type }) => type === 'final');
}

/** `{ type, params }`. What XState's own makers give, such as `assign`, is a function. */
function isNamed(action: unknown): action is { readonly type: string } {
  return (
    typeof action === 'object' && action !== null && typeof (action as { type?: unknown }).type === 'string'
  );
}
