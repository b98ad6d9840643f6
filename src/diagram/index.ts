export { activeStates, edgeOf } from './activity.ts';
export type {
  Chart,
  ChartEdge,
  ChartInvocation,
  ChartState,
  EdgeKind,
  StateType,
} from './chart.ts';
export { chartOf } from './chart-of.ts';
export { diagramCss, diagramPalettes, type Theme } from './css.ts';
export type { Box, Drawing, DrawnMarker, DrawnRoute, DrawnState, Point } from './drawing.ts';
export type { LayoutEdge, LayoutEngine, LayoutLabel, LayoutNode } from './engine.ts';
export { DiagramError, type DiagramErrorCode, isDiagramError } from './error.ts';
export { chartKey } from './key.ts';
export { edgeLabel } from './label.ts';
export { type LayoutOptions, layOut } from './layout.ts';
export { toMermaid } from './mermaid.ts';
export { outlineOf } from './outline.ts';
export { drawSvg, type SvgOptions } from './svg.ts';
