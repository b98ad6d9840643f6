/** Charts and their drawings, each worked out once. */
import { type Chart, chartOf, type Drawing, isDiagramError, outlineOf } from 'chartroom/diagram';
import { useEffect, useState } from 'preact/hooks';
import type { Drawings } from '../drawings.ts';

type Definition = Parameters<typeof chartOf>[0];

export type ReadChart = { readonly chart: Chart } | { readonly reason: string };

const read = new WeakMap<object, ReadChart>();

/** A definition may come from anywhere, and say anything. */
export function readChart(definition: object): ReadChart {
  const known = read.get(definition);
  if (known) return known;
  const made = attempt(definition);
  read.set(definition, made);
  return made;
}

function attempt(definition: object): ReadChart {
  try {
    return { chart: chartOf(definition as Definition) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

export type ChartLook =
  | { readonly is: 'none'; readonly reason: string }
  | { readonly is: 'waiting' }
  | { readonly is: 'drawn'; readonly chart: Chart; readonly drawing: Drawing }
  | { readonly is: 'outline'; readonly outline: string; readonly reason: string };

/** How a definition is to be shown. What comes late of another one is passed over. */
export function useChart(definition: object | undefined, drawings: Drawings): ChartLook {
  const made = definition && readChart(definition);
  const chart = made && 'chart' in made ? made.chart : undefined;
  const [state, setState] = useState<{ readonly chart: Chart; readonly look: ChartLook } | undefined>();
  useEffect(() => {
    if (!chart) return;
    let isOver = false;
    const show = (look: ChartLook) => {
      if (!isOver) setState({ chart, look });
    };
    drawings.of(chart).then(
      (drawing) => show({ is: 'drawn', chart, drawing }),
      (error) => show({ is: 'outline', outline: outlineOf(chart), reason: reasonOf(error) }),
    );
    return () => {
      isOver = true;
    };
  }, [chart, drawings]);
  if (!made) return { is: 'none', reason: 'Its definition was not told.' };
  if (!chart) return { is: 'none', reason: 'reason' in made ? made.reason : '' };
  return state?.chart === chart ? state.look : { is: 'waiting' };
}

function reasonOf(error: unknown): string {
  if (isDiagramError(error)) return error.message;
  return error instanceof Error ? error.message : String(error);
}
