/**
 * What the user's own agent and hooks write. No call of the run explains it, so it is taken from what was stored,
 * and from then on it must be kept like everything else.
 */
import type { Json, Message } from '../../data.ts';
import type { SessionEvent } from '../../events/types.ts';
import type { JournalRecord } from '../../store/port.ts';
import type { Bounds, State } from './spec.ts';
import { writesItself } from './subject.ts';
import type { World } from './world.ts';

const WRITES: readonly string[] = [
  'conversation_added',
  'conversation_cleared',
  'file_added',
  'file_removed',
  'context_updated',
  'working_context_updated',
];

/** Takes it for the user's, if the user has code in there and it is something that code can write. */
export function takeForeign({ subject, foreign, foreignTexts }: World, event: SessionEvent): boolean {
  if (!writesItself(subject) || !WRITES.includes(event.type)) return false;
  foreign.add(event.seq);
  if (event.type === 'conversation_added') foreignTexts.add(textOf(event.message.content));
  return true;
}

/** A message's content, or a value of the working context, as one text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

export function applyForeign(state: State, { type, payload }: JournalRecord, bounds: Bounds): State {
  const said = payload as Readonly<Record<string, Json>>;
  switch (type) {
    case 'conversation_added':
      return addMessage(state, said.message as unknown as Message, bounds);
    case 'conversation_cleared':
      return { ...state, messages: [] };
    case 'file_added':
      return { ...state, files: [...state.files.filter((path) => path !== said.path), String(said.path)] };
    case 'file_removed':
      return { ...state, files: state.files.filter((path) => path !== said.path) };
    case 'context_updated':
      return { ...state, index: indexAfter(state.index, said) };
    default:
      return { ...state, context: contextAfter(state.context, said) };
  }
}

function addMessage(state: State, { content, idempotencyKey }: Message, bounds: Bounds): State {
  const text = textOf(content);
  const messages = [...state.messages, text].slice(-bounds.maxMessages);
  while (messages.reduce((sum, each) => sum + Math.ceil(each.length / 4), 0) > bounds.maxTokens)
    messages.shift();
  const keyed = idempotencyKey === undefined ? state.keyed : { ...state.keyed, [idempotencyKey]: text };
  return { ...state, messages, keyed };
}

function indexAfter(index: State['index'], { filesChanged, metadata }: Readonly<Record<string, Json>>) {
  const after = new Map(Object.entries(index));
  for (const path of filesChanged as readonly string[]) {
    if (metadata === null) after.delete(path);
    else after.set(path, { ...after.get(path), ...textsOf(metadata as Readonly<Record<string, Json>>) });
  }
  return Object.fromEntries(after);
}

function contextAfter(context: State['context'], { key, value }: Readonly<Record<string, Json>>) {
  const after = new Map(Object.entries(context));
  if (value === undefined) after.delete(String(key));
  else after.set(String(key), textOf(value));
  return Object.fromEntries(after);
}

function textsOf(record: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, textOf(value)]));
}
