/**
 * A run as plain data: what the generator makes, the shrinker cuts down, and a regression keeps. The same
 * scenario always gives the same run, so it needs neither seed nor path to be repeated.
 */
import type { SessionConfig } from '../../data.ts';
import type { SessionEventType } from '../../events/types.ts';
import { PLAIN_SETTINGS } from './plain.ts';
import type { AgentEvent } from './subject.ts';

export interface Scenario {
  /** Seeds the scheduler that decides in which order waiting steps finish. */
  readonly schedule: number;
  readonly settings: Settings;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly command: Command;
  /** Whether the event loop turns before the next command; if not, the next one starts in the same turn. */
  readonly turn: boolean;
}

export interface Settings {
  readonly restart: 'temporary' | 'transient' | 'permanent';
  readonly maxRestarts: number;
  readonly withinMs: number;
  readonly backoffMs: number;
  readonly agent: boolean;
  /** The runs' own agent is logic with a `start`, which keeps its session awake, and may throw. */
  readonly agentStarts: boolean;
  readonly hooks: boolean;
  readonly files: boolean;
  readonly initializeMs: number;
  readonly terminateMs: number;
  readonly config: Partial<SessionConfig>;
  readonly maxSessions: number | null;
  readonly maxPending: number | null;
  readonly retainEvents: number;
  /** Where the clock starts; 0 finds code that takes a time for a truth value. */
  readonly startsAt: number;
  /** What a listener does from inside a delivery. */
  readonly reaction: Reaction;
  /** `slow`: every answer of the store is a promise that waits for its step; `slow to read`: to what is read. */
  readonly store: StoreKind;
  /** How many steps of a slow store are let go after each turn of the event loop. */
  readonly pace: number;
  /** Whether the run looks at every session after every turn, which wakes those that sleep. */
  readonly curious: boolean;
}

export type StoreKind = 'memory' | 'slow' | 'slow to read';

export type Reaction =
  | 'none'
  | 'send on active'
  | 'terminate on terminating'
  | 'create on terminated'
  | 'kill on crash';

/** How a hook behaves. `hang` gives up when its signal aborts, `stubborn` never settles. */
export type HookPlan = 'ok' | 'slow' | 'writes' | 'late' | 'fail' | 'failNow' | 'hang' | 'stubborn';

export interface Plan {
  readonly initialize: HookPlan;
  /** The initialize hook of a restart. */
  readonly again: HookPlan;
  readonly cleanup: HookPlan;
  /** How many of the first starts of the agent throw. */
  readonly brittle: number;
}

/** `poison` is a failed sync: nobody knows what the disk holds, and the lease takes nothing any more. */
export type FaultKind = 'append' | 'snapshot' | 'read' | 'poison';

export interface Fault {
  readonly what: FaultKind;
  /** How many of the next ones are refused. */
  readonly times: number;
  /** Refused after a while, not at once. */
  readonly late: boolean;
  /** What a poisoned append brought is on the disk all the same. */
  readonly landed: boolean;
}

export type AgentAct = 'crash' | 'finish' | 'emit' | 'write' | 'job' | 'forged';

/** A call of the public interface. Texts and values are made from the operation's number, so each is unique. */
export type Call =
  | { readonly kind: 'create' | 'getOrCreate'; readonly plan: Plan }
  | { readonly kind: 'restore' | 'save' | 'deleteSaved' | 'listSaved' | 'list' }
  | { readonly kind: 'terminate'; readonly timeoutMs: number | null }
  | { readonly kind: 'kill' | 'info' | 'snapshot' | 'history' | 'clear' | 'keys' | 'values' }
  | { readonly kind: 'files' | 'fileIndex' }
  | { readonly kind: 'dispatch'; readonly act: AgentAct }
  /** An event of the user's own agent. */
  | { readonly kind: 'dispatch'; readonly act: 'own'; readonly event: AgentEvent }
  | { readonly kind: 'send'; readonly key: string | null; readonly tokens: number }
  | { readonly kind: 'put' | 'get' | 'delete'; readonly key: string }
  | {
      readonly kind: 'addFile' | 'removeFile' | 'readFile' | 'cacheFile' | 'invalidate';
      readonly path: string;
    }
  | { readonly kind: 'updateIndex'; readonly path: string; readonly key: string }
  | { readonly kind: 'clearCache' | 'cacheStats' | 'close' };

export type CallKind = Call['kind'];

export type Topic = string | null;

export type Command =
  | { readonly do: 'call'; readonly id: string; readonly call: Call; readonly viaHandle: boolean }
  | { readonly do: 'sends'; readonly id: string; readonly callers: number; readonly key: string | null }
  | { readonly do: 'tick' | 'quiesce' | 'close' | 'reopen' }
  | { readonly do: 'advance'; readonly ms: number }
  | {
      /** The process dies. */
      readonly do: 'crash';
      /** One bit for each write that the store has not answered: whether it took place. */
      readonly landed: number;
      /** The dead process goes on for a while, not knowing that it is dead. */
      readonly haunts: boolean;
    }
  /** `spoils`: the rows of that session cannot be read any more. */
  | { readonly do: 'recover'; readonly spoils: string | null }
  | { readonly do: 'fault'; readonly fault: Fault }
  | { readonly do: 'touch'; readonly path: string }
  | {
      readonly do: 'subscribe';
      readonly topic: Topic;
      readonly types: readonly SessionEventType[] | null;
      /** Replay this many events, or none. */
      readonly back: number | null;
      readonly fails: 'no' | 'throws' | 'rejects';
      readonly bySignal: boolean;
    }
  | {
      readonly do: 'stream';
      readonly topic: Topic;
      readonly back: number | null;
      readonly buffer: number | null;
      /** Its reader waits before each event until the scheduler lets it go on. */
      readonly slow?: boolean;
    }
  | { readonly do: 'unsubscribe' | 'leave' | 'abort'; readonly nth: number };

export const INVALID_IDS = ['', '.hidden', '../x', 'a b', '__proto__', 'é', 'x'.repeat(129), 'a\u0000b'];
/** Every valid id a command may name. */
export const VALID_IDS = ['a', 'b', 'constructor', 'toString', 'a.b:c-d'];

/** A kept run as it was read from a file. A `TypeError` says that it is none. */
export function checkScenario(value: unknown, from: string): Scenario {
  const { schedule, settings, steps } = (value ?? {}) as Partial<Scenario>;
  const isStep = (step: Step) => typeof step?.command?.do === 'string';
  const whole = Number.isSafeInteger(schedule) && typeof settings === 'object' && Array.isArray(steps);
  // A setting that the run was made without is what it was then.
  if (whole && steps.every(isStep))
    return { ...(value as Scenario), settings: { ...PLAIN_SETTINGS, ...settings } };
  throw new TypeError(
    `${from} is no run of a client: expected { schedule, settings, steps }. It was cut short, or changed by hand.`,
  );
}
