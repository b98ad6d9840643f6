import { checkInteger, checkKey, checkPath, checkRole, checkString, invalidArgument } from '../check.ts';
import type { Content, Json, JsonObject, Message, SessionConfig } from '../data.ts';
import { SessionError } from '../errors.ts';
import { messageId, messageNumber } from '../ids.ts';
import { copyJson, copyJsonObject, exceedsBytes } from '../json.ts';
import type { Limits } from '../options.ts';
import type { SessionData } from '../session/snapshot.ts';
import { defaults, resolveConfig } from '../settings.ts';

/** How large the parts of a document may be, by default as large as a manager's: see its `limits`. */
export type DocumentLimits = Partial<Pick<Limits, 'maxMessageBytes' | 'maxMetadataBytes'>>;

/** A cursor or a message's number that is larger comes from no store; what is left above is enough for any. */
const MAX_NUMBER = 2 ** 48;
const DATA_FIELDS = [
  'metadata',
  'llmConfig',
  'config',
  'conversation',
  'messageNumber',
  'files',
  'fileIndex',
  'workingContext',
  'keyed',
] as const;
const CONFIG_FIELDS = ['maxMessages', 'maxTokens', 'maxFiles', 'features'] as const;
const MESSAGE_FIELDS = [
  'id',
  'seq',
  'role',
  'content',
  'createdAt',
  'idempotencyKey',
  'toolCallId',
  'metadata',
] as const;

interface Place {
  readonly sessionId: string;
  readonly limits: DocumentLimits | undefined;
}

/** What a session holds, field by field as its own rules would have let it in. A deeply frozen copy. */
export function checkSessionData(
  value: unknown,
  at: string,
  sessionId: string,
  limits?: DocumentLimits,
): SessionData {
  const place = { sessionId, limits };
  const given = checkFields(value, at, DATA_FIELDS);
  const object = (key: 'metadata' | 'llmConfig') => {
    const copy = copyJsonObject(given[key], `${at}.${key}`);
    checkSize(copy, `${at}.${key}`, 'maxMetadataBytes', limits);
    return copy;
  };
  const config = checkConfig(given.config, `${at}.config`);
  const number = checkInteger(given.messageNumber, `${at}.messageNumber`, { min: 0, max: MAX_NUMBER });
  const conversation = checkConversation(given.conversation, `${at}.conversation`, number, config, place);
  return Object.freeze({
    metadata: object('metadata'),
    llmConfig: object('llmConfig'),
    config,
    conversation,
    messageNumber: number,
    files: checkFiles(given.files, `${at}.files`, config),
    fileIndex: checkEntries(given.fileIndex, `${at}.fileIndex`, checkPath, (metadata, at) =>
      sized(copyJsonObject(metadata, at), at, limits),
    ),
    workingContext: checkEntries(given.workingContext, `${at}.workingContext`, checkKey, (json, at) =>
      sized(copyJson(json, at), at, limits),
    ),
    keyed: checkKeyed(given.keyed, `${at}.keyed`, number, conversation, place),
  });
}

function checkConfig(value: unknown, at: string): SessionConfig {
  const given = checkRecord(value, at);
  for (const key of CONFIG_FIELDS)
    if (!Object.hasOwn(given, key)) throw invalidArgument(`${at}.${key}`, 'given', undefined);
  return resolveConfig(given, at, defaults.sessionDefaults);
}

/** Numbered without holes up to the newest ever added, and within the session's own limits. */
function checkConversation(
  value: unknown,
  at: string,
  newest: number,
  { maxMessages, maxTokens }: SessionConfig,
  place: Place,
): SessionData['conversation'] {
  const list = checkArray(value, at);
  if (list.length > Math.min(maxMessages, newest))
    throw invalidArgument(
      at,
      list.length > newest
        ? `of ${newest} messages at most, by messageNumber`
        : `of ${maxMessages} messages at most, by config.maxMessages`,
      list,
    );
  let total = 0;
  const conversation = list.map((item, n) => {
    const here = `${at}[${n}]`;
    const [given, tokens] = checkPair(item, here);
    const message = checkMessage(given, `${here}[0]`, place);
    const expected = messageId(place.sessionId, newest - list.length + 1 + n);
    if (message.id !== expected)
      throw invalidArgument(`${here}[0].id`, `"${expected}", the next without a hole`, message.id);
    total += checkInteger(tokens, `${here}[1]`, { min: 0, max: maxTokens });
    return Object.freeze([message, tokens as number] as const);
  });
  if (total > maxTokens)
    throw invalidArgument(at, `of ${maxTokens} tokens at most, by config.maxTokens, not ${total}`, list);
  return Object.freeze(conversation);
}

/** The message of each key is the one in the conversation, while it is there. */
function checkKeyed(
  value: unknown,
  at: string,
  newest: number,
  conversation: SessionData['conversation'],
  place: Place,
): SessionData['keyed'] {
  const byId = new Map(conversation.map(([message]) => [message.id, message]));
  const keyed = checkEntries(value, at, checkKey, (given, at) => checkMessage(given, at, place));
  const byKey = new Map(keyed);
  keyed.forEach(([key, message], n) => {
    const here = `${at}[${n}][1]`;
    if (message.idempotencyKey !== key)
      throw invalidArgument(`${here}.idempotencyKey`, `"${key}", its key`, message.idempotencyKey);
    if ((messageNumber(place.sessionId, message.id) ?? 0) > newest)
      throw invalidArgument(
        `${here}.id`,
        `the id of message ${newest} at most, by messageNumber`,
        message.id,
      );
    const present = byId.get(message.id);
    if (present && !sameJson(present, message))
      throw invalidArgument(here, 'the same as in the conversation', message);
  });
  for (const [{ id, idempotencyKey }] of conversation)
    if (idempotencyKey !== undefined && byKey.get(idempotencyKey)?.id !== id)
      throw invalidArgument(
        at,
        `with the message "${id}" under its key ${JSON.stringify(idempotencyKey)}`,
        value,
      );
  return keyed;
}

function checkMessage(value: unknown, at: string, { sessionId, limits }: Place): Message {
  const message = checkFields(value, at, MESSAGE_FIELDS);
  const { id, idempotencyKey, toolCallId, metadata } = message;
  if (typeof id !== 'string' || messageNumber(sessionId, id) === undefined)
    throw invalidArgument(`${at}.id`, `the id of a message of session "${sessionId}"`, id);
  return Object.freeze({
    id,
    seq: checkInteger(message.seq, `${at}.seq`, { min: 0, max: MAX_NUMBER }),
    role: checkRole(message.role, `${at}.role`),
    content: checkContent(message.content, `${at}.content`, limits),
    createdAt: checkTime(message.createdAt, `${at}.createdAt`),
    ...(idempotencyKey !== undefined && {
      idempotencyKey: checkKey(idempotencyKey, `${at}.idempotencyKey`),
    }),
    ...(toolCallId !== undefined && { toolCallId: checkString(toolCallId, `${at}.toolCallId`, { min: 1 }) }),
    ...(metadata !== undefined && {
      metadata: sized(copyJsonObject(metadata, `${at}.metadata`), `${at}.metadata`, limits),
    }),
  });
}

function checkContent(value: unknown, at: string, limits: DocumentLimits | undefined): Content {
  if (typeof value !== 'string' && !Array.isArray(value))
    throw invalidArgument(at, 'a string or an array of content parts', value);
  const content = sized(copyJson(value, at), at, limits);
  if (Array.isArray(content))
    content.forEach((part: Json, n) => {
      if (typeof (part as JsonObject | null)?.type !== 'string')
        throw invalidArgument(`${at}[${n}]`, 'an object with a string `type`', part);
    });
  return content as Content;
}

function checkFiles(value: unknown, at: string, { maxFiles }: SessionConfig): SessionData['files'] {
  const files = checkEntries(value, at, checkPath, checkTime);
  if (files.length > maxFiles)
    throw invalidArgument(at, `of ${maxFiles} files at most, by config.maxFiles`, value);
  return files;
}

/** `[name, value]` pairs in which no name comes twice. */
function checkEntries<V>(
  value: unknown,
  at: string,
  checkName: (value: unknown, at: string) => string,
  checkValue: (value: unknown, at: string) => V,
): ReadonlyArray<readonly [string, V]> {
  const names = new Set<string>();
  const entries = checkArray(value, at).map((item, n) => {
    const here = `${at}[${n}]`;
    const [givenName, givenValue] = checkPair(item, here);
    const name = checkName(givenName, `${here}[0]`);
    if (names.has(name)) throw invalidArgument(`${here}[0]`, 'given once', name);
    names.add(name);
    return Object.freeze([name, checkValue(givenValue, `${here}[1]`)] as const);
  });
  return Object.freeze(entries);
}

/** A record with no other fields than these; each is still to be checked. */
export function checkFields<K extends string>(
  value: unknown,
  at: string,
  names: readonly K[],
): Partial<Record<K, unknown>> {
  const record = checkRecord(value, at);
  const unknown = Object.keys(record).find((key) => !(names as readonly string[]).includes(key));
  if (unknown === undefined) return record as Partial<Record<K, unknown>>;
  const path = `${at}[${JSON.stringify(unknown)}]`;
  throw new SessionError(
    'INVALID_ARGUMENT',
    `${at} has a field ${JSON.stringify(unknown.slice(0, 40))} that is not in the format; it has ${names.join(', ')}.`,
    { details: { path, expected: names } },
  );
}

function checkRecord(value: unknown, at: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw invalidArgument(at, 'an object', value);
}

function checkArray(value: unknown, at: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalidArgument(at, 'an array', value);
}

function checkPair(value: unknown, at: string): readonly [unknown, unknown] {
  const pair = checkArray(value, at);
  if (pair.length === 2) return [pair[0], pair[1]];
  throw invalidArgument(at, `an array of two, not of ${pair.length}`, value);
}

/** As the engine writes it: the full ISO 8601 form in UTC, with milliseconds. */
export function checkTime(value: unknown, at: string): string {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(ms) && new Date(ms).toISOString() === value) return value;
  throw invalidArgument(at, 'a time like "2026-01-31T09:30:00.000Z"', value);
}

export function checkSize(
  value: Json,
  at: string,
  option: keyof DocumentLimits,
  limits: DocumentLimits = {},
): void {
  const limit = limits[option] ?? defaults.limits[option];
  if (exceedsBytes(value, limit))
    throw new SessionError(
      'PAYLOAD_TOO_LARGE',
      `${at} is larger than ${limit} bytes of JSON (limits.${option}).`,
      { details: { path: at, limit } },
    );
}

function sized<T extends Json>(value: T, at: string, limits: DocumentLimits | undefined): T {
  checkSize(value, at, 'maxMessageBytes', limits);
  return value;
}

/** Whatever the order of the keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as JsonObject, b as JsonObject];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key], right[key]))
  );
}
