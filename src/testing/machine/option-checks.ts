/** What can be wrong with the options, each with what was expected, what came and what to do. */

import type { AnyActorLogic, AnyStateMachine, StateNode } from 'xstate';
import { describe } from '../../check.ts';
import { checkPath } from '../paths.ts';
import type { Chart } from './chart.ts';
import type { ActorModel, VerifyMachineOptions } from './options.ts';
import { isLogic, isMachine, type Prepared } from './prepare.ts';
import type { Vocabulary } from './samples.ts';
import { isArbitrary, isSchema } from './schema.ts';

const OPTIONS: Readonly<Record<keyof VerifyMachineOptions, true>> = {
  name: true,
  events: true,
  actors: true,
  input: true,
  terminate: true,
  invariants: true,
  restore: true,
  codec: true,
  migrate: true,
  volatile: true,
  runs: true,
  steps: true,
  seed: true,
  path: true,
  regressions: true,
  traceFolder: true,
  onProgress: true,
};

export function checkOptions(options: VerifyMachineOptions): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new TypeError(`options must be an object; received ${describe(options)}.`);
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(OPTIONS, key));
  if (unknown !== undefined)
    throw new TypeError(
      `options has no ${JSON.stringify(unknown)}; it knows ${Object.keys(OPTIONS).join(', ')}.`,
    );
  for (const key of ['events', 'actors', 'invariants'] as const) {
    const given: unknown = options[key];
    if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given)))
      throw new TypeError(`options.${key} must be an object, by name; received ${describe(given)}.`);
  }
  for (const [name, holds] of Object.entries(options.invariants ?? {}))
    if (typeof holds !== 'function')
      throw new TypeError(
        `options.invariants[${JSON.stringify(name)}] must be a function (snapshot) => boolean; ` +
          `received ${describe(holds)}.`,
      );
  const { restore, codec, migrate, onProgress } = options;
  if (restore !== undefined && restore !== 'armed' && restore !== 'plain' && restore !== false)
    throw new TypeError(`options.restore must be 'armed', 'plain' or false; received ${describe(restore)}.`);
  if (codec !== undefined && (typeof codec?.write !== 'function' || typeof codec.read !== 'function'))
    throw new TypeError(
      `options.codec must be { write, read }, both functions; received ${describe(codec)}.`,
    );
  if (migrate !== undefined && (!Array.isArray(migrate?.from) || typeof migrate.migrate !== 'function'))
    throw new TypeError(
      `options.migrate must be { from, migrate }: a list of stored snapshots, and a function that makes ` +
        `one of this version of each; received ${describe(migrate)}.`,
    );
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw new TypeError(`options.onProgress must be a function; received ${describe(onProgress)}.`);
  checkPath(options.path, options.seed);
  for (const key of ['name', 'regressions'] as const)
    if (options[key] !== undefined && typeof options[key] !== 'string')
      throw new TypeError(`options.${key} must be a string; received ${describe(options[key])}.`);
  const { traceFolder } = options;
  if (traceFolder !== undefined && traceFolder !== false && typeof traceFolder !== 'string')
    throw new TypeError(`options.traceFolder must be a string or false; received ${describe(traceFolder)}.`);
  for (const key of ['volatile', 'terminate'] as const) {
    const list: unknown = options[key];
    if (list !== undefined && !(Array.isArray(list) && list.every((each) => typeof each === 'string')))
      throw new TypeError(`options.${key} must be a list of strings; received ${describe(list)}.`);
  }
}

export function checkNumber(value: unknown, at: string, min: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value;
  const range = min > 0 ? ` of ${min} or more` : '';
  throw new TypeError(`${at} must be an integer${range}; received ${describe(value)}.`);
}

/** fast-check takes 32 bits; of a longer one it would cut the rest off without a word. */
export function checkSeed(seed: unknown): number {
  if (typeof seed === 'number' && (seed | 0) === seed) return seed;
  throw new TypeError(
    `options.seed must be an integer of 32 bits, as a failure prints it; received ${describe(seed)}.`,
  );
}

export interface Models {
  readonly given: ReadonlyMap<string, ActorModel>;
  readonly casting: ReadonlyMap<string, AnyActorLogic | undefined>;
}

const MODEL_KEYS = ['output', 'error', 'sends', 'values'] as const;
const MODEL = '{ output?, error?, sends?, values? }, each an arbitrary of fast-check or a Standard Schema';

export function checkActors(actors: Readonly<Record<string, ActorModel | AnyActorLogic>>): Models {
  const given = new Map<string, ActorModel>();
  const casting = new Map<string, AnyActorLogic | undefined>();
  for (const [name, model] of Object.entries(actors)) {
    const at = `options.actors[${JSON.stringify(name)}]`;
    if (isLogic(model)) {
      if (!isMachine(model) && model.start !== undefined)
        throw new TypeError(
          `${at} must be logic that can be run again step by step (a machine, fromTransition), or ${MODEL}; ` +
            'received logic that acts by itself.',
        );
      casting.set(name, model);
      continue;
    }
    if (typeof model !== 'object' || model === null)
      throw new TypeError(`${at} must be ${MODEL}, or logic to run instead; received ${describe(model)}.`);
    for (const [key, arbitrary] of Object.entries(model))
      if (!MODEL_KEYS.some((known) => known === key) || !(isArbitrary(arbitrary) || isSchema(arbitrary)))
        throw new TypeError(
          `${at} must be ${MODEL}; received ${describe(arbitrary)} as ${JSON.stringify(key)}.`,
        );
    given.set(name, model as ActorModel);
    casting.set(name, undefined);
  }
  return { given, casting };
}

export function checkCast(machine: AnyStateMachine, { missing, known }: Prepared, { casting }: Models): void {
  if (missing.length > 0) throw unprovidedActors(machine, missing);
  const stranger = [...casting.keys()].find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new TypeError(
      `options.actors names ${JSON.stringify(stranger)}, which "${machine.id}" does not run; ` +
        `it runs ${known.join(', ') || 'no actors'}.`,
    );
}

/** The error for actors that would act by themselves, with what to write. */
export function unprovidedActors(machine: AnyStateMachine, names: readonly string[]): TypeError {
  const examples = names.map(
    (name) => `${JSON.stringify(name)}: { output: fc.constant(…), error: fc.constant(…) }`,
  );
  return new TypeError(
    `"${machine.id}" runs ${names.join(', ')}, which would act by itself (a promise, a callback, an observable or ` +
      'nothing at all), so that no run could be made a second time. Say in options.actors what it may do: ' +
      `actors: { ${examples.join(', ')} }, or {} for one that never settles. ` +
      'One that is spawned by value has to get a name in setup({ actors }) first.',
  );
}

export function checkEvents(
  chart: Chart,
  vocabulary: Vocabulary,
  { events = {} }: VerifyMachineOptions,
): void {
  const known = chart.descriptors;
  for (const type of Object.keys(events))
    if (!chart.handles(type))
      throw new TypeError(
        `options.events names ${JSON.stringify(type)}, which no state handles; ` +
          `the machine's events are ${known.join(', ') || 'none'}.`,
      );
  if (vocabulary.events.size === 0 && !chart.hasDelays && vocabulary.actors.size === 0 && !hasSteps(chart))
    throw new TypeError(
      'The machine cannot be explored: no state of it has an event (`on`), a delay (`after`) or an actor (`invoke`), ' +
        'so that nothing ever happens to it. Give it one, or verify another machine.',
    );
}

/** A machine that moves by itself from its start has something to show. */
function hasSteps({ states }: Chart): boolean {
  return [...states.keys()].some((node: StateNode) => node.always !== undefined || node.invoke.length > 0);
}

export function checkTerminate(chart: Chart, terminate: readonly string[] | undefined): void {
  if (terminate === undefined) return;
  const stranger = terminate.find((type) => !chart.handles(type));
  if (stranger !== undefined)
    throw new TypeError(
      `options.terminate names ${JSON.stringify(stranger)}, which no state handles; ` +
        `the machine's events are ${chart.descriptors.join(', ') || 'none'}.`,
    );
  if (terminate.length === 0)
    throw new TypeError(
      'options.terminate must name an event at least; leave it out where nothing ends the machine.',
    );
  if (!chart.canEnd)
    throw new TypeError(
      'options.terminate says how the machine is ended, but it has no final state at its top level. ' +
        "Give it one (type: 'final'), or leave `terminate` out.",
    );
}
