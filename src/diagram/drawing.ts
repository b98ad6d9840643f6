/** Where everything is: all that a layout says of a chart. JSON, in pixels from the top left corner. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** In the order in which they are painted: the outer ones first. */
  readonly states: readonly DrawnState[];
  readonly markers: readonly DrawnMarker[];
  /** Between the regions of parallel states. */
  readonly dividers: readonly (readonly [from: Point, to: Point])[];
  readonly routes: readonly DrawnRoute[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface DrawnState extends Box {
  readonly id: string;
  /** How many states are inside and not drawn, for want of room. */
  readonly collapsed?: number;
  /** A region of a parallel state, bordered by that state and its dividers; `box` where it has a border of its own. */
  readonly region?: 'cell' | 'box';
}

/** The dot where a state begins, or the bar at which a transition with several targets parts. */
export interface DrawnMarker extends Box {
  readonly kind: 'initial' | 'fork';
}

/** One drawn line; transitions with the same source and the same targets share it. */
export interface DrawnRoute {
  /** Ids of transitions; none for the line of an initial dot, and of a history state. */
  readonly edges: readonly string[];
  readonly points: readonly Point[];
  /** The line ends at a fork, and goes on from there. */
  readonly headless?: true;
  /** Where the words of its transitions are. */
  readonly label?: Box;
}

export function shifted(drawing: Drawing, dx: number, dy: number): Drawing {
  const move = <P extends Point>(point: P): P => ({
    ...point,
    x: tenth(point.x + dx),
    y: tenth(point.y + dy),
  });
  return {
    ...drawing,
    states: drawing.states.map(move),
    markers: drawing.markers.map(move),
    dividers: drawing.dividers.map(([from, to]) => [move(from), move(to)]),
    routes: drawing.routes.map((route) => ({
      ...route,
      points: route.points.map(move),
      ...(route.label && { label: move(route.label) }),
    })),
  };
}

/** A tenth of a pixel is enough, and keeps files small. */
export function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
