/**
 * A run as one JSON document: what was asked, in which order, what came of it, and where it broke. It can be kept,
 * attached to a bug report, looked at without the code that it came from, and run again with it.
 * `docs/trace-format.md` is its description.
 */
import type { Json, JsonObject } from '../data.ts';
import type { StoredSnapshot } from '../store/port.ts';

export const TRACE_FORMAT = 'chartroom-trace';
export const TRACE_VERSION = 1;

/** What a run was of: many sessions through a client, or one machine. A recording is of whatever went on. */
export type TraceKind = 'client' | 'machine' | 'recording';

export interface Trace {
  readonly format: typeof TRACE_FORMAT;
  readonly version: typeof TRACE_VERSION;
  readonly kind: TraceKind;
  /** Of what was under test: the machine's id, or the name that the test gave. */
  readonly subject: string;
  readonly seed: number;
  /** Where the seed's run number and its shrunk form are found, as fast-check writes it. Empty for a kept run. */
  readonly path: string;
  /** XState's description of every chart that takes part (`machine.definition`), by the chart's id. */
  readonly definitions: Readonly<Record<string, JsonObject>>;
  /** What was done, one after another. */
  readonly steps: readonly TraceStep[];
  /** What came of it, in the order in which it did. */
  readonly entries: readonly TraceEntry[];
  /** Absent from a run that went well. */
  readonly failure?: TraceFailure;
  /** Of sessions that were there when a recording began: what they held, as a store's snapshot has it. */
  readonly bases?: Readonly<Record<string, StoredSnapshot>>;
  /** What `replay` runs again; null for a recording, which cannot be. Its shape is the kind's own; nobody else needs it. */
  readonly run: Json;
}

export interface TraceStep {
  /** As a person would say it: `send a`, `clock + 250 ms`. */
  readonly words: string;
  /** On the run's own clock, in milliseconds. */
  readonly atMs: number;
}

export interface TraceFailure {
  readonly invariant: string;
  readonly message: string;
  /** The step in whose course it was noticed: an index of `steps`. */
  readonly step: number;
  /** How many of the entries were there by then: the failure is behind that many. */
  readonly entries: number;
}

/** One thing that happened. `step` is the index of the step in whose course it did, `atMs` the run's clock. */
export type TraceEntry = { readonly step: number; readonly atMs: number } & (
  | {
      readonly kind: 'call';
      /** Numbers the calls of a run. */
      readonly call: number;
      readonly name: string;
      readonly sessionId?: string;
      readonly arguments?: Json;
    }
  /** A call has settled. */
  | {
      readonly kind: 'settled';
      readonly call: number;
      readonly ok: boolean;
      /** What it resolved with, where that is worth keeping. */
      readonly value?: Json;
      /** The code of the `SessionError`, or the text of any other error. */
      readonly error?: string;
    }
  /** Published to the listeners of all sessions. */
  | { readonly kind: 'event'; readonly event: JsonObject }
  /** Written to the store. */
  | { readonly kind: 'fact'; readonly fact: JsonObject }
  /** An asynchronous step of a hook, a file or the store that the scheduler let go on. */
  | { readonly kind: 'schedule'; readonly label: string }
  /** Given to a chart. `definition` names it, `actor` tells apart several of one definition. */
  | {
      readonly kind: 'sent';
      readonly definition: string;
      readonly actor: string;
      readonly event: JsonObject;
    }
  /** Where a chart is now. */
  | {
      readonly kind: 'snapshot';
      readonly definition: string;
      readonly actor: string;
      readonly value: Json;
      readonly status: string;
      readonly context?: Json;
    }
);

/**
 * A copy of a JSON text, checked: a `SyntaxError` for what is no JSON, a `TypeError` that says what is wrong with
 * anything else, and what to do about a newer version.
 */
export function parseTrace(text: string): Trace {
  const value: unknown = JSON.parse(text);
  return checkTrace(value);
}

/** The same document, if it is one. */
export function checkTrace(value: unknown): Trace {
  checkDepth(value);
  if (!isObject(value) || value.format !== TRACE_FORMAT)
    throw new TypeError(
      `Not a trace: expected "format": "${TRACE_FORMAT}", got ${excerpt(value, 'format')}.`,
    );
  if (value.version !== TRACE_VERSION)
    throw new TypeError(
      `A trace of version ${excerpt(value, 'version')}; this chartroom reads version ${TRACE_VERSION}. ` +
        'Open it with the version of chartroom that wrote it, or a newer one.',
    );
  if (value.kind !== 'client' && value.kind !== 'machine' && value.kind !== 'recording')
    throw new TypeError(
      `A trace of an unknown kind: ${excerpt(value, 'kind')}; expected "client", "machine" or "recording".`,
    );
  const wrong = Object.entries(SHAPE).find(([key, fits]) => !fits(value[key]));
  if (wrong) throw new TypeError(`Not a whole trace: ${wrong[0]} is ${excerpt(value, wrong[0])}.`);
  return value as unknown as Trace;
}

/** Deeper than any run that was recorded; what is made to be deep would overflow the stack of whoever walks it. */
const MAX_DEPTH = 1000;

function checkDepth(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw new TypeError(`Not a trace: it is nested deeper than ${MAX_DEPTH} levels.`);
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
}

const SHAPE: Readonly<Record<string, (value: unknown) => boolean>> = {
  subject: (value) => typeof value === 'string',
  seed: (value) => Number.isSafeInteger(value),
  path: (value) => typeof value === 'string',
  definitions: isObject,
  steps: (value) => Array.isArray(value) && value.every((step) => isObject(step) && isText(step.words)),
  entries: (value) => Array.isArray(value) && value.every((entry) => isObject(entry) && isText(entry.kind)),
  failure: (value) => value === undefined || (isObject(value) && isText(value.invariant)),
  bases: (value) => value === undefined || (isObject(value) && Object.values(value).every(isObject)),
  run: (value) => value !== undefined,
};

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function excerpt(value: unknown, key: string): string {
  const found = isObject(value) ? value[key] : value;
  return (JSON.stringify(found) ?? 'missing').slice(0, 60);
}
