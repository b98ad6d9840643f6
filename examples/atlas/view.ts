import type { Board, PublishedEvent } from './board.ts';
import { frameOf } from './frame.ts';
import { colours } from './terminal.ts';

/** Whatever shows the board while it changes. */
export interface View {
  start(): void;
  changed(event: PublishedEvent): void;
  /** Leaves the terminal as it was. May be called twice. */
  stop(): void;
}

const FRAME_MS = 70;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
/** Terminals that know it show the picture when it is whole; others ignore it. */
const BEGIN_PICTURE = '\u001b[?2026h';
const END_PICTURE = '\u001b[?2026l';
const CLEAR_TO_END = '\u001b[0J';
const CLEAR_LINE_REST = '\u001b[0K';
const CLEAR_SCREEN = '\u001b[2J\u001b[H';

/** The live picture: redrawn in place, at most every {@link FRAME_MS} milliseconds. */
export function liveView(board: Board, folder: string, terminal: NodeJS.WriteStream): View {
  const startedAt = performance.now();
  let drawn = 0;
  let tick = 0;
  let timer: NodeJS.Timeout | undefined;

  function draw(): void {
    const size = { columns: terminal.columns || 80, rows: Math.max(1, (terminal.rows || 24) - 1) };
    const header = { folder, elapsedMs: performance.now() - startedAt, tick: tick++ };
    const lines = frameOf(board, header, size, colours);
    const up = drawn > 0 ? `\u001b[${drawn}A\r` : '';
    const picture = lines.map((line) => `${line}${CLEAR_LINE_REST}\n`).join('');
    terminal.write(BEGIN_PICTURE + up + picture + CLEAR_TO_END + END_PICTURE);
    drawn = lines.length;
  }

  /** A terminal that has changed its size has wrapped the old lines: nobody knows where they are. */
  function redraw(): void {
    terminal.write(CLEAR_SCREEN);
    drawn = 0;
    draw();
  }

  return {
    start() {
      terminal.write(HIDE_CURSOR);
      terminal.on('resize', redraw);
      timer = setInterval(draw, FRAME_MS);
      draw();
    },
    // The next frame shows it.
    changed() {},
    stop() {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      terminal.off('resize', redraw);
      draw();
      terminal.write(SHOW_CURSOR);
    },
  };
}
