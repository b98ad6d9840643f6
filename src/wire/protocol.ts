import type { Json } from '../data.ts';
import type { PublishedEvent, SessionEvent } from '../events/types.ts';
import type { Failure } from './failure.ts';
import type { PackedArguments } from './packed.ts';

/** Of the messages below. Both ends must speak the same. */
export const PROTOCOL_VERSION = 1;

/** What a client says. */
export type Request =
  | ({ readonly type: 'call'; readonly call: number; readonly op: string } & PackedArguments)
  | { readonly type: 'abort'; readonly call: number }
  /** Asks for the events of all sessions: from now on, or those after `from` of that journal first. */
  | { readonly type: 'listen'; readonly from?: number; readonly journal?: string };

/** What comes back. Events are posted before the replies of the calls that caused them. */
export type Answer =
  | { readonly type: 'value'; readonly call: number; readonly value: unknown }
  | { readonly type: 'error'; readonly call: number; readonly error: Failure }
  /** The call was not begun: whoever serves next may be asked. */
  | { readonly type: 'refused'; readonly call: number }
  /** The last word: what was asked and is neither answered nor among these was not begun. */
  | { readonly type: 'over'; readonly begun: readonly number[] }
  | ({ readonly type: 'listening'; readonly from: number } & JournalPosition)
  | { readonly type: 'events'; readonly events: readonly SessionEvent[] };

export interface JournalPosition {
  /** Which one: the same as long as its `seq` go on. */
  readonly journal: string;
  /** The newest `seq` of which no event can be given any more. */
  readonly cutSeq: number;
}

/** A page of past events, as the op `past` gives it. A fact without an event is its `seq` alone. */
export interface PastPage {
  readonly cutSeq: number;
  readonly events: readonly (PublishedEvent | number)[];
}

/** What `createSession` gives: the incarnation that its handle ends when it is disposed. */
export interface Created {
  readonly id: string;
  readonly seq: number;
}

/** A message of either end is an object with a `type`; whatever else comes is not of this protocol. */
export function isMessage(message: unknown): message is { readonly type: string } & Record<string, Json> {
  return isObject(message) && typeof message.type === 'string';
}

/** Whether what comes back has the parts without which nobody can make anything of it. */
export function isAnswer(message: unknown): message is Answer {
  if (!isMessage(message)) return false;
  const { type, events, error, begun, from, cutSeq, journal } = message as Record<string, unknown>;
  if (type === 'events') return Array.isArray(events) && events.every(isEvent);
  if (type === 'error') return isFailure(error);
  if (type === 'over') return Array.isArray(begun);
  if (type !== 'listening') return type === 'value' || type === 'refused';
  return Number.isSafeInteger(from) && Number.isSafeInteger(cutSeq) && typeof journal === 'string';
}

function isEvent(event: unknown): boolean {
  if (!isObject(event) || typeof event.type !== 'string' || !Number.isSafeInteger(event.seq)) return false;
  return event.type !== 'gap' || Number.isSafeInteger(event.to);
}

function isFailure(error: unknown): boolean {
  if (!isObject(error) || typeof error.message !== 'string') return false;
  const { cause } = error;
  return cause === undefined || (isObject(cause) && ('json' in cause || isFailure(cause)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
