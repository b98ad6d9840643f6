import { type AnyActorLogic, type AnyStateMachine, createMachine, type StateNode } from 'xstate';
import { isStandIn, standInFor, unprovided } from './stand-in.ts';

/** Microsteps in one step of a machine that sets no limit of its own; XState's default is none. */
const MAX_MICROSTEPS = 1000;

export interface Prepared {
  /** The same chart, with every actor that would act by itself replaced by a stand-in. */
  readonly machine: AnyStateMachine;
  /** Names of the stand-ins, sorted. */
  readonly standIns: readonly string[];
  /** Invoked actors that would act by themselves and of which `actors` says nothing. */
  readonly missing: readonly string[];
  /** Every name that `actors` may have. */
  readonly known: readonly string[];
  /** The machine and those that it runs as actors. */
  readonly machines: readonly AnyStateMachine[];
}

/** What `actors` says of one: logic to run instead, or `undefined` to have a stand-in. */
export type Casting = ReadonlyMap<string, AnyActorLogic | undefined>;

export function isMachine(value: unknown): value is AnyStateMachine {
  return typeof value === 'object' && value !== null && '__xstatenode' in value && 'root' in value;
}

export function isLogic(value: unknown): value is AnyActorLogic {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { transition?: unknown }).transition === 'function' &&
    typeof (value as { getInitialSnapshot?: unknown }).getInitialSnapshot === 'function'
  );
}

/** Whether it does something when it starts: promises, callbacks and observables do, reducers do not. */
export function actsByItself(logic: unknown): boolean {
  return isLogic(logic) && !isMachine(logic) && !isStandIn(logic) && logic.start !== undefined;
}

/** Makes a machine that can be run a thousand times a second without a network. The one given stays as it is. */
export function prepare(machine: AnyStateMachine, casting: Casting): Prepared {
  const cast = new Cast(casting);
  const prepared = cast.machine(machine, '');
  return {
    machine: prepared,
    standIns: [...cast.standIns].sort(),
    missing: [...cast.missing].sort(),
    known: [...cast.known].sort(),
    machines: [...new Set(cast.machines)],
  };
}

class Cast {
  readonly standIns = new Set<string>();
  readonly missing = new Set<string>();
  readonly known = new Set<string>();
  readonly machines: AnyStateMachine[] = [];
  readonly #casting: Casting;
  readonly #done = new Map<AnyStateMachine, AnyStateMachine>();

  constructor(casting: Casting) {
    this.#casting = casting;
  }

  machine(machine: AnyStateMachine, at: string): AnyStateMachine {
    const done = this.#done.get(machine);
    if (done) return done;
    const invoked = new Set<string>();
    const config = this.#state(machine.root, invoked, machine, at);
    const names = new Set([...Object.keys(machine.implementations.actors), ...invoked]);
    const { implementations } = machine;
    const actors: Record<string, AnyActorLogic> = {};
    // Put in before its actors are looked at: a machine may name itself among them.
    const options = { ...machine.config.options };
    options.maxIterations ??= MAX_MICROSTEPS;
    const prepared = createMachine({ ...config, options }, { ...implementations, actors });
    this.#done.set(machine, prepared);
    this.machines.push(prepared);
    for (const name of names) {
      const logic = this.#logic(name, at, implementations.actors[name] as unknown, invoked.has(name));
      if (logic) prepared.implementations.actors[name] = logic as never;
    }
    return prepared;
  }

  /** The configuration of a state, in which actors that were given by value are replaced. */
  #state(
    node: StateNode,
    invoked: Set<string>,
    machine: AnyStateMachine,
    at: string,
  ): Record<string, unknown> {
    const config: Record<string, unknown> = { ...(node.config as object) };
    const invokes = node.config.invoke === undefined ? [] : [node.config.invoke].flat();
    if (invokes.length > 0)
      config.invoke = invokes.map((invoke: { src: unknown }, index: number) => {
        if (typeof invoke.src === 'string') {
          invoked.add(invoke.src);
          return invoke;
        }
        const id = node.invoke[index]?.id ?? '';
        return { ...invoke, src: this.#logic(id, at, invoke.src, true) ?? invoke.src };
      });
    if (node.config.states)
      config.states = Object.fromEntries(
        Object.entries(node.states).map(([key, child]) => [key, this.#state(child, invoked, machine, at)]),
      );
    return config;
  }

  #logic(name: string, at: string, logic: unknown, isInvoked: boolean): AnyActorLogic | undefined {
    const qualified = `${at}${name}`;
    this.known.add(qualified).add(name);
    const called = [qualified, name].find((each) => this.#casting.has(each));
    if (called !== undefined) {
      const instead = this.#casting.get(called);
      if (isMachine(instead)) return this.machine(instead, `${qualified}.`);
      if (instead) return instead;
      this.standIns.add(called);
      return standInFor(called);
    }
    if (isMachine(logic)) return this.machine(logic, `${qualified}.`);
    if (logic !== undefined && !actsByItself(logic)) return logic as AnyActorLogic;
    if (isInvoked) this.missing.add(qualified);
    return unprovided(qualified);
  }
}
