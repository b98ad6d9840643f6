/** What a caller of `verifyClient` may say, and what is made of it. */
import fc from 'fast-check';
import type { AnyActorLogic } from 'xstate';
import type { SessionManagerOptions } from '../../options.ts';
import { memoryStore } from '../../store/memory.ts';
import { checkPath } from '../paths.ts';
import type { VerificationProgress } from '../report.ts';
import type { MaybePromise } from './env.ts';
import type { Observation } from './own-invariants.ts';
import type { Settings } from './scenario.ts';
import type { AgentEvent, Subject } from './subject.ts';

export interface VerifyClientOptions {
  /** How failures, kept runs and traces call the client. Default `client`. */
  readonly name?: string;
  /** How many random runs. Default 100. */
  readonly runs?: number;
  /** The most steps of a run. Default 80; shorter runs are quicker, and find less. */
  readonly steps?: number;
  /** Gives the same runs again. Default: drawn, and told by the report and by a failure. */
  readonly seed?: number;
  /** With the seed, makes only the run that a failure named. */
  readonly path?: string;
  /** Your agent, in place of the runs' own, and what may be dispatched to it, by event type. */
  readonly agent?: {
    readonly logic: AnyActorLogic;
    readonly events: Readonly<Record<string, fc.Arbitrary<object>>>;
  };
  /** Your hooks. The run decides how long each is held up, and whether it fails before yours is called. */
  readonly hooks?: SessionManagerOptions['hooks'];
  /**
   * Makes an empty store for a run, which keeps at least so many facts for cursors. Default: `memoryStore`. The run
   * puts its faults and its crashes between the store and the client. A run opens it some thirty times, so that a
   * store with a thread or a network behind it takes seconds for each: `verifyStore` is the quicker way to prove one.
   */
  readonly createStore?: Subject['createStore'];
  /** What is the same in every run. Otherwise each run draws its own. */
  readonly pinned?: Pick<SessionManagerOptions, 'supervision' | 'timeouts' | 'sessionDefaults' | 'limits'>;
  /**
   * Yours, by name: `false`, or an error, breaks it. Asked after every turn of the event loop in which a process is
   * up and the sessions can be listed without waiting for the store; of sessions in every status.
   */
  readonly invariants?: Readonly<Record<string, (seen: Observation) => MaybePromise<boolean>>>;
  /** A file of kept runs, made first. A failure is added to it. */
  readonly regressions?: string;
  /** Where the trace of a failure is written. Default: a folder `chartroom` among the system's temporary files. */
  readonly traceFolder?: string | false;
  readonly onProgress?: (progress: VerificationProgress) => void;
}

const DEFAULT_RUNS = 100;
const DEFAULT_STEPS = 80;
const KNOWN = new Set([
  ...['name', 'runs', 'steps', 'seed', 'path', 'agent', 'hooks', 'createStore', 'pinned', 'invariants'],
  ...['regressions', 'traceFolder', 'onProgress'],
]);

/** The subject without its abilities, which are not known before it is asked. */
export type Unprobed = Omit<Subject, 'abilities'>;

export interface ClientPlan {
  readonly name: string;
  readonly runs: number;
  readonly steps: number;
  readonly seed: number;
  readonly path: string | undefined;
  readonly pinned: Partial<Settings>;
  readonly agentEvents: fc.Arbitrary<AgentEvent> | undefined;
  readonly regressions: string | undefined;
  readonly traceFolder: string | false | undefined;
  readonly onProgress: ((progress: VerificationProgress) => void) | undefined;
  readonly subject: Unprobed;
}

/** Throws a `TypeError` that says what was expected, before anything runs. */
export function planOf(create: unknown, options: VerifyClientOptions): ClientPlan {
  if (typeof create !== 'function')
    throw new TypeError(
      `verifyClient wants a function that makes a client, such as ({ options }) => createSessionManager(options); got ${typeof create}.`,
    );
  const unknown = Object.keys(options).find((key) => !KNOWN.has(key));
  if (unknown !== undefined)
    throw new TypeError(`verifyClient has no option "${unknown}"; it has ${[...KNOWN].join(', ')}.`);
  const { name = 'client', agent, hooks, createStore = memoryStore, invariants = {} } = options;
  return {
    name,
    runs: count('runs', options.runs ?? DEFAULT_RUNS),
    steps: count('steps', options.steps ?? DEFAULT_STEPS),
    seed: seedOf(options.seed),
    path: pathOf(options),
    // What the caller brings runs in every run: an invariant of theirs may be about it.
    pinned: {
      ...pinnedBy(options.pinned ?? {}),
      ...(agent && { agent: true }),
      ...(hooks && { hooks: true }),
    },
    agentEvents: agent && eventsOf(agent.events),
    regressions: options.regressions,
    traceFolder: options.traceFolder,
    onProgress: options.onProgress,
    subject: {
      create: create as Subject['create'],
      createStore,
      agent: agent?.logic,
      hooks,
      invariants: checkInvariants(invariants),
    },
  };
}

function count(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw new TypeError(`"${name}" must be a whole number of at least 1; got ${String(value)}.`);
}

function pathOf({ path, seed }: VerifyClientOptions): string | undefined {
  checkPath(path, seed);
  return path;
}

function seedOf(seed: unknown = Math.floor(Math.random() * 2 ** 31)): number {
  if (Number.isSafeInteger(seed)) return seed as number;
  throw new TypeError(`"seed" must be a whole number, as a failure prints it; got ${String(seed)}.`);
}

function eventsOf(events: Readonly<Record<string, unknown>> = {}): fc.Arbitrary<AgentEvent> {
  const entries = Object.entries(events);
  if (entries.length === 0)
    throw new TypeError(
      '"agent.events" must say what can be dispatched to the agent, by event type: { ask: fc.record({ text: fc.string() }) }.',
    );
  const arbitraries = entries.map(([type, payload]) => {
    if (
      !(payload instanceof fc.Arbitrary) &&
      typeof (payload as fc.Arbitrary<object>)?.generate !== 'function'
    )
      throw new TypeError(`"agent.events.${type}" must be a fast-check arbitrary of the event's payload.`);
    return (payload as fc.Arbitrary<object>).map((fields): AgentEvent => ({ ...fields, type }));
  });
  return fc.oneof(...arbitraries);
}

function checkInvariants(invariants: Subject['invariants']): Subject['invariants'] {
  for (const [name, holds] of Object.entries(invariants))
    if (typeof holds !== 'function')
      throw new TypeError(`The invariant "${name}" must be a function of what is seen; got ${typeof holds}.`);
  return invariants;
}

function pinnedBy(pinned: NonNullable<VerifyClientOptions['pinned']>): Partial<Settings> {
  const { supervision = {}, timeouts = {}, sessionDefaults, limits = {} } = pinned;
  const { maxSessions, maxPending } = limits;
  return {
    ...supervision,
    ...timeouts,
    ...(sessionDefaults && { config: sessionDefaults }),
    ...(maxSessions !== undefined && { maxSessions }),
    ...(maxPending !== undefined && { maxPending }),
  };
}
