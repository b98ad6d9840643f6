import { type Chart, chartKey, chartOf, DiagramError, type Drawing } from 'chartroom/diagram';
import type { Recording } from 'chartroom/inspect';
import { isDrawing } from './saved-drawing.ts';

/** Where a view gets the layout of a chart from: a worker with ELK, or what a saved trace carries with it. */
export interface Drawings {
  /** Of the same chart it is worked out once. Rejects with a `DiagramError`; `outlineOf` is then what is shown. */
  of(chart: Chart): Promise<Drawing>;
}

/** Those that a saved trace has brought. */
export class SavedDrawings implements Drawings {
  readonly #saved: Readonly<Record<string, unknown>>;

  constructor(saved: Readonly<Record<string, unknown>>) {
    this.#saved = saved;
  }

  async of(chart: Chart): Promise<Drawing> {
    const key = chartKey(chart);
    const drawing = Object.hasOwn(this.#saved, key) ? this.#saved[key] : undefined;
    if (isDrawing(drawing)) return drawing;
    if (drawing !== undefined)
      throw new DiagramError('LAYOUT_FAILED', 'The drawing of this chart in this file is damaged.');
    throw new DiagramError('LAYOUT_MISSING', 'This file was saved without a drawing of this chart.');
  }
}

/** What a saved trace is to carry: a drawing of each of its charts that can be drawn. */
export async function drawingsFor(
  definitions: Recording['definitions'],
  drawings: Drawings,
): Promise<Record<string, Drawing>> {
  const drawn = await Promise.all(
    Object.values(definitions).map(async (definition) => {
      try {
        const chart = chartOf(definition);
        return [[chartKey(chart), await drawings.of(chart)] as const];
      } catch {
        // It is shown as an outline, where it is opened too.
        return [];
      }
    }),
  );
  return Object.fromEntries(drawn.flat());
}
