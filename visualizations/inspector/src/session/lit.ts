import type { Json } from 'chartroom';
import { activeStates, type Chart, edgeOf } from 'chartroom/diagram';
import type { ChartMoment } from 'chartroom/inspect';

/** XState's state value, which crosses as JSON. */
type StateValue = Parameters<typeof activeStates>[0];

export interface Lit {
  /** Ids of states. */
  readonly active: readonly string[];
  /** Of the transition that was taken last; undefined where nobody can tell which one. */
  readonly lastEdge: string | undefined;
}

/** Ids of all active states; none of a value that XState would not have. */
export function activeIn(value: Json | undefined): readonly string[] {
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null || Array.isArray(value)))
    return [];
  try {
    return activeStates(value as StateValue);
  } catch {
    return [];
  }
}

/** What of a drawing a chart lights. */
export function litOf(chart: Chart, { value, previous, event }: ChartMoment): Lit {
  if (value === undefined || value === null) return { active: [], lastEdge: undefined };
  const active = activeIn(value);
  if (previous === undefined || previous === null) return { active, lastEdge: undefined };
  const type = typeof event?.type === 'string' ? event.type : '';
  const told = edgeOf(chart, previous as StateValue, type, value as StateValue);
  const left = activeIn(previous);
  return { active, lastEdge: told ?? (event ? undefined : onlyWay(chart, left, active)) };
}

/** Without the event that it was taken for, a transition is known where only one leads from there to here. */
function onlyWay({ edges }: Chart, left: readonly string[], active: readonly string[]): string | undefined {
  if (left.join() === active.join()) return undefined;
  const possible = edges.filter(
    ({ source, targets }) =>
      left.includes(source) && targets.length > 0 && targets.every((target) => active.includes(target)),
  );
  return possible.length === 1 ? possible[0]?.id : undefined;
}
