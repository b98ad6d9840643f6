/** Lines of words as SVG. */
import type { Point } from './drawing.ts';
import { LINE_HEIGHT, type Line, piecesWidth } from './label.ts';
import { decimal } from './path.ts';
import { escapeXml } from './xml.ts';

/** `at` is the top left corner of the line. */
export function drawLine(line: Line, { x, y }: Point): string {
  const { pieces, indent, mark } = line;
  const [first] = pieces;
  const className = first?.style === 'name' ? ' class="name"' : '';
  const words = pieces
    .map(({ text, style }, index) => {
      const escaped = `${index > 0 ? ' ' : ''}${escapeXml(text)}`;
      return style === 'name' ? escaped : `<tspan class="${style}">${escaped}</tspan>`;
    })
    .join('');
  // The text takes the room that it was given, whichever font it is shown in.
  const length = decimal(piecesWidth(pieces));
  const text = `<text${className} x="${decimal(x + indent)}" y="${decimal(y + 12.5)}" textLength="${length}" lengthAdjust="spacingAndGlyphs">${words}</text>`;
  return mark ? drawMark(mark, { x, y: y + LINE_HEIGHT / 2 }) + text : text;
}

/** Twelve pixels wide; `y` is its middle. */
function drawMark(mark: NonNullable<Line['mark']>, { x, y }: Point): string {
  const [cx, cy] = [decimal(x + 5.5), decimal(y)];
  if (mark === 'final')
    return `<circle class="mark final" cx="${cx}" cy="${cy}" r="5.3"/><circle class="solid" cx="${cx}" cy="${cy}" r="2.8"/>`;
  if (mark === 'clock')
    return `<circle class="mark clock" cx="${cx}" cy="${cy}" r="5"/><path class="mark clock" d="M${cx} ${decimal(y - 2.8)}V${cy}H${decimal(x + 7.6)}"/>`;
  const hexagon = `M${cx} ${decimal(y - 5.6)}l4.9 2.8v5.6l-4.9 2.8l-4.9 -2.8v-5.6Z`;
  return `<path class="mark actor" d="${hexagon}"/><circle class="mark actor" cx="${cx}" cy="${cy}" r="1.4"/>`;
}
