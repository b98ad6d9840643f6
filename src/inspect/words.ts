/** What an entry says, as a person would. Nothing here trusts the shape of what it reads. */
import type { Json } from '../data.ts';
import type { TraceEntry } from '../testing/trace.ts';
import { legible } from './legible.ts';
import { isObject } from './told.ts';

type Call = Extract<TraceEntry, { kind: 'call' }>;
type Fields = Readonly<Record<string, Json | undefined>>;

/** `begun` is the call that a `settled` entry settles. */
export function entryInWords(entry: TraceEntry, begun?: Call): string {
  try {
    return legible(wordsOf(entry, begun));
  } catch {
    // A text with a value in it that has a `toString` of its own, which is no function.
    return entry.kind;
  }
}

function wordsOf(entry: TraceEntry, begun: Call | undefined): string {
  switch (entry.kind) {
    case 'fact':
      return tellingInWords(entry.fact, fieldsOf(entry.fact?.payload));
    case 'event':
      return tellingInWords(entry.event, fieldsOf(entry.event));
    case 'sent':
      return eventInWords(entry.event);
    case 'snapshot': {
      const status = entry.status === 'active' || entry.status === undefined ? '' : ` (${entry.status})`;
      return `is in ${stateInWords(entry.value)}${status}`;
    }
    case 'call':
      return callInWords(entry);
    case 'settled': {
      const call = begun
        ? callInWords({ ...begun, arguments: undefined } as unknown as Call)
        : `call ${entry.call}`;
      if (!entry.ok) return `${call}: ${entry.error ?? 'failed'}`;
      return entry.value === undefined ? `${call}: done` : `${call}: ${excerpt(entry.value)}`;
    }
    case 'schedule':
      return `goes on: ${entry.label}`;
    default:
      return String((entry as { kind: unknown }).kind);
  }
}

function callInWords({ name, sessionId, arguments: given }: Call): string {
  const of = sessionId === undefined ? '' : ` ${sessionId}`;
  return `${name}${of}${given === undefined || given === null ? '' : ` ${excerpt(given)}`}`;
}

/** `running.active`; of a parallel state all that is active, `upload.running, form.editing`. */
export function stateInWords(value: Json | undefined): string {
  const leaves = (at: Json | undefined, path: string): string[] => {
    if (!isObject(at)) return [path === '' ? excerpt(at) : `${path}.${textOf(at)}`];
    const states = Object.entries(at);
    if (states.length === 0) return [path];
    return states.flatMap(([key, state]) => leaves(state, path === '' ? key : `${path}.${key}`));
  };
  if (typeof value === 'string') return legible(value);
  return clipped(leaves(value, '').join(', '));
}

/** `add {"cents":3}`, `after 10000 ms (checkout.charging)`, `done: charge "receipt"`. */
export function eventInWords(event: unknown): string {
  const { type, ...rest } = fieldsOf(event);
  const name = textOf(type);
  const after = /^xstate\.after\.(.+?)\.(.*)$/.exec(name);
  if (after) return `after ${/^\d+$/.test(after[1] ?? '') ? `${after[1]} ms` : after[1]} (${after[2]})`;
  const ended = /^xstate\.(done|error)\.(?:actor|state)\.(.*)$/.exec(name);
  if (ended) {
    const value = ended[1] === 'done' ? rest.output : rest.error;
    return `${ended[1]}: ${ofState(ended[2] ?? '')}${value === undefined ? '' : ` ${excerpt(value)}`}`;
  }
  return Object.keys(rest).length === 0 ? name : `${name} ${excerpt(rest)}`;
}

/** XState calls what has no id by its place in a state: `0.checkout.paying`. */
function ofState(id: string): string {
  const [, place, state] = /^(\d+)\.(.+)$/.exec(id) ?? [];
  if (state === undefined) return id;
  return place === '0' ? state : `${state} #${place}`;
}

function tellingInWords(head: unknown, payload: Fields): string {
  const type = textOf(fieldsOf(head).type);
  const words = (TELLINGS[type] ?? others)(payload);
  return words === '' ? type : `${type}: ${words}`;
}

const TELLINGS: Readonly<Record<string, (payload: Fields) => string>> = {
  session_created: ({ restored, metadata }) =>
    isObject(restored) ? 'restored from what was saved' : isEmpty(metadata) ? '' : excerpt(metadata),
  session_status: ({ previousStatus, status, reason }) =>
    `${textOf(previousStatus)} → ${textOf(status)}${reason === undefined ? '' : ` (${textOf(reason)})`}`,
  session_crashed: ({ error, restarting, attempt }) =>
    `${errorInWords(error)}; ${restarting === true ? `restarts (${textOf(attempt)})` : 'does not restart'}`,
  session_terminated: ({ reason, error }) =>
    `${textOf(reason)}${error === undefined ? '' : `: ${errorInWords(error)}`}`,
  agent_saved: ({ agent, lost }) => {
    if (lost !== undefined) return `lost, ${textOf(lost)}`;
    if (agent === null) return 'completed';
    const value = fieldsOf(fieldsOf(agent).snapshot).value;
    return value === undefined ? '' : `in ${stateInWords(value)}`;
  },
  conversation_added: ({ message }) =>
    `${textOf(fieldsOf(message).role)} ${contentInWords(fieldsOf(message).content)}`,
  conversation_cleared: () => '',
  file_added: ({ path }) => textOf(path),
  file_removed: ({ path }) => textOf(path),
  context_updated: ({ filesChanged, metadata }) =>
    `${Array.isArray(filesChanged) ? clipped(filesChanged.map(textOf).join(', ')) : textOf(filesChanged)}${
      metadata === null ? ' forgotten' : metadata === undefined ? '' : ` ${excerpt(metadata)}`
    }`,
  working_context_updated: ({ key, value, type }) => {
    if (type !== undefined) return textOf(key);
    return value === undefined ? `${textOf(key)} deleted` : `${textOf(key)} = ${excerpt(value)}`;
  },
  llm_stream_chunk: ({ content, isFinal }) => `${excerpt(content)}${isFinal === true ? ', the last' : ''}`,
  llm_response: ({ content }) => excerpt(content),
  agent_status: ({ status, message }) =>
    `${textOf(status)}${message === undefined ? '' : `, ${textOf(message)}`}`,
  tool_call: ({ toolName, parameters }) => `${textOf(toolName)} ${excerpt(parameters)}`,
  tool_result: ({ toolName, status }) => `${textOf(toolName)} ${textOf(status)}`,
  analysis_complete: ({ filesAnalyzed, issuesFound }) =>
    `${textOf(filesAnalyzed)} files, ${textOf(issuesFound)} issues`,
  issue_found: ({ severity, message, file }) =>
    `${textOf(severity)}: ${textOf(message)}${file === undefined ? '' : ` (${textOf(file)})`}`,
};

const HEAD: ReadonlySet<string> = new Set(['type', 'sessionId', 'seq', 'at']);

function others(payload: Fields): string {
  const rest = Object.entries(payload).filter(([key]) => !HEAD.has(key));
  return rest.length === 0 ? '' : excerpt(Object.fromEntries(rest));
}

/** A message's content: the text, or that of its parts, and what else there is by its type. */
export function contentInWords(content: Json | undefined): string {
  if (!Array.isArray(content)) return excerpt(content);
  const parts = content.map((part) => {
    const { type, text } = fieldsOf(part);
    return typeof text === 'string' ? excerpt(text) : `[${textOf(type)}]`;
  });
  return clipped(parts.join(' '));
}

function errorInWords(error: Json | undefined): string {
  const { name, message } = fieldsOf(error);
  return message === undefined ? excerpt(error) : `${textOf(name)} ${excerpt(message)}`;
}

const MAX_WORDS = 160;

/** A value as JSON, cut where it gets long. */
export function excerpt(value: unknown): string {
  if (value === undefined) return 'nothing';
  // A long text is cut before it is quoted, a large tree never written as a whole.
  if (typeof value === 'string') return legible(JSON.stringify(cut(value)));
  return clipped(JSON.stringify(shallow(value, 4)) ?? String(value));
}

function shallow(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cut(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return Array.isArray(value) ? '[…]' : '{…}';
  if (Array.isArray(value)) return value.slice(0, 12).map((each) => shallow(each, depth - 1));
  const entries = Object.entries(value).slice(0, 12);
  return Object.fromEntries(entries.map(([key, each]) => [cut(key), shallow(each, depth - 1)]));
}

function clipped(text: string): string {
  return legible(cut(text));
}

function cut(text: string): string {
  return text.length <= MAX_WORDS ? text : `${text.slice(0, MAX_WORDS - 1)}…`;
}

function textOf(value: unknown): string {
  if (value === undefined) return '?';
  return typeof value === 'string' ? clipped(value) : excerpt(value);
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

function isEmpty(value: unknown): boolean {
  return !isObject(value) || Object.keys(value).length === 0;
}
