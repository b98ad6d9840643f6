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

/** What of a drawing a chart lights. */
export function litOf(chart: Chart, { value, previous, event }: ChartMoment): Lit {
  if (value === undefined || value === null) return { active: [], lastEdge: undefined };
  const active = activeStates(value as StateValue);
  if (previous === undefined || previous === null) return { active, lastEdge: undefined };
  const told = edgeOf(chart, previous as StateValue, String(event?.type ?? ''), value as StateValue);
  const left = activeStates(previous as StateValue);
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
