import fc from 'fast-check';
import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { describe } from '../../check.ts';
import type { VerificationProgress } from '../report.ts';
import { Chart, matches } from './chart.ts';
import {
  checkActors,
  checkCast,
  checkEvents,
  checkNumber,
  checkOptions,
  checkSeed,
  checkTerminate,
  unprovidedActors,
} from './option-checks.ts';
import type { ActorModel, Source, VerifyMachineOptions } from './options.ts';
import { isMachine, type Prepared, prepare } from './prepare.ts';
import type { Outcomes, Vocabulary } from './samples.ts';
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
  readonly traceFolder: string | false | undefined;
  readonly onProgress: ((progress: VerificationProgress) => void) | undefined;
}

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
  const seed = checkSeed(options.seed ?? randomSeed());
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
    events: eventsFor(chart, { ...schemas.events, ...options.events }, options.terminate ?? [], seed),
    read: new Map(),
    actors: new Map(
      prepared.standIns.map((name) => [name, outcomesOf(name, models.given.get(name) ?? {}, seed)]),
    ),
    input: input === undefined ? undefined : arbitraryOf(input, 'options.input', seed),
    delays: chart.delays,
    saves: subject.restore !== undefined,
    terminate: options.terminate,
    older: migrate?.from.length ?? 0,
  };
  checkEvents(chart, vocabulary, options);
  checkTerminate(chart, options.terminate);
  checkStart(subject, vocabulary, seed);
  return {
    subject,
    prepared,
    vocabulary,
    terminate: options.terminate,
    runs: checkNumber(options.runs ?? RUNS, 'options.runs', 1),
    steps: checkNumber(options.steps ?? STEPS, 'options.steps', 1),
    seed,
    path: options.path === '' ? undefined : options.path,
    regressions: options.regressions,
    traceFolder: options.traceFolder,
    onProgress: options.onProgress,
  };
}

const JSON_CODEC = {
  write: (snapshot: unknown) => JSON.stringify(snapshot),
  read: (written: unknown) => JSON.parse(written as string) as unknown,
};

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
  terminate: readonly string[],
  seed: number,
): Map<string, fc.Arbitrary<object> | undefined> {
  const events = new Map<string, fc.Arbitrary<object> | undefined>();
  const types = [...Object.keys(given), ...terminate];
  for (const type of terminate) events.set(type, undefined);
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

function outcomesOf(name: string, model: ActorModel, seed: number): Outcomes {
  const at = `options.actors[${JSON.stringify(name)}]`;
  return Object.fromEntries(
    Object.entries(model).map(([key, source]) => [key, arbitraryOf(source, `${at}.${key}`, seed)]),
  );
}

function randomSeed(): number {
  return Math.floor(Math.random() * 0x7fffffff);
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
