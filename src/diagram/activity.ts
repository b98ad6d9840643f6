/** Where a running machine is on its chart. */
import type { StateValue } from 'xstate';
import { type Chart, type ChartEdge, isForbidden, ROOT, stateId } from './chart.ts';

/** Deeper values are of no chart there is. */
const MAX_DEPTH = 100;

/** The ids of all states that are active in a state value, those around others included; the machine itself left out. */
export function activeStates(value: StateValue): string[] {
  const found: string[] = [];
  collect(value, ROOT, found, 0);
  return found;
}

function collect(value: unknown, parent: string, found: string[], depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (typeof value === 'string') found.push(stateId(parent, value));
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const id = stateId(parent, key);
    found.push(id);
    collect(inner, id, found, depth + 1);
  }
}

/**
 * The transition that most likely was taken when an event led from one state value to the next; `undefined` when none
 * can have been, as for the first snapshot of an actor, which has nothing before it.
 *
 * Guards are not known here. Of the transitions that the event can trigger, inner states before outer ones and in their
 * order, it is the first whose targets are active after it; failing that the first of all, for what is taken `always`
 * may have led on from its target. Where nothing has changed, one with a guard and a target was not taken.
 */
export function edgeOf(
  chart: Chart,
  before: StateValue | undefined,
  eventType: string,
  after: StateValue,
): string | undefined {
  if (before === undefined) return undefined;
  const [active, next] = [activeStates(before), new Set(activeStates(after))];
  const stays = active.length === next.size && active.every((id) => next.has(id));
  const bySource = Map.groupBy(chart.edges, ({ source }) => source);
  // Deeper states were found later, whatever region they are in.
  const parents = new Map(chart.states.map(({ id, parent }) => [id, parent]));
  const shadowed = new Set<string>();
  const possible = [...active.toReversed(), ROOT].flatMap((id) => {
    if (shadowed.has(id)) return [];
    const edges = triggered(bySource.get(id) ?? [], eventType);
    const last = edges.findIndex((edge) => isForbidden(edge) && edge.guard === undefined);
    if (last === -1) return edges;
    // What forbids an event keeps it from the states around, too.
    for (let outer = parents.get(id); outer !== undefined; outer = parents.get(outer)) shadowed.add(outer);
    return edges.slice(0, last + 1);
  });
  // A history state itself is never active: it leads on into its parent.
  const histories = new Map(
    chart.states.map(({ id, type, parent }) => [id, type === 'history' ? parent : undefined]),
  );
  const isReached = (target: string) => target === ROOT || next.has(histories.get(target) ?? target);
  const likely = possible.find(({ targets }) => (targets.length === 0 ? stays : targets.every(isReached)));
  if (likely) return likely.id;
  // Where all is as it was, a guard has most likely said no.
  const led = possible.find(({ targets, guard }) => targets.length > 0 && !(stays && guard !== undefined));
  return (led ?? (stays ? undefined : possible.find((edge) => !isForbidden(edge))))?.id;
}

/** The most exact descriptors first, as XState tries them. */
function triggered(edges: readonly ChartEdge[], eventType: string): ChartEdge[] {
  return edges
    .filter(({ event }) => matches(eventType, event))
    .sort((a, b) => exactness(b.event) - exactness(a.event));
}

/** `*` is any event, `mouse.*` is `mouse` and whatever begins with `mouse.`. */
function matches(eventType: string, descriptor: string): boolean {
  if (descriptor === eventType || descriptor === '*') return true;
  return descriptor.endsWith('.*') && `${eventType}.`.startsWith(descriptor.slice(0, -1));
}

function exactness(descriptor: string): number {
  return descriptor.endsWith('*') ? descriptor.length : Number.POSITIVE_INFINITY;
}
