/** A chart as a document: what a viewer needs to draw it without the code. */
import type { AnyStateMachine, StateNode } from 'xstate';
import type { Json, JsonObject } from '../data.ts';
import { portray } from './machine/portrait.ts';

/**
 * XState's description of a machine (`machine.definition`) as JSON, and beside each state's `on` its `always`, which
 * XState leaves out. What it holds besides (functions, classes) is named.
 */
export function definitionOf(machine: AnyStateMachine): JsonObject {
  return withAlways(machine.root, plain(machine.definition) as JsonObject);
}

function withAlways(node: StateNode, definition: JsonObject): JsonObject {
  const states = Object.entries((definition.states ?? {}) as Readonly<Record<string, JsonObject>>).map(
    ([key, state]) => {
      const child = node.states[key];
      return [key, child ? withAlways(child, state) : state];
    },
  );
  const always = node.always ? { always: plain(node.always) } : {};
  return { ...definition, ...always, states: Object.fromEntries(states) };
}

/** `toJSON` is obeyed, as `JSON.stringify` would: it is what makes a definition finite. */
function plain(value: unknown, depth = 0): Json {
  if (typeof value !== 'object' || value === null || depth > 64) return portray(value);
  const { toJSON } = value as { toJSON?: unknown };
  const shown: unknown = typeof toJSON === 'function' ? (toJSON as () => unknown).call(value) : value;
  if (typeof shown !== 'object' || shown === null) return portray(shown);
  if (Array.isArray(shown)) return shown.map((each) => plain(each, depth + 1));
  const entries = Object.entries(shown).filter(([key, each]) => each !== undefined && key !== 'toJSON');
  return Object.fromEntries(entries.map(([key, each]) => [key, plain(each, depth + 1)]));
}
