/** The geometry of routes: rounded corners, and heads that touch what they point at. */
import type { Box, Point } from './drawing.ts';

const RADIUS = 7;
const HEAD_LENGTH = 8;
const HEAD_HALF_WIDTH = 4;

/** The path of a line whose corners are rounded; it ends where its head begins, if it has one. */
export function linePath(points: readonly Point[], hasHead: boolean): string {
  const [first, ...rest] = points;
  if (!first || rest.length === 0) return '';
  const path = [`M${pair(first)}`];
  rest.forEach((point, index) => {
    const before = points[index] ?? first;
    const after = rest[index + 1];
    if (!after)
      path.push(
        `L${pair(hasHead ? toward(point, before, Math.min(HEAD_LENGTH - 1, distance(point, before))) : point)}`,
      );
    else {
      // The last corner leaves room for the head.
      const room = hasHead && index === rest.length - 2 ? distance(point, after) - HEAD_LENGTH + 1 : RADIUS;
      const least = Math.min(RADIUS, distance(before, point) / 2, distance(point, after) / 2);
      const radius = Math.max(0, Math.min(least, room));
      path.push(
        `L${pair(toward(point, before, radius))}Q${pair(point)} ${pair(toward(point, after, radius))}`,
      );
    }
  });
  return path.join('');
}

/** A triangle at the end of a line. */
export function headPath(points: readonly Point[]): string {
  const [before, tip] = points.slice(-2);
  if (!before || !tip) return '';
  const length = distance(before, tip) || 1;
  const [dx, dy] = [(tip.x - before.x) / length, (tip.y - before.y) / length];
  const base = { x: tip.x - dx * HEAD_LENGTH, y: tip.y - dy * HEAD_LENGTH };
  const side = (sign: number): Point => ({
    x: base.x - sign * dy * HEAD_HALF_WIDTH,
    y: base.y + sign * dx * HEAD_HALF_WIDTH,
  });
  return `M${pair(tip)}L${pair(side(1))}L${pair(side(-1))}Z`;
}

/** Where an upright or level line that ends on the border of a box meets the circle in it. */
export function onCircle(end: Point, { x, y, width, height }: Box): Point {
  const [cx, cy, radius] = [x + width / 2, y + height / 2, width / 2];
  const [dx, dy] = [end.x - cx, end.y - cy];
  // The border that the line ends on is the one that it is farther from the middle to.
  if (Math.abs(dx) >= Math.abs(dy)) return { x: cx + Math.sign(dx) * leg(radius, dy), y: end.y };
  return { x: end.x, y: cy + Math.sign(dy) * leg(radius, dx) };
}

function leg(radius: number, other: number): number {
  return Math.sqrt(Math.max(0, radius ** 2 - other ** 2));
}

function toward(from: Point, to: Point, by: number): Point {
  const length = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) * by) / length, y: from.y + ((to.y - from.y) * by) / length };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Of a path: a tenth of a pixel. */
function pair({ x, y }: Point): string {
  return `${decimal(x)} ${decimal(y)}`;
}

export function decimal(value: number): string {
  return String(Math.round(value * 10) / 10);
}
