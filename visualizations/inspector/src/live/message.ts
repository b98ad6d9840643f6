import type { InspectorMessage } from 'chartroom/inspect';
import { isObject } from '../is-object.ts';

type Fits = (value: unknown) => boolean;

/**
 * What must be there for the app to go by a message, by its type. A newer inspector may say more, and a message of a
 * type that is not here is passed over by whoever gets it.
 */
const SHAPES: { readonly [T in InspectorMessage['type']]: Readonly<Record<string, Fits>> } = {
  hello: { allow: isTexts, redacted: isTexts, now: isNumber },
  fleet: {
    rows: isMissingOr(isListOf(isRow)),
    changes: isMissingOr(isListOf(isNamed)),
    gone: isMissingOr(isTexts),
    hidden: isMissingOr(isNumber),
  },
  apps: { rows: isListOf(isNamed) },
  pulse: { now: isNumber, facts: isObject, stats: isStats },
  looking: {
    subject: isText,
    recording: isRecording,
    detail: isDetail,
    now: isNumber,
    from: isMissingOr(isNumber),
  },
  entries: { subject: isText, entries: isListOf(isEntry), definitions: isMissingOr(isObject) },
  detail: { subject: isText, detail: isDetail, now: isNumber },
  missing: { subject: isText, message: isText },
  answer: { request: isNumber, error: isMissingOr(isObject) },
  refused: { message: isText },
  closed: { message: isText },
};

/** A message as it came from the line; undefined for what is none. */
export function readMessage(data: unknown): InspectorMessage | undefined {
  const value = typeof data === 'string' ? parsed(data) : undefined;
  if (!isObject(value) || !isText(value.type)) return undefined;
  const shape = Object.hasOwn(SHAPES, value.type) ? SHAPES[value.type as InspectorMessage['type']] : {};
  const fits = Object.entries(shape).every(([key, each]) => each(value[key]));
  return fits ? (value as unknown as InspectorMessage) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRow(value: unknown): boolean {
  return isNamed(value) && isText(value.status) && isNumber(value.seq);
}

function isStats(value: unknown): boolean {
  return isObject(value) && isObject(value.sessions) && Object.values(value.sessions).every(isNumber);
}

function isRecording(value: unknown): boolean {
  if (!isObject(value) || !isObject(value.definitions) || !isObject(value.bases)) return false;
  return isListOf(isEntry)(value.entries);
}

function isEntry(value: unknown): boolean {
  return isObject(value) && isText(value.kind);
}

function isDetail(value: unknown): boolean {
  return isObject(value) && Array.isArray(value.actors) && Array.isArray(value.deadlines);
}

function isNamed(value: unknown): value is Record<string, unknown> {
  return isObject(value) && isText(value.id);
}

function isTexts(value: unknown): boolean {
  return isListOf(isText)(value);
}

function isListOf(fits: Fits): Fits {
  return (value) => Array.isArray(value) && value.every(fits);
}

function isMissingOr(fits: Fits): Fits {
  return (value) => value === undefined || fits(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}
