/** What a session must hold after each call, told once more and independently of the engine. */
import { isDeepStrictEqual } from 'node:util';
import type { SessionData } from '../../src/session/snapshot.ts';
import { type Call, CONFIGS, contentOf, type Life, shortened } from './calls.ts';

export interface HeldMessage {
  readonly id: string;
  readonly role: string;
  readonly content: string;
  readonly key?: string;
}

export interface Contents {
  readonly mark: string;
  readonly life: Life;
  readonly messages: readonly HeldMessage[];
  /** Messages that it ever had. */
  readonly count: number;
  readonly keyed: Readonly<Record<string, HeldMessage>>;
  readonly files: readonly string[];
  readonly index: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A session that is not there. */
export const GONE = undefined;
/** The call has no place in this state, and must not have been acknowledged. */
export const REFUSED = Symbol('refused');

export type After = { readonly contents: Contents | typeof GONE; readonly message?: HeldMessage };

/** What the call makes of a session. Saving, restoring and forgetting are about the shelf, and not here. */
export function applyCall(before: Contents | typeof GONE, call: Call): After | typeof REFUSED {
  if (call.kind === 'create') return before ? REFUSED : { contents: fresh(call.mark, call.life) };
  if (call.kind === 'getOrCreate') return { contents: before ?? fresh(call.mark, call.life) };
  if (!before) return REFUSED;
  switch (call.kind) {
    case 'send':
      return send(before, call);
    case 'put':
      return { contents: { ...before, values: { ...before.values, [call.key]: call.value } } };
    case 'delete':
      return { contents: { ...before, values: without(before.values, call.key) } };
    case 'addFile':
      return { contents: addFile(before, call.path) };
    case 'removeFile':
      return { contents: removeFile(before, call.path) };
    case 'index': {
      const known = { ...before.index[call.path], [call.name]: call.value };
      return { contents: { ...before, index: { ...before.index, [call.path]: known } } };
    }
    case 'clear':
      return { contents: { ...before, messages: [] } };
    case 'terminate':
    case 'kill':
      return { contents: GONE };
    default:
      return REFUSED;
  }
}

/** What a stored session, or a saved one, holds. */
export function contentsOf(id: string, data: SessionData): Contents {
  const { mark, life } = data.metadata as { mark: string; life: Life };
  const held = (message: SessionData['conversation'][number][0]): HeldMessage => ({
    id: message.id,
    role: message.role,
    content: shortened(message.content),
    ...(message.idempotencyKey !== undefined && { key: message.idempotencyKey }),
  });
  const strayed = data.conversation.find(([message]) => !message.id.startsWith(`${id}:`));
  if (strayed) throw new Error(`session ${id} holds the message ${strayed[0].id}`);
  return {
    mark,
    life,
    messages: data.conversation.map(([message]) => held(message)),
    count: data.messageNumber,
    keyed: Object.fromEntries(data.keyed.map(([key, message]) => [key, held(message)])),
    files: data.files.map(([path]) => path),
    index: Object.fromEntries(data.fileIndex),
    values: Object.fromEntries(data.workingContext),
  };
}

export function sameContents(a: Contents | typeof GONE, b: Contents | typeof GONE): boolean {
  return a === b || isDeepStrictEqual(a, b);
}

function fresh(mark: string, life: Life): Contents {
  return { mark, life, messages: [], count: 0, keyed: {}, files: [], index: {}, values: {} };
}

function send(before: Contents, call: Extract<Call, { kind: 'send' }>): After {
  const { key } = call;
  const repeated = key === undefined ? undefined : before.keyed[key];
  if (repeated) return { contents: before, message: repeated };
  const count = before.count + 1;
  const message: HeldMessage = {
    id: `${call.id}:${count}`,
    role: call.role,
    content: shortened(contentOf(call)),
    ...(key !== undefined && { key }),
  };
  const messages = [...before.messages, message].slice(-(CONFIGS[before.life].maxMessages ?? 0));
  const keyed = key === undefined ? before.keyed : { ...before.keyed, [key]: message };
  return { contents: { ...before, messages, count, keyed }, message };
}

function addFile(before: Contents, path: string): Contents {
  if (before.files.includes(path)) return before;
  const over = before.files.length + 1 - (CONFIGS[before.life].maxFiles ?? 0);
  const kept = before.files.slice(0, Math.max(0, over)).reduce(removeFile, before);
  return { ...kept, files: [...kept.files, path] };
}

function removeFile(before: Contents, path: string): Contents {
  return {
    ...before,
    files: before.files.filter((each) => each !== path),
    index: without(before.index, path),
  };
}

function without<V>(record: Readonly<Record<string, V>>, key: string): Readonly<Record<string, V>> {
  return Object.fromEntries(Object.entries(record).filter(([each]) => each !== key));
}
