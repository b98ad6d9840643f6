/** Where a drawing is on the screen: moved by `x` and `y` pixels, then drawn `k` times as large. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const LEAST = 0.1;
const MOST = 4;
/** Small charts are not blown up. */
const MOST_TO_FIT = 1.25;
const MARGIN = 12;

/** All of it, in the middle. */
export function fitted(drawing: Size, frame: Size): Viewport {
  const room = (size: number) => Math.max(1, size - 2 * MARGIN);
  const k = clamp(
    Math.min(room(frame.width) / drawing.width, room(frame.height) / drawing.height, MOST_TO_FIT),
  );
  return { k, x: (frame.width - drawing.width * k) / 2, y: (frame.height - drawing.height * k) / 2 };
}

/** The point at `x`, `y` of the frame stays where it is. */
export function zoomed(from: Viewport, factor: number, x: number, y: number): Viewport {
  const k = clamp(from.k * factor);
  const ratio = k / from.k;
  return { k, x: x - (x - from.x) * ratio, y: y - (y - from.y) * ratio };
}

/** At least a part of the drawing stays in the frame. */
export function moved(from: Viewport, dx: number, dy: number, drawing: Size, frame: Size): Viewport {
  const within = (at: number, size: number, room: number) => {
    const kept = Math.min(40, size);
    return Math.min(room - kept, Math.max(kept - size, at));
  };
  return {
    k: from.k,
    x: within(from.x + dx, drawing.width * from.k, frame.width),
    y: within(from.y + dy, drawing.height * from.k, frame.height),
  };
}

function clamp(k: number): number {
  return Math.min(MOST, Math.max(LEAST, k));
}
