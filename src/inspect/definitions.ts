import type { AnyActorLogic, AnyStateMachine } from 'xstate';
import { managerMachine } from '../../machines/manager.ts';
import { sessionMachine } from '../../machines/session.ts';
import type { JsonObject } from '../data.ts';
import { definitionOf } from '../testing/definition.ts';

/** Charts told apart: beyond them one is drawn under the name that it has, whatever else has it. */
const MAX_DEFINITIONS = 256;

/** The charts that were met, each under a name of its own: its id, and a number behind it where another has that id. */
export class Definitions {
  /** Copies of one machine, bound to other implementations, share its config. */
  readonly #names = new WeakMap<object, string>();
  readonly #texts = new Map<string, string>();
  readonly #known = new Map<string, JsonObject>();
  #all: Readonly<Record<string, JsonObject>> | undefined;

  /** With those of the engine itself, and of its agent. The first to come have their plain ids. */
  static of(agent: unknown): Definitions {
    const definitions = new Definitions();
    for (const logic of [managerMachine, sessionMachine, agent]) definitions.nameOf(logic);
    return definitions;
  }

  /** `undefined` for logic that is no machine. */
  nameOf(logic: unknown): string | undefined {
    const machine = machineOf(logic);
    if (!machine) return undefined;
    const config = machine.config as object;
    const known = this.#names.get(config);
    if (known !== undefined) return known;
    const name = this.#add(machine);
    this.#names.set(config, name);
    return name;
  }

  /** The same object as long as none was added. */
  all(): Readonly<Record<string, JsonObject>> {
    this.#all ??= Object.freeze(Object.fromEntries(this.#known));
    return this.#all;
  }

  get(name: string): JsonObject | undefined {
    return this.#known.get(name);
  }

  /** A machine that is made anew each time is still the same chart: what it looks like decides. */
  #add(machine: AnyStateMachine): string {
    const definition = describe(machine);
    const text = JSON.stringify(definition);
    let name = machine.id;
    for (let n = 2; this.#texts.get(name) !== text; n += 1) {
      if (!this.#texts.has(name)) {
        if (this.#known.size >= MAX_DEFINITIONS) return machine.id;
        this.#texts.set(name, text);
        this.#known.set(name, definition);
        this.#all = undefined;
        break;
      }
      name = `${machine.id} (${n})`;
    }
    return name;
  }
}

/** A compiled chart is drawn as the machine that it was compiled from. */
function machineOf(logic: unknown): AnyStateMachine | undefined {
  if (typeof logic !== 'object' || logic === null) return undefined;
  const { compiledFrom } = logic as { compiledFrom?: unknown };
  const machine = (compiledFrom ?? logic) as AnyActorLogic;
  return 'root' in machine && 'implementations' in machine ? (machine as AnyStateMachine) : undefined;
}

function describe(machine: AnyStateMachine): JsonObject {
  try {
    return definitionOf(machine);
  } catch {
    return { id: machine.id, key: machine.id, type: 'atomic', states: {} };
  }
}
