import type { SessionStatus } from 'chartroom';
import { chartOf } from 'chartroom/diagram';
import { sessionMachine } from 'chartroom/machines';

/**
 * A small drawing of the session's own machine: which states and transitions there are is read off the machine, and
 * only their places are written down here.
 */
export interface DrawnState {
  /** Of the machine: `running.active`. */
  readonly id: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly isFinal: boolean;
}

export interface DrawnEdge {
  readonly id: string;
  /** Of an SVG path. */
  readonly d: string;
  readonly source: string;
  readonly target: string;
}

export const BOX = { width: 84, height: 28 } as const;
export const SIZE = { width: 316, height: 138 } as const;
/** The compound state around `active` and `idle`. */
export const RUNNING = { x: 110, y: 4, width: 202, height: 52 } as const;

const PLACES: Readonly<Record<string, readonly [x: number, y: number]>> = {
  initializing: [6, 20],
  'running.active': [116, 20],
  'running.idle': [222, 20],
  terminating: [116, 86],
  terminated: [222, 86],
};

const ROUTES: Readonly<Record<string, string>> = {
  'initializing running': 'M90 34H109',
  'initializing terminated': 'M48 48V122Q48 130 56 130H256Q264 130 264 122V115',
  'running terminating': 'M158 56V85',
  'running.active running.idle': 'M200 29H221',
  'running.idle running.active': 'M222 39H201',
  'terminating terminated': 'M200 100H221',
};

const chart = chartOf(sessionMachine);

export const states: readonly DrawnState[] = chart.states
  .filter(({ id, type }) => id !== '' && type !== 'compound')
  .map(({ id, key, type }) => {
    const [x, y] = placeOf(PLACES, id);
    return { id, name: key, x, y, isFinal: type === 'final' };
  });

export const edges: readonly DrawnEdge[] = chart.edges.flatMap(({ id, source, targets }) =>
  targets.map((target) => ({ id, source, target, d: placeOf(ROUTES, `${source} ${target}`) })),
);

/** The transition that leads from one status to another; undefined for a restart, which begins a new chart. */
export function edgeBetween(before: SessionStatus, after: SessionStatus): string | undefined {
  const [from, to] = [around(before), around(after)];
  // Inner states before outer ones, as the machine tries them.
  for (const source of from)
    for (const target of to) {
      const edge = edges.find((each) => each.source === source && each.target === target);
      if (edge) return edge.id;
    }
  return undefined;
}

/** The id of the state of that name, and of those around it. */
function around(status: SessionStatus): string[] {
  const found = states.find(({ name }) => name === status)?.id ?? status;
  const keys = found.split('.');
  return keys.map((_, index) => keys.slice(0, keys.length - index).join('.'));
}

function placeOf<T>(places: Readonly<Record<string, T>>, name: string): T {
  const place = places[name];
  if (place === undefined) throw new Error(`The machine has “${name}”, and the drawing has no place for it.`);
  return place;
}
