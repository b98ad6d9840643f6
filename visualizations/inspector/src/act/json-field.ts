/** What people type into a field that takes JSON, read with forbearance. */
import type { Json, JsonObject } from 'chartroom';

/** A text that is no JSON is itself: somebody who sends `hello` means `"hello"`. */
export function contentOf(text: string): Json {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed)) return text;
  try {
    return JSON.parse(trimmed) as Json;
  } catch {
    return text;
  }
}

/** `{}` for an empty text. Throws an `Error` that says what is wrong, for the one who typed it. */
export function objectOf(text: string): JsonObject {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`This is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('A JSON object was expected, such as {"key": "value"}.');
  return value as JsonObject;
}

/** An object with a `type`, as `dispatch` takes it; a word alone is an event without anything else. */
export function eventOf(text: string): JsonObject {
  const trimmed = text.trim();
  if (/^[\w.:*-]+$/.test(trimmed)) return { type: trimmed };
  const event = objectOf(trimmed);
  if (typeof event.type !== 'string' || event.type === '')
    throw new Error('An event has a type: {"type": "agent.ping"}, or just its name.');
  return event;
}

/** What is wrong with a text, as a field of a dialog asks. */
export function wrongWith(read: (text: string) => unknown): (text: string) => string | undefined {
  return (text) => {
    try {
      read(text);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
}
