import fc from 'fast-check';
import type { AnyActorLogic, AnyMachineSnapshot, AnyStateMachine, StateNode } from 'xstate';
import { describe } from '../../check.ts';
import type { VerificationProgress } from '../report.ts';
import { Chart } from './chart.ts';
import type { ActorModel, Source, VerifyMachineOptions } from './options.ts';
import { isLogic, isMachine, type Prepared, prepare } from './prepare.ts';
import type { Vocabulary } from './samples.ts';
import { arbitraryOf, isSchema } from './schema.ts';
import { UnprovidedActor } from './stand-in.ts';
import type { Subject } from './subject.ts';
import { World } from './world.ts';

const RUNS = 200;
const STEPS = 30;

/** A verification that has been asked for, checked and ready to begin. */
export interface Plan {
  readonly subject: Subject;
  readonly prepared: Prepared;
  readonly vocabulary: Vocabulary;
  readonly terminate: readonly string[] | undefined;
  readonly runs: number;
  readonly steps: number;
  readonly seed: number;
  readonly path: string | undefined;
  readonly regressions: string | undefined;
  readonly traceFile: string | undefined;
  readonly onProgress: ((progress: VerificationProgress) => void) | undefined;
}

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
  traceFile: true,
  onProgress: true,
};

/** Throws a `TypeError` for whatever cannot be verified: what was expected, what came, what to do. */
export function planFor(machine: AnyStateMachine, options: VerifyMachineOptions = {}): Plan {
  if (!isMachine(machine))
    throw new TypeError(
      `verifyMachine takes a machine of XState v5, as createMachine or setup(…).createMachine gives it; ` +
        `received ${describe(machine)}.`,
    );
  checkOptions(options);
  const models = checkActors(options.actors ?? {});
  const prepared = prepare(machine, models.casting);
  checkCast(machine, prepared, models);
  const chart = new Chart(prepared.machine);
  const seed = checkNumber(options.seed ?? randomSeed(), 'options.seed', Number.MIN_SAFE_INTEGER) | 0;
  const { restore = 'armed', codec, migrate } = options;
  const subject: Subject = {
    name: options.name ?? machine.id,
    machine: prepared.machine,
    chart,
    invariants: Object.entries(options.invariants ?? {}) as Array<
      [string, (s: AnyMachineSnapshot) => boolean]
    >,
    restore: restore === false ? undefined : { timers: restore === 'armed', ...(codec ?? JSON_CODEC) },
    migration: migrate,
    volatile: (options.volatile ?? []).map((path) => path.split('.')),
  };
  const schemas = schemasOf(machine);
  const input = options.input ?? schemas.input;
  const vocabulary: Vocabulary = {
    events: eventsFor(chart, { ...schemas.events, ...options.events }, seed),
    read: new Map(),
    actors: new Map(prepared.standIns.map((name) => [name, models.given.get(name) ?? {}])),
    input: input === undefined ? undefined : arbitraryOf(input, 'options.input', seed),
    delays: chart.delays,
    saves: subject.restore !== undefined,
    terminate: options.terminate,
    older: migrate?.from.length ?? 0,
  };
  checkEvents(chart, vocabulary, options);
  checkStart(subject, vocabulary, seed);
  return {
    subject,
    prepared,
    vocabulary,
    terminate: checkTerminate(chart, vocabulary, options.terminate),
    runs: checkNumber(options.runs ?? RUNS, 'options.runs', 1),
    steps: checkNumber(options.steps ?? STEPS, 'options.steps', 1),
    seed,
    path: options.path === '' ? undefined : options.path,
    regressions: options.regressions,
    traceFile: options.traceFile,
    onProgress: options.onProgress,
  };
}

const JSON_CODEC = {
  write: (snapshot: unknown) => JSON.stringify(snapshot),
  read: (written: unknown) => JSON.parse(written as string) as unknown,
};

function checkOptions(options: VerifyMachineOptions): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new TypeError(`options must be an object; received ${describe(options)}.`);
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(OPTIONS, key));
  if (unknown !== undefined)
    throw new TypeError(
      `options has no ${JSON.stringify(unknown)}; it knows ${Object.keys(OPTIONS).join(', ')}.`,
    );
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
  for (const key of ['name', 'path', 'regressions', 'traceFile'] as const)
    if (options[key] !== undefined && typeof options[key] !== 'string')
      throw new TypeError(`options.${key} must be a string; received ${describe(options[key])}.`);
  for (const key of ['volatile', 'terminate'] as const) {
    const list: unknown = options[key];
    if (list !== undefined && !(Array.isArray(list) && list.every((each) => typeof each === 'string')))
      throw new TypeError(`options.${key} must be a list of strings; received ${describe(list)}.`);
  }
}

function checkNumber(value: unknown, at: string, min: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return value;
  const range = min > 0 ? ` of ${min} or more` : '';
  throw new TypeError(`${at} must be an integer${range}; received ${describe(value)}.`);
}

interface Models {
  readonly given: ReadonlyMap<string, ActorModel>;
  readonly casting: ReadonlyMap<string, AnyActorLogic | undefined>;
}

const MODEL_KEYS = ['output', 'error', 'sends', 'values'] as const;
const MODEL = '{ output?, error?, sends?, values? }, each an arbitrary of fast-check';

function checkActors(actors: Readonly<Record<string, ActorModel | AnyActorLogic>>): Models {
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
      if (!MODEL_KEYS.some((known) => known === key) || !isArbitrary(arbitrary))
        throw new TypeError(
          `${at} must be ${MODEL}; received ${describe(arbitrary)} as ${JSON.stringify(key)}.`,
        );
    given.set(name, model as ActorModel);
    casting.set(name, undefined);
  }
  return { given, casting };
}

function checkCast(machine: AnyStateMachine, { missing, known }: Prepared, { casting }: Models): void {
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

export function isArbitrary(value: unknown): value is fc.Arbitrary<unknown> {
  return (
    typeof value === 'object' && value !== null && ['generate', 'shrink', 'map'].every((key) => key in value)
  );
}

/** XState keeps what `setup({ schemas })` was given as it is: of use where it is a Standard Schema. */
function schemasOf({ schemas }: AnyStateMachine): {
  input?: Source<unknown>;
  events: Record<string, Source<object>>;
} {
  const { input, events } = (schemas ?? {}) as { input?: unknown; events?: unknown };
  const byType =
    typeof events === 'object' && events !== null && !isSchema(events) ? Object.entries(events) : [];
  return {
    ...(isSchema(input) && { input }),
    events: Object.fromEntries(byType.filter(([, each]) => isSchema(each))) as Record<string, Source<object>>,
  };
}

function eventsFor(
  chart: Chart,
  given: Readonly<Record<string, Source<object>>>,
  seed: number,
): Map<string, fc.Arbitrary<object> | undefined> {
  const events = new Map<string, fc.Arbitrary<object> | undefined>();
  const types = Object.keys(given);
  for (const descriptor of chart.descriptors) {
    if (!descriptor.endsWith('*')) events.set(descriptor, undefined);
    else if (!types.some((type) => matches(type, descriptor)))
      events.set(descriptor === '*' ? 'anything' : descriptor.replace(/\*$/, 'anything'), undefined);
  }
  for (const [type, source] of Object.entries(given))
    events.set(
      type,
      arbitraryOf(source, `options.events[${JSON.stringify(type)}]`, seed) as fc.Arbitrary<object>,
    );
  return new Map([...events].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function matches(type: string, descriptor: string): boolean {
  return (
    descriptor === '*' ||
    type === descriptor ||
    (descriptor.endsWith('.*') && type.startsWith(descriptor.slice(0, -1)))
  );
}

function checkEvents(chart: Chart, vocabulary: Vocabulary, { events = {} }: VerifyMachineOptions): void {
  const known = chart.descriptors;
  for (const type of Object.keys(events))
    if (!known.some((descriptor) => matches(type, descriptor)))
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

function checkTerminate(
  chart: Chart,
  { events }: Vocabulary,
  terminate: readonly string[] | undefined,
): readonly string[] | undefined {
  if (terminate === undefined) return undefined;
  const stranger = terminate.find((type) => !events.has(type));
  if (stranger !== undefined)
    throw new TypeError(
      `options.terminate names ${JSON.stringify(stranger)}, which no state handles; ` +
        `the machine's events are ${[...events.keys()].join(', ') || 'none'}.`,
    );
  if (!chart.canEnd)
    throw new TypeError(
      'options.terminate says how the machine is ended, but it has no final state at its top level. ' +
        "Give it one (type: 'final'), or leave `terminate` out.",
    );
  return terminate;
}

/** A machine that reads an input which nobody gave fails at once, through no fault of its own. */
function checkStart(subject: Subject, { input }: Vocabulary, seed: number): void {
  if (input !== undefined) {
    fc.sample(input, { seed, numRuns: 1 });
    return;
  }
  let world: World;
  try {
    world = new World(subject, {});
  } catch (error) {
    if (error instanceof UnprovidedActor) throw unprovidedActors(subject.machine, [error.actor]);
    throw error;
  }
  const { trouble } = world;
  if (trouble?.kind === 'threw' && typeof subject.machine.config.context === 'function')
    throw new TypeError(
      `"${subject.name}" cannot start without an input: ${String(trouble.error)}. ` +
        'Give options.input, an arbitrary of fast-check or a Standard Schema.',
    );
}

function randomSeed(): number {
  return Math.floor(Math.random() * 0x7fffffff);
}
