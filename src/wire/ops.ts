import type { Reading } from './pack.ts';

/** One call of the client interface, as it goes over a wire. */
export interface Op {
  /** Of which object of the far end it is a method; all but `client` are found by the session id that comes first. */
  readonly of: 'client' | 'session' | 'context' | 'cache' | 'server';
  /** How its arguments are read, the session id included. */
  readonly readings: readonly Reading[];
  /** Whether it may be asked again when nobody knows what has become of it: never, always, or with an idempotency key. */
  readonly again: 'no' | 'yes' | 'keyed';
  /** The journal has done nothing of it when it rejects `MANAGER_CLOSED`. */
  readonly whole?: boolean;
}

const V = 'value';
const O = 'options';

const read = (of: Op['of'], ...readings: Reading[]): Op => ({ of, readings, again: 'yes' });
const write = (of: Op['of'], ...readings: Reading[]): Op => ({ of, readings, again: 'no', whole: true });
/** A call of several steps, which may have taken some of them. */
const act = (of: Op['of'], ...readings: Reading[]): Op => ({ of, readings, again: 'no' });

/** Every call, by its name in the interface. */
export const ops = {
  createSession: act('client', O),
  getOrCreateSession: act('client', V, O),
  terminateSession: act('client', V, O),
  killSession: act('client', V, 'thrown'),
  listSessions: read('client', O),
  getSessionInfo: read('client', V),
  sendMessage: { of: 'client', readings: [V, V, V, O], again: 'keyed', whole: true },
  saveSession: act('client', V),
  restoreSession: act('client', V),
  listSavedSessions: read('client'),
  deleteSavedSession: act('client', V),

  snapshot: read('session', V, O),
  dispatch: act('session', V, V),

  history: read('context', V, O),
  clearConversation: write('context', V),
  addFile: write('context', V, V),
  removeFile: write('context', V, V),
  activeFiles: read('context', V),
  updateFileIndex: write('context', V, V, V),
  fileIndex: read('context', V),
  put: write('context', V, V, V),
  get: read('context', V, V),
  keys: read('context', V),
  delete: write('context', V, V),
  build: read('context', V, V, O),

  cacheFile: write('cache', V, V, V, O),
  getFile: read('cache', V, V),
  cacheAnalysis: write('cache', V, V, V, V),
  getAnalysis: read('cache', V, V, V),
  invalidateFile: write('cache', V, V),
  clear: write('cache', V),
  stats: read('cache', V),

  /** Past events after a cursor. */
  past: read('server', V),
  /** Ends one incarnation: nothing happens when it is gone. */
  end: read('server', V, V),
  /** Terminates every session. */
  endAll: read('server'),
} as const satisfies Record<string, Op>;

export type OpName = keyof typeof ops;

export function opOf(name: unknown): Op | undefined {
  return typeof name === 'string' && Object.hasOwn(ops, name) ? ops[name as OpName] : undefined;
}
