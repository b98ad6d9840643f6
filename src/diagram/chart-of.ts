import { type AnyStateMachine, createMachine } from 'xstate';
import type { JsonObject } from '../data.ts';
import { type Chart, MAX_DEPTH, MAX_STATES } from './chart.ts';
import { readDefinition } from './definition.ts';
import { DiagramError, isDiagramError } from './error.ts';
import { describeMachine, isMachine } from './machine.ts';
import { mended } from './mend.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The chart of a machine; of its definition as JSON, as traces hold it; or of its config as JSON, as the inspectors of
 * other tools send it. A machine tells most: JSON has lost the names of functions that were written in place, and
 * where a history state leads at first.
 *
 * Throws a `DiagramError`, and nothing else, whatever it is given: `INVALID_DEFINITION`, or `TOO_LARGE` for more than
 * 10,000 states, 50,000 transitions or 64 levels.
 */
export function chartOf(source: AnyStateMachine | JsonObject): Chart {
  try {
    if (isMachine(source)) return readDefinition(describeMachine(source) as unknown as Fields);
    if (typeof source !== 'object' || source === null || Array.isArray(source))
      throw new DiagramError(
        'INVALID_DEFINITION',
        `A machine or its definition was expected, got ${typeof source}.`,
      );
    return readDefinition(isDefinition(source) ? source : definitionOf(source));
  } catch (error) {
    if (isDiagramError(error)) throw error;
    // Getters and proxies, and what XState finds wrong with a config.
    const reason = error instanceof Error ? error.message : String(error);
    throw new DiagramError('INVALID_DEFINITION', `This is no definition of a machine: ${reason}`, {
      cause: error,
    });
  }
}

/** Unlike a config it holds all transitions in a list, too. */
function isDefinition(source: JsonObject): boolean {
  return Array.isArray(source.transitions);
}

/** A config says nothing of ids and targets that XState does not work out first. */
function definitionOf(config: JsonObject): Fields {
  checkDepth(config);
  // What a context was made of is lost, and never drawn.
  const machine = createMachine({
    ...mended(config),
    context: undefined,
  } as never) as unknown as AnyStateMachine;
  return describeMachine(machine) as unknown as Fields;
}

/** XState builds a machine by recursion. */
function checkDepth(config: JsonObject): void {
  const waiting: Array<readonly [fields: unknown, depth: number]> = [[config, 1]];
  let states = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [fields, depth] = next;
    states += 1;
    if (depth > MAX_DEPTH || states > MAX_STATES)
      throw new DiagramError(
        'TOO_LARGE',
        `A chart has at most ${MAX_STATES} states, ${MAX_DEPTH} deep; this config has more.`,
      );
    const children = (fields as { states?: unknown } | null)?.states;
    if (typeof children === 'object' && children !== null)
      for (const child of Object.values(children)) waiting.push([child, depth + 1]);
  }
}
