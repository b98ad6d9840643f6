import { type Chart, chartKey, type Drawing, type LayoutEngine, layOut } from 'chartroom/diagram';
import type { Drawings } from './drawings.ts';

/** Drawings laid out by ELK, which is started with the first of them. */
export class ElkDrawings implements Drawings {
  readonly #start: () => LayoutEngine | Promise<LayoutEngine>;
  readonly #known = new Map<string, Promise<Drawing>>();
  #elk: Promise<LayoutEngine> | undefined;

  constructor(start: () => LayoutEngine | Promise<LayoutEngine>) {
    this.#start = start;
  }

  of(chart: Chart): Promise<Drawing> {
    const key = chartKey(chart);
    const known = this.#known.get(key);
    if (known) return known;
    this.#elk ??= Promise.resolve(this.#start());
    const started = this.#elk;
    const drawing = started.then((elk) => layOut(chart, { elk }));
    this.#known.set(key, drawing);
    // What was not to be had now may be later.
    started.catch(() => {
      this.#known.delete(key);
      if (this.#elk === started) this.#elk = undefined;
    });
    return drawing;
  }
}
