/** The words of states and transitions, in lines as they are drawn. */
import { type ChartEdge, type ChartState, isForbidden, ROOT } from './chart.ts';
import { type Font, fitted, legible, NAME_FONT, TEXT_FONT, widthOf } from './text.ts';

/** A piece of a line; its style is a class of the drawing. */
export interface Piece {
  readonly text: string;
  readonly style: 'name' | 'cause' | 'guard' | 'action' | 'keyword' | 'tag' | 'actor';
}

export interface Line {
  readonly pieces: readonly Piece[];
  /** Pixels, the mark and the indent included. */
  readonly width: number;
  /** Pixels from the left, for the mark and for what goes on from the line before. */
  readonly indent: number;
  readonly mark?: 'clock' | 'actor' | 'final';
  /** The transition that the line belongs to. */
  readonly edge?: string;
}

export const LINE_HEIGHT = 17;
export const MARK_WIDTH = 16;
const CONTINUED = 10;
/** Pixels that a line of a state, and one at a transition, may take before it goes on in the next. */
const STATE_ROOM = 230;
const EDGE_ROOM = 176;
const NAME_ROOM = 280;
/** In place of actions. */
const IGNORED = 'ignored';
const REENTRY = '(reenter)';

/** `event [guard] / action, action`; `event / ignored` of one that forbids; `event (reenter)`. */
export function edgeLabel(edge: ChartEdge): string {
  const { cause, guard, actions } = edge;
  const condition = `${guard === undefined ? '' : ` [${guard}]`}${isReentry(edge) ? ` ${REENTRY}` : ''}`;
  const effects = isForbidden(edge) ? [IGNORED] : actions;
  return `${cause}${condition}${effects.length > 0 ? ` / ${effects.join(', ')}` : ''}`;
}

/** Only a transition into its own state, or further in, would not leave that otherwise. */
function isReentry({ source, targets, reenter }: ChartEdge): boolean {
  const isWithin = (id: string) => id === source || source === ROOT || id.startsWith(`${source}.`);
  return reenter && targets.length > 0 && targets.every(isWithin);
}

/** The name of a state, which may be empty. */
export function keyOf({ key }: ChartState): string {
  return key === '' ? '(empty)' : key;
}

/** Deadlines of a chartroom session are events that its engine sends. */
export function isDeadline({ kind, event }: ChartEdge): boolean {
  return kind === 'after' || event.startsWith('deadline.');
}

/** The transitions that share one line of the drawing, each beginning on a line of its own. */
export function edgeLines(edges: readonly ChartEdge[]): Line[] {
  return edges.flatMap((edge) => transitionLines(edge, EDGE_ROOM));
}

export function nameLine(state: ChartState): Line {
  const mark = state.type === 'final' ? ('final' as const) : undefined;
  return lineOf(
    [{ text: fitted(legible(keyOf(state)), NAME_FONT, NAME_ROOM), style: 'name' }],
    mark && { mark },
  );
}

/** What is written in a state below its name; `internal` are its transitions without a target. */
export function stateLines(state: ChartState, internal: readonly ChartEdge[]): Line[] {
  const lines: Line[] = [];
  if (state.tags.length > 0)
    lines.push(
      ...wrapped(
        state.tags.map((tag) => ({ text: `#${tag}`, style: 'tag' })),
        STATE_ROOM,
      ),
    );
  for (const { name } of state.invokes)
    lines.push(...wrapped([{ text: name, style: 'actor' }], STATE_ROOM, { mark: 'actor' }));
  for (const [keyword, names] of [
    ['entry', state.entry],
    ['initial', state.initialActions ?? []],
    ['exit', state.exit],
  ] as const)
    if (names.length > 0)
      lines.push(...wrapped([{ text: keyword, style: 'keyword' }, ...actionPieces(names)], STATE_ROOM));
  for (const edge of internal) lines.push(...transitionLines(edge, STATE_ROOM));
  return lines;
}

/** What a collapsed state says of what is in it. */
export function insideLine(states: number): Line {
  return lineOf([{ text: `${states} ${states === 1 ? 'state' : 'states'} inside`, style: 'tag' }]);
}

function transitionLines(edge: ChartEdge, room: number): Line[] {
  const { id, cause, guard, actions } = edge;
  const pieces: Piece[] = [{ text: cause, style: edge.kind === 'event' ? 'cause' : 'keyword' }];
  if (guard !== undefined) pieces.push({ text: `[${guard}]`, style: 'guard' });
  if (isReentry(edge)) pieces.push({ text: REENTRY, style: 'keyword' });
  const effects: Piece[] = isForbidden(edge)
    ? [{ text: `/ ${IGNORED}`, style: 'keyword' }]
    : actionPieces(actions);
  return wrapped([...pieces, ...effects], room, {
    edge: id,
    ...(isDeadline(edge) && { mark: 'clock' as const }),
  });
}

function actionPieces(names: readonly string[]): Piece[] {
  const last = names.length - 1;
  return names.map((name, index) => ({
    text: `${index === 0 ? '/ ' : ''}${name}${index < last ? ',' : ''}`,
    style: 'action',
  }));
}

type LineOptions = Pick<Line, 'mark' | 'edge'>;

/** As many pieces on each line as there is room for; what goes on is indented. */
function wrapped(pieces: readonly Piece[], room: number, options: LineOptions = {}): Line[] {
  const lines: Line[] = [];
  const markWidth = options.mark ? MARK_WIDTH : 0;
  let current: Piece[] = [];
  let width = 0;
  const end = () => {
    if (current.length > 0) lines.push(lineOf(current, options, lines.length));
  };
  for (const { text, style } of pieces) {
    const piece: Piece = { text: fitted(legible(text), TEXT_FONT, room - markWidth - CONTINUED), style };
    const taken = widthOf(` ${piece.text}`, TEXT_FONT);
    if (current.length > 0 && width + taken > room - markWidth) {
      end();
      current = [];
      width = CONTINUED;
    }
    current.push(piece);
    width += taken;
  }
  end();
  return lines;
}

function lineOf(pieces: readonly Piece[], options: LineOptions = {}, index = 0): Line {
  const { mark, ...others } = options;
  const indent = (mark ? MARK_WIDTH : 0) + (index === 0 ? 0 : CONTINUED);
  return {
    pieces,
    indent,
    width: indent + piecesWidth(pieces),
    ...others,
    ...(mark && index === 0 && { mark }),
  };
}

export function fontOf({ style }: Piece): Font {
  return style === 'name' ? NAME_FONT : TEXT_FONT;
}

/** Of the texts with one space between each and the next. */
export function piecesWidth(pieces: readonly Piece[]): number {
  const [first] = pieces;
  return first ? widthOf(pieces.map(({ text }) => text).join(' '), fontOf(first)) : 0;
}
