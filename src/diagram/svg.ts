import { type Chart, type ChartEdge, type ChartState, ROOT } from './chart.ts';
import { rulesOf, type Theme } from './css.ts';
import type { Drawing, DrawnMarker, DrawnRoute, DrawnState } from './drawing.ts';
import { frameOf, LABEL_PADDING, labelOf, NAME_HEIGHT, PADDING } from './frame.ts';
import { chartKey } from './key.ts';
import { edgeLabel, LINE_HEIGHT } from './label.ts';
import { drawLine } from './lines.ts';
import { decimal, headPath, linePath } from './path.ts';
import { escapeXml } from './xml.ts';

export interface SvgOptions {
  /** `css` has no colours of its own: see `diagramCss` and `diagramPalettes`. Default `light`. */
  readonly theme?: Theme;
  /** What a screen reader calls it. Default: the id of the machine. */
  readonly title?: string;
  /** Ids of states to light. */
  readonly active?: readonly string[];
  /** Id of the transition to light: the one that was taken last. */
  readonly lastEdge?: string | undefined;
}

interface Context {
  readonly states: ReadonlyMap<string, ChartState>;
  readonly edges: ReadonlyMap<string, ChartEdge>;
  readonly internal: ReadonlyMap<string, readonly ChartEdge[]>;
  readonly active: ReadonlySet<string>;
  readonly lastEdge: string | undefined;
}

/**
 * A drawing as one SVG that needs nothing else: no script, no font, no file. States have `data-state`, their id, and the
 * class `active` when lit; lines and labels of transitions have `data-edge`, their ids, and the class `taken`.
 */
export function drawSvg(
  chart: Chart,
  drawing: Drawing,
  { theme = 'light', title = chart.id, active = [], lastEdge }: SvgOptions = {},
): string {
  const context: Context = {
    states: new Map(chart.states.map((each) => [each.id, each])),
    edges: new Map(chart.edges.map((each) => [each.id, each])),
    internal: Map.groupBy(
      chart.edges.filter(({ targets }) => targets.length === 0),
      ({ source }) => source,
    ),
    active: new Set(active),
    lastEdge,
  };
  // A drawing may have been kept by somebody else: whatever it holds in place of numbers and ids stays words.
  const [width, height] = [decimal(drawing.width), decimal(drawing.height)];
  const id = `diagram-${chartKey(chart)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="chartroom-diagram ${theme}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${escapeXml(title)}</title>`,
    `<desc id="${id}-desc">${escapeXml(summaryOf(chart))}</desc>`,
    ...(theme === 'css' ? [] : [`<style>\n${rulesOf(theme)}\n</style>`]),
    ...drawing.states.map((each) => drawBox(each, context)),
    ...drawing.dividers.map(
      ([from, to]) =>
        `<line class="divider" x1="${decimal(from.x)}" y1="${decimal(from.y)}" x2="${decimal(to.x)}" y2="${decimal(to.y)}"/>`,
    ),
    ...drawing.routes.map((each) => drawRoute(each, context)),
    ...drawing.markers.map(drawMarker),
    ...drawing.states.map((each) => drawWords(each, context)),
    ...drawing.routes.map((each) => drawLabel(each, context)),
    '</svg>\n',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** The lines of transitions come over the boxes, and the words over the lines, which may cross a header. */
function drawBox(box: DrawnState, context: Context): string {
  const state = context.states.get(box.id);
  if (!state) return '';
  const { x, y, width, height, collapsed, region } = box;
  const classes = [
    'state',
    state.type,
    state.parent === undefined && 'machine',
    region && `region ${region}`,
    collapsed !== undefined && 'collapsed',
    context.active.has(state.id) && 'active',
  ].filter(Boolean);
  const parts = [
    `<g class="${escapeXml(classes.join(' '))}" data-state="${escapeXml(state.id)}">`,
    `<title>${escapeXml([state.id || state.key, state.description].filter(Boolean).join(': '))}</title>`,
  ];
  const radius = state.parent === undefined ? 12 : 9;
  if (state.type === 'history') {
    const at = `cx="${decimal(x + width / 2)}" cy="${decimal(y + height / 2)}"`;
    parts.push(`<circle class="box" ${at} r="${decimal(width / 2)}"/>`);
  } else parts.push(rect('box', x, y, width, height, radius));
  if (state.type === 'final') parts.push(rect('inner', x + 3, y + 3, width - 6, height - 6, radius - 3));
  const rule = (at: number) => `M${decimal(x)} ${decimal(y + at)}H${decimal(x + width)}`;
  if (hasHeader(state, box, context)) {
    const { lines, height: bottom } = frameIn(state, box, context);
    const rules = [rule(NAME_HEIGHT), ...(isOpen(state, box) && lines.length > 0 ? [rule(bottom)] : [])];
    parts.push(`<path class="rule" d="${rules.join('')}"/>`);
  }
  return `${parts.join('')}</g>`;
}

function drawWords(box: DrawnState, context: Context): string {
  const state = context.states.get(box.id);
  if (!state) return '';
  const { x, y, width, height } = box;
  if (state.type === 'history') {
    const letter = state.history === 'deep' ? 'H*' : 'H';
    return `<text class="words" x="${decimal(x + width / 2)}" y="${decimal(y + height / 2 + 4.3)}" text-anchor="middle">${letter}</text>`;
  }
  const { name, lines } = frameIn(state, box, context);
  const corner =
    hasHeader(state, box, context) || isOpen(state, box)
      ? { x: x + PADDING, y: y + 8 }
      : { x: x + (width - name.width) / 2, y: y + (height - LINE_HEIGHT) / 2 };
  const below = lines.map((line, index) => {
    const drawn = drawLine(line, { x: x + PADDING, y: y + NAME_HEIGHT + 6 + index * LINE_HEIGHT });
    return line.edge === undefined ? drawn : labelGroup(line.edge, drawn, context);
  });
  return `<g class="words${isOpen(state, box) ? ' open' : ''}${state.parent === undefined ? ' machine' : ''}">${drawLine(name, corner)}${below.join('')}</g>`;
}

/** Its children are drawn in it. */
function isOpen({ type }: ChartState, { collapsed }: DrawnState): boolean {
  return collapsed === undefined && (type === 'compound' || type === 'parallel');
}

function hasHeader(state: ChartState, box: DrawnState, context: Context): boolean {
  if (state.type === 'history') return false;
  return frameIn(state, box, context).lines.length > 0 || (isOpen(state, box) && box.region !== 'cell');
}

function frameIn(state: ChartState, { collapsed }: DrawnState, { internal }: Context) {
  return frameOf(state, internal.get(state.id) ?? [], collapsed);
}

function rect(
  className: string,
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
): string {
  return `<rect class="${className}" x="${decimal(x)}" y="${decimal(y)}" width="${decimal(width)}" height="${decimal(height)}" rx="${radius}"/>`;
}

function drawRoute({ edges, points, headless }: DrawnRoute, { lastEdge }: Context): string {
  const isTaken = lastEdge !== undefined && edges.includes(lastEdge);
  const head = headless ? '' : `<path class="head" d="${headPath(points)}"/>`;
  return `<g class="route${isTaken ? ' taken' : ''}" data-edge="${escapeXml(edges.join(' '))}"><path class="line" d="${linePath(points, !headless)}"/>${head}</g>`;
}

function drawMarker({ kind, x, y, width, height }: DrawnMarker): string {
  if (kind === 'fork') return rect('solid', x, y, width, height, 2);
  return `<circle class="solid" cx="${decimal(x + width / 2)}" cy="${decimal(y + height / 2)}" r="${decimal(width / 2)}"/>`;
}

function drawLabel({ edges, label }: DrawnRoute, context: Context): string {
  if (!label) return '';
  const shared = edges.flatMap((id) => context.edges.get(id) ?? []);
  const { lines } = labelOf(shared);
  const drawn = lines.map((line, index) => {
    const at = { x: label.x + LABEL_PADDING, y: label.y + 2 + index * LINE_HEIGHT };
    return labelGroup(line.edge ?? '', drawLine(line, at), context);
  });
  return `${rect('plate', label.x + 2, label.y, label.width - 4, label.height, 6)}${drawn.join('')}`;
}

function labelGroup(edge: string, drawn: string, { edges, lastEdge }: Context): string {
  const found = edges.get(edge);
  const words = found ? [edgeLabel(found), found.description].filter(Boolean).join(': ') : '';
  return `<g class="label${edge === lastEdge ? ' taken' : ''}" data-edge="${escapeXml(edge)}"><title>${escapeXml(words)}</title>${drawn}</g>`;
}

/** For those who do not see it. */
function summaryOf({ id, states, edges }: Chart): string {
  const [root, ...others] = states;
  const initial = root?.initial === undefined ? '' : ` It begins in ${root.initial}.`;
  const finals = others
    .filter(({ type, parent }) => type === 'final' && parent === ROOT)
    .map((each) => each.id);
  const ends = finals.length === 0 ? '' : ` It ends in ${finals.join(', ')}.`;
  return `Statechart of ${id}: ${others.length} states, ${edges.length} transitions.${initial}${ends}`;
}
