/** What `@statelyai/inspect` says of an XState app, as far as it is needed, and checked. */
import type { JsonObject } from '../data.ts';
import { isDeep } from './nesting.ts';
import { isObject } from './told.ts';

interface Common {
  readonly sessionId: string;
  /** Of the actor system's root. The stock adapter leaves it out of what an app tells by hand. */
  readonly rootId?: string;
  /** Milliseconds since 1970 on the app's clock. */
  readonly at?: number;
}

export type StatelyMessage = Common &
  (
    | {
        readonly type: 'actor';
        readonly name: string;
        readonly parentId?: string;
        /** The machine's config; absent from logic that is no machine, and where it is too large to be drawn. */
        readonly definition?: JsonObject;
        readonly snapshot: unknown;
      }
    | { readonly type: 'event'; readonly event: { readonly type: string } }
    | { readonly type: 'snapshot'; readonly snapshot: unknown }
  );

/** `passed` stands for a message of a kind that a newer version may have. */
export type Read = StatelyMessage | { readonly wrong: string } | 'passed';

const MAX_NAME_LENGTH = 200;
const MAX_DEFINITION_LENGTH = 256 * 1024;
const MAX_DATE_MS = 8.64e15;

/** Never throws. */
export function readStately(message: unknown): Read {
  if (!isObject(message) || typeof message.type !== 'string' || typeof message._version !== 'string')
    return {
      wrong:
        'Expected a message of @statelyai/inspect: an object with a string "type" and a string "_version".',
    };
  const read = READERS[message.type];
  if (!read || !Object.hasOwn(READERS, message.type)) return 'passed';
  const sessionId = nameOf(message.sessionId);
  if (sessionId === undefined)
    return { wrong: `${message.type}: "sessionId" must be a text of 1 to ${MAX_NAME_LENGTH} characters.` };
  const rootId = nameOf(message.rootId);
  const at = timeOf(message.createdAt);
  return read(message, {
    sessionId,
    // A placeholder of what is told by hand.
    ...(rootId !== undefined && rootId !== 'anonymous' && { rootId }),
    ...(at !== undefined && { at }),
  });
}

const READERS: Readonly<Record<string, (message: Record<string, unknown>, common: Common) => Read>> = {
  '@xstate.actor'(message, common) {
    const parentId = nameOf(message.parentId);
    const definition = definitionIn(message.definition);
    return {
      ...common,
      type: 'actor',
      name: nameOf(message.name) ?? common.sessionId,
      ...(parentId !== undefined && { parentId }),
      ...(definition && { definition }),
      snapshot: message.snapshot,
    };
  },

  '@xstate.event'({ event }, common) {
    if (!isObject(event) || typeof event.type !== 'string')
      return { wrong: '@xstate.event: "event" must be an object with a string "type".' };
    return { ...common, type: 'event', event: event as { type: string } };
  },

  '@xstate.snapshot': ({ snapshot }, common) => ({ ...common, type: 'snapshot', snapshot }),
};

/** Of logic that is no machine the stock adapter sends a definition too, which has a name and nothing else. */
function definitionIn(text: unknown): JsonObject | undefined {
  if (typeof text !== 'string' || text.length > MAX_DEFINITION_LENGTH) return undefined;
  const parsed = parse(text);
  if (!isObject(parsed) || isDeep(parsed)) return undefined;
  // It belongs to a start of the machine, not to the machine, and may be large.
  const { context: _, ...definition } = parsed;
  return Object.keys(definition).some((key) => key !== 'id') ? (definition as JsonObject) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= MAX_NAME_LENGTH ? value : undefined;
}

/** The stock adapter sends the digits of a number. */
function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const time = Number(value);
  const at = Number.isNaN(time) ? Date.parse(String(value)) : time;
  return value !== '' && Math.abs(at) <= MAX_DATE_MS ? at : undefined;
}
