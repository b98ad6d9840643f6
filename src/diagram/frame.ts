/** The header of a state: how much room its words take, and where they stand in it. */
import type { ChartEdge, ChartState } from './chart.ts';
import { edgeLines, insideLine, LINE_HEIGHT, type Line, nameLine, stateLines } from './label.ts';

export const PADDING = 12;
/** From the top of a state to the line under its name. */
export const NAME_HEIGHT = 32;
const MIN_WIDTH = 64;
const MIN_HEIGHT = 38;
const HISTORY_SIZE = 26;

export interface Frame {
  readonly name: Line;
  readonly lines: readonly Line[];
  /** The least that the state takes; of one with children, of its header. */
  readonly width: number;
  readonly height: number;
}

export function frameOf(
  state: ChartState,
  internal: readonly ChartEdge[],
  collapsed: number | undefined,
): Frame {
  const name = nameLine(state);
  if (state.type === 'history') return { name, lines: [], width: HISTORY_SIZE, height: HISTORY_SIZE };
  const inside: Line[] = collapsed === undefined ? [] : [insideLine(collapsed)];
  const lines = [...stateLines(state, internal), ...inside];
  const widest = Math.max(name.width, ...lines.map(({ width }) => width));
  return {
    name,
    lines,
    width: Math.max(MIN_WIDTH, Math.ceil(widest) + 2 * PADDING),
    height: lines.length === 0 ? MIN_HEIGHT : NAME_HEIGHT + 6 + lines.length * LINE_HEIGHT + 6,
  };
}

export interface Label {
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
}

/** Room around the words, so that lines keep their distance. */
export const LABEL_PADDING = 6;

export function labelOf(edges: readonly ChartEdge[]): Label {
  const lines = edgeLines(edges);
  const widest = Math.max(0, ...lines.map(({ width }) => width));
  return {
    lines,
    width: Math.ceil(widest) + 2 * LABEL_PADDING,
    height: lines.length * LINE_HEIGHT + 4,
  };
}
