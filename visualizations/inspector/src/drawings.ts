import type { Chart, Drawing } from 'chartroom/diagram';

/** Where a view gets the layout of a chart from: a worker with ELK, or what a saved trace carries with it. */
export interface Drawings {
  /** Of the same chart it is worked out once. Rejects with a `DiagramError`; `outlineOf` is then what is shown. */
  of(chart: Chart): Promise<Drawing>;
}
