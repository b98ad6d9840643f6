/** What an entry tells of a session, as a fact that the engine's fold takes. Traces come from anywhere: every shape is checked. */
import type { Json, JsonObject } from '../data.ts';
import type { Fact } from '../session/facts.ts';
import { FORMAT_VERSION, type SessionData } from '../session/snapshot.ts';
import type { StoredSnapshot } from '../store/port.ts';
import type { TraceEntry } from '../testing/trace.ts';

/** Of a session whose configuration was not told: nothing is dropped but by a fact that says so. */
export const UNTOLD_CONFIG: JsonObject = {
  maxMessages: Number.MAX_SAFE_INTEGER,
  maxTokens: Number.MAX_SAFE_INTEGER,
  maxFiles: Number.MAX_SAFE_INTEGER,
  features: [],
};

/** Stands where something was told to be there, and not what it is. */
export const UNTOLD = '(not told)';

type Payload = Readonly<Record<string, unknown>>;

/** The fact of a `fact` entry, or of an `event` entry where the facts are not recorded. */
export function toldFact(entry: TraceEntry): Fact | undefined {
  if (entry.kind === 'fact') return factOf(entry.fact, objectOf(entry.fact?.payload), false);
  if (entry.kind === 'event') return factOf(entry.event, objectOf(entry.event), true);
  return undefined;
}

function factOf(head: Payload | null | undefined, payload: Payload, isEvent: boolean): Fact | undefined {
  if (typeof head?.sessionId !== 'string' || typeof head.type !== 'string') return undefined;
  const { sessionId, type } = head;
  const checked = checkedPayload(type, payload, isEvent);
  if (!checked) return undefined;
  const fact = {
    seq: numberOf(head.seq),
    sessionId,
    sessionSeq: numberOf(head.sessionSeq),
    at: typeof head.at === 'string' ? head.at : '',
    type,
    payload: checked,
  };
  return fact as unknown as Fact;
}

/** `undefined` for what cannot be taken up. */
function checkedPayload(type: string, payload: Payload, isEvent: boolean): Payload | undefined {
  switch (type) {
    case 'session_created': {
      const { restored } = payload;
      return {
        metadata: objectOf(payload.metadata),
        llmConfig: objectOf(payload.llmConfig),
        config: { ...UNTOLD_CONFIG, ...objectOf(payload.config) },
        ...(isObject(restored) && { restored: dataOf(restored) }),
      };
    }
    case 'session_status':
      return typeof payload.status === 'string' ? { ...payload, ...endOf(payload) } : undefined;
    case 'session_crashed':
      return { restartTimes: [], ...payload, ...endOf(payload), restarting: payload.restarting === true };
    case 'session_terminated':
      return { ...payload, ...endOf(payload) };
    case 'conversation_added':
      return isMessage(payload.message)
        ? { message: messageOf(payload.message), tokens: numberOf(payload.tokens) }
        : undefined;
    case 'file_added':
    case 'file_removed':
      return typeof payload.path === 'string' ? payload : undefined;
    case 'context_updated':
      return {
        filesChanged: listOf(payload.filesChanged).filter((path) => typeof path === 'string'),
        metadata: payload.metadata === null ? null : objectOf(payload.metadata),
      };
    case 'working_context_updated':
      if (typeof payload.key !== 'string') return undefined;
      return isEvent ? { key: payload.key, value: UNTOLD } : payload;
    default:
      return payload;
  }
}

/** What a session held before the first entry, with every part there. */
export function checkedBase({ sessionSeq, version, data }: StoredSnapshot, id: string): StoredSnapshot {
  const own = objectOf(data);
  const head = {
    ...own,
    id,
    seq: numberOf(own.seq),
    sessionSeq: numberOf(sessionSeq),
    status: typeof own.status === 'string' ? own.status : 'active',
    ...endOf(own),
    config: { ...UNTOLD_CONFIG, ...objectOf(own.config) },
  };
  return {
    sessionSeq: numberOf(sessionSeq),
    version: typeof version === 'number' ? version : FORMAT_VERSION,
    data: { ...head, ...dataOf(own) } as unknown as JsonObject,
  };
}

function dataOf(value: Payload): SessionData {
  const data = {
    metadata: objectOf(value.metadata),
    llmConfig: objectOf(value.llmConfig),
    config: { ...UNTOLD_CONFIG, ...objectOf(value.config) },
    conversation: pairsOf(value.conversation)
      .filter(([message]) => isMessage(message))
      .map(([message, tokens]) => [messageOf(message as JsonObject), numberOf(tokens)]),
    messageNumber: numberOf(value.messageNumber),
    files: namedPairsOf(value.files),
    fileIndex: namedPairsOf(value.fileIndex).map(([path, metadata]) => [path, objectOf(metadata)]),
    workingContext: namedPairsOf(value.workingContext),
    keyed: namedPairsOf(value.keyed),
  };
  return data as unknown as SessionData;
}

export function isObject(value: unknown): value is Readonly<Record<string, Json | undefined>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A redacted object is a text: it is kept as the one thing that is known. */
function objectOf(value: unknown): JsonObject {
  if (isObject(value)) return value;
  return value === undefined || value === null ? {} : { '': value as Json };
}

/** Why something has ended, in words. */
function endOf({ reason, error }: Payload): Payload {
  return {
    ...(reason !== undefined && { reason: textOf(reason) }),
    ...(isObject(error) && { error: { ...error, name: textOf(error.name), message: textOf(error.message) } }),
  };
}

/** The same one where it is as it should be. */
function messageOf(message: JsonObject): JsonObject {
  const { id, seq, createdAt } = message;
  if (typeof id === 'string' && typeof seq === 'number' && typeof createdAt === 'string') return message;
  return { ...message, id: textOf(id), seq: numberOf(seq), createdAt: textOf(createdAt) };
}

function isMessage(value: unknown): value is JsonObject {
  return isObject(value) && typeof value.role === 'string' && value.content !== undefined;
}

function pairsOf(value: unknown): unknown[][] {
  return listOf(value).filter((pair): pair is unknown[] => Array.isArray(pair) && pair.length > 1);
}

function namedPairsOf(value: unknown): unknown[][] {
  return pairsOf(value).filter(([name]) => typeof name === 'string');
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** What JSON holds may have a `toString` of its own, which is no function: `String(value)` then throws. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
