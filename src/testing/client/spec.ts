/**
 * The sequential specification of one id: what each call may answer when it runs alone, at one instant, in a
 * given state. Lifecycle changes that no call answers for (a crash, a deadline) come from the trace.
 */
import { DEATHS } from './calls.ts';
import type { Operation } from './ledger.ts';
import { versionOf } from './ports.ts';
import type { CallKind } from './scenario.ts';

export interface Data {
  readonly messages: readonly string[];
  readonly files: readonly string[];
  readonly context: Readonly<Record<string, string>>;
  readonly index: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Idempotency key → the text of the message it brought; saved and restored with the rest. */
  readonly keyed: Readonly<Record<string, string>>;
}

export interface State extends Data {
  /** `down`: between two incarnations. */
  readonly phase: 'absent' | 'initializing' | 'live' | 'terminating' | 'down';
  readonly cache: Readonly<Record<string, string>>;
  readonly saved: Data | null;
  /** What a save or a restore that waits for a slow store has in hand, by the number of the call. */
  readonly inHand: Readonly<Record<string, Data>>;
}

/** A change that the trace reports. */
export type Change = 'active' | 'terminating' | 'down' | 'initializing' | 'gone' | 'recovered';

export interface Bounds {
  readonly maxMessages: number;
  readonly maxTokens: number;
  readonly maxFiles: number;
  readonly readsDisk: boolean;
  readonly slow: boolean;
  /** Whether the store refused something meanwhile. */
  readonly refused: boolean;
  /** Whether it had before. */
  readonly everRefused: boolean;
  /** The user's own code may have written into the cache, which no fact tells of. */
  readonly foreign: boolean;
}

const EMPTY: Data = { messages: [], files: [], context: {}, index: {}, keyed: {} };
export const ABSENT: State = { ...EMPTY, phase: 'absent', cache: {}, saved: null, inHand: {} };

export function applyChange(state: State, change: Change): State {
  switch (change) {
    case 'active':
      return { ...state, phase: 'live' };
    case 'gone':
      return { ...ABSENT, saved: state.saved, inHand: state.inHand };
    case 'recovered':
      return { ...state, cache: {} };
    default:
      return { ...state, phase: change };
  }
}

/** The states in which the call may leave the id, none if it cannot have answered as it did. */
export function applyCall(state: State, operation: Operation, bounds: Bounds): State[] {
  const { call, outcome, lostAt } = operation;
  if (lostAt !== undefined) return [state, ...applyLost(state, operation, bounds)];
  if (!outcome) return [state];
  const { phase } = state;
  const here = phase !== 'absent';
  if (!outcome.ok) return applyFailure(state, operation, outcome.code, bounds);
  const same = (answer: unknown): State[] =>
    here && JSON.stringify(answer) === JSON.stringify(outcome.value ?? null) ? [state] : [];
  switch (call.kind) {
    case 'create':
      return begin(state, EMPTY);
    case 'getOrCreate':
      return outcome.value === true ? begin(state, EMPTY) : here ? [state] : [];
    case 'restore':
      return state.saved ? begin(state, state.saved) : [];
    case 'save':
      return here && state.messages.length === outcome.value ? [{ ...state, saved: dataOf(state) }] : [];
    case 'deleteSaved':
      return state.saved ? [{ ...state, saved: null }] : [];
    case 'terminate':
    case 'kill':
    case 'info':
    case 'cacheStats':
      return here ? [state] : [];
    case 'history':
    case 'snapshot':
      return same(state.messages);
    case 'keys':
      return same(Object.keys(state.context).sort());
    case 'values':
      return same(Object.entries(state.context).sort(([a], [b]) => (a < b ? -1 : 1)));
    case 'files':
      return same(state.files);
    case 'get':
      return same(at(state.context, call.key) ?? null);
    case 'fileIndex':
      return here && sameIndex(state.index, outcome.value) ? [state] : [];
    case 'readFile':
      return here ? readCached(state, call.path, outcome.value, bounds) : [];
    case 'listSaved':
    case 'close':
    case 'dispatch':
    case 'list':
      return [state];
    default:
      return writable(state, operation) ? applyWrite(state, operation, outcome.value, bounds) : [];
  }
}

/** These take effect in call order on one session. */
export const ORDERED: ReadonlySet<CallKind> = new Set([
  'send',
  'put',
  'delete',
  'clear',
  'addFile',
  'removeFile',
  'updateIndex',
]);
const CACHED: ReadonlySet<CallKind> = new Set(['cacheFile', 'invalidate', 'clearCache']);

export const isWrite = (kind: CallKind): boolean => ORDERED.has(kind) || CACHED.has(kind);

/** The states after a call that took effect, and whose answer nobody has got. */
function applyLost(state: State, operation: Operation, bounds: Bounds): State[] {
  const { call, text } = operation;
  switch (call.kind) {
    case 'create':
    case 'getOrCreate':
      return begin(state, EMPTY);
    case 'restore':
      return state.saved ? begin(state, state.saved) : [];
    case 'save':
      return state.phase === 'absent' ? [] : [{ ...state, saved: dataOf(state) }];
    case 'deleteSaved':
      return [{ ...state, saved: null }];
    default:
      return isWrite(call.kind) && writable(state, operation)
        ? applyWrite(state, operation, text, bounds)
        : [];
  }
}

/** One that the store refused has changed nothing; of what else may have failed in its place nothing is said. */
function applyFailure(state: State, operation: Operation, code: string, bounds: Bounds): State[] {
  const { call, inside } = operation;
  const here = state.phase !== 'absent';
  const creates = call.kind === 'create' || call.kind === 'getOrCreate' || call.kind === 'restore';
  const data = call.kind === 'restore' ? state.saved : EMPTY;
  const began = creates && data ? begin(state, data) : [];
  switch (code) {
    case 'MANAGER_CLOSED':
      return [
        state,
        ...began,
        ...(bounds.slow && call.kind === 'deleteSaved' ? [{ ...state, saved: null }] : []),
      ];
    case 'ABORTED':
      return [state, ...began];
    case 'DUPLICATE_SESSION':
      return here ? [state] : [];
    case 'SESSION_NOT_FOUND': {
      const missing = call.kind === 'restore' || call.kind === 'deleteSaved';
      return (missing ? state.saved === null : !here || state.phase === 'down') ? [state] : [];
    }
    case 'SESSION_NOT_ACTIVE':
      return state.phase === 'terminating' || state.phase === 'down' ? [state] : [];
    case 'INVALID_TRANSITION':
      return here ? [state] : [];
  }
  if (!(DEATHS as readonly string[]).includes(code)) return [state];
  if (call.kind === 'getOrCreate') return [state, ...began];
  if (creates) return began;
  // What is left of an older incarnation is refused whatever the present one does; and a session whose start the
  // store refused stays as it is stored.
  if (inside || bounds.refused) return [state];
  // Its agent has failed before its eyes; that the session has crashed may be on its way to the store.
  if (call.kind === 'dispatch' && (bounds.slow || bounds.everRefused)) return [state];
  return state.phase === 'live' || state.phase === 'initializing' ? [] : [state];
}

export function begin(state: State, data: Data): State[] {
  if (state.phase !== 'absent') return [];
  const { saved, inHand } = state;
  return [{ ...ABSENT, ...data, phase: 'initializing', saved, inHand }];
}

export function dataOf({ messages, files, context, index, keyed }: State): Data {
  return { messages, files, context, index, keyed };
}

/** A caller's write waits for `active`; a hook and an agent write whenever there is a session. */
function writable(state: State, { inside, call }: Operation): boolean {
  return inside || CACHED.has(call.kind) ? state.phase !== 'absent' : state.phase === 'live';
}

function applyWrite(state: State, operation: Operation, value: unknown, bounds: Bounds): State[] {
  const { call, text } = operation;
  switch (call.kind) {
    case 'send':
      return send(state, call.key, text, value, bounds);
    case 'clear':
      return [{ ...state, messages: [] }];
    case 'put':
      return [{ ...state, context: { ...state.context, [call.key]: text } }];
    case 'delete':
      return [{ ...state, context: without(state.context, call.key) }];
    case 'addFile':
      return [addFile(state, call.path, bounds.maxFiles)];
    case 'removeFile':
      return [removeFile(state, call.path)];
    case 'updateIndex': {
      const known = { ...at(state.index, call.path), [call.key]: text };
      return [{ ...state, index: { ...state.index, [call.path]: known } }];
    }
    case 'cacheFile':
      return [{ ...state, cache: { ...state.cache, [call.path]: text } }];
    case 'invalidate':
      return [{ ...state, cache: without(state.cache, call.path) }];
    case 'clearCache':
      return [{ ...state, cache: {} }];
    default:
      throw new Error(`${call.kind} is not a write`);
  }
}

function send(state: State, key: string | null, text: string, value: unknown, bounds: Bounds): State[] {
  const first = key === null ? undefined : at(state.keyed, key);
  if (first !== undefined) return value === first ? [state] : [];
  if (value !== text) return [];
  const messages = [...state.messages, text].slice(-bounds.maxMessages);
  while (messages.reduce((sum, each) => sum + Math.ceil(each.length / 4), 0) > bounds.maxTokens)
    messages.shift();
  const keyed = key === null ? state.keyed : { ...state.keyed, [key]: text };
  return [{ ...state, messages, keyed }];
}

function addFile(state: State, path: string, maxFiles: number): State {
  if (state.files.includes(path)) return state;
  const [oldest] = state.files;
  const full = state.files.length >= maxFiles && oldest !== undefined;
  const room = full ? removeFile(state, oldest) : state;
  return { ...room, files: [...room.files, path] };
}

function removeFile(state: State, path: string): State {
  return { ...state, files: state.files.filter((each) => each !== path), index: without(state.index, path) };
}

/** `toString` is a key like any other. */
function at<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([each]) => each !== key));
}

function sameIndex(index: State['index'], answer: unknown): boolean {
  const sorted = (record: object) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  const flat = (value: object) => sorted(value).map(([path, known]) => [path, sorted(known as object)]);
  return JSON.stringify(flat(index)) === JSON.stringify(flat(answer as object));
}

/** What was put into the cache stays until it is replaced or dropped; what is not there is read from disk. */
function readCached(state: State, path: string, answer: unknown, bounds: Bounds): State[] {
  const cached = at(state.cache, path);
  if (bounds.foreign) return [state];
  if (cached !== undefined) return answer === cached ? [state] : [];
  if (answer === undefined) return [state];
  return bounds.readsDisk && versionOf(String(answer)) !== undefined ? [state] : [];
}
