import type { Board, Row } from './board.ts';
import { bytesText, cell, clip, countText, type Palette, widthOf } from './terminal.ts';

export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

export interface FrameHeader {
  readonly folder: string;
  readonly elapsedMs: number;
  readonly tick: number;
}

const SPINNER = ['◐', '◓', '◑', '◒'];
const MIN_ACTIVITY = 16;
/** A line that wraps ruins the picture; narrower than this there is one line, of what matters most. */
const MIN_COLUMNS = 40;
/** Title, blank, column names; blank and progress below. */
const CHROME_ROWS = 5;

interface Column {
  readonly title: string;
  readonly width: number;
  readonly align: 'left' | 'right';
  /** Columns leave in this order when the terminal is narrow; 0 stays. */
  readonly leaves: number;
  text(row: Row): string;
  paint(row: Row, palette: Palette): (text: string) => string;
}

/** One picture of the board, as lines of at most `columns`, at most `rows` of them. */
export function frameOf(board: Board, header: FrameHeader, size: FrameSize, palette: Palette): string[] {
  if (size.columns < MIN_COLUMNS) return [clip(progressFacts(board), size.columns)];
  const columns = columnsFor(board, size.columns);
  const room = Math.max(1, size.rows - CHROME_ROWS);
  const shown = board.rows.length <= room ? board.rows : board.rows.slice(0, room - 1);
  const hidden = board.rows.length - shown.length;
  const lines = [
    titleLine(board, header, size.columns, palette),
    '',
    palette.quiet(`    ${columns.map(({ title, width, align }) => cell(title, width, align)).join('  ')}`),
    ...shown.map((row) => rowLine(row, columns, header.tick, palette)),
    ...(hidden > 0
      ? [palette.quiet(clip(`    … and ${countText(hidden, 'more session')}`, size.columns))]
      : []),
    '',
    progressLine(board, size.columns, palette),
  ];
  return lines.slice(0, size.rows);
}

function titleLine(
  board: Board,
  { folder, elapsedMs }: FrameHeader,
  columns: number,
  palette: Palette,
): string {
  const time = `${(elapsedMs / 1000).toFixed(1)} s`;
  const name = 'chartroom atlas';
  const about = `  ${folder}  ·  ${countText(board.rows.length, 'session')}`;
  const width = Math.max(0, columns - 4 - widthOf(name) - widthOf(time));
  return `  ${palette.strong(name)}${palette.quiet(cell(about, width))}${palette.quiet(time)}`;
}

function rowLine(row: Row, columns: readonly Column[], tick: number, palette: Palette): string {
  const cells = columns.map((column) =>
    column.paint(row, palette)(cell(column.text(row), column.width, column.align)),
  );
  return `  ${glyphOf(row, tick, palette)} ${cells.join('  ')}`;
}

function columnsFor(board: Board, width: number): Column[] {
  const longestName = Math.max(7, ...board.rows.map(({ name }) => widthOf(name)));
  const all: Column[] = [
    {
      title: 'session',
      width: Math.min(longestName, 28, Math.max(10, Math.floor(width * 0.3))),
      align: 'left',
      leaves: 0,
      text: ({ name }) => name,
      paint: ({ killed }, palette) => (killed ? palette.quiet : (text) => text),
    },
    {
      title: 'status',
      width: 12,
      align: 'left',
      leaves: 3,
      text: ({ killed, status }) => (killed ? 'killed' : status),
      paint: ({ killed }, palette) => (killed ? palette.bad : palette.quiet),
    },
    {
      title: 'files',
      width: 9,
      align: 'right',
      leaves: 4,
      text: ({ indexed, files }) => (indexed === files ? `${files}` : `${indexed}/${files}`),
      paint: ({ indexed, files }, palette) => (indexed === files ? palette.quiet : palette.busy),
    },
    {
      title: 'messages',
      width: 8,
      align: 'right',
      leaves: 2,
      text: ({ messages }) => String(messages),
      paint: (_, palette) => palette.quiet,
    },
    {
      title: 'cached',
      width: 7,
      align: 'right',
      leaves: 1,
      text: ({ cachedBytes }) => bytesText(cachedBytes),
      paint: (_, palette) => palette.quiet,
    },
  ];
  let kept = all;
  const used = () => kept.reduce((sum, column) => sum + column.width + 2, 4);
  for (let next = 1; next <= 4 && used() + MIN_ACTIVITY > width; next++) {
    kept = kept.filter(({ leaves }) => leaves !== next);
  }
  const activity: Column = {
    title: 'now',
    width: Math.max(0, width - used()),
    align: 'left',
    leaves: 0,
    text: activityText,
    paint: activityPaint,
  };
  return [...kept, activity];
}

function glyphOf({ killed, activity, status }: Row, tick: number, palette: Palette): string {
  if (killed) return palette.bad('✕');
  if (activity === 'ended') return palette.good('✓');
  if (status !== 'active') return palette.quiet('○');
  if (activity === 'waiting') return palette.good('●');
  return palette.busy(SPINNER[tick % SPINNER.length] ?? '●');
}

function activityText({ activity, subject }: Row): string {
  switch (activity) {
    case 'opening':
      return '';
    case 'indexing':
      return `indexing ${subject}`;
    case 'searching':
      return `searching: ${subject}`;
    case 'telling':
    case 'waiting':
    case 'ended':
      return subject;
  }
}

function activityPaint({ activity, killed }: Row, palette: Palette): (text: string) => string {
  if (killed) return palette.bad;
  if (activity === 'telling') return palette.link;
  return activity === 'searching' ? palette.busy : palette.quiet;
}

function progressFacts(board: Board): string {
  const killed = board.rows.filter((row) => row.killed).length;
  return [
    board.expected > 0 ? `${board.answers} of ${countText(board.expected, 'answer')}` : 'indexing',
    countText(board.events, 'event'),
    ...(killed > 0 ? [`${killed} killed`] : []),
  ].join('  ·  ');
}

function progressLine(board: Board, columns: number, palette: Palette): string {
  const facts = progressFacts(board);
  const width = Math.min(30, columns - widthOf(facts) - 6);
  if (width < 5) return palette.quiet(clip(`  ${facts}`, columns));
  const indexed = board.rows.reduce((sum, row) => sum + row.indexed, 0);
  const files = board.rows.reduce((sum, row) => sum + row.files, 0);
  const share = board.expected > 0 ? board.answers / board.expected : indexed / Math.max(1, files);
  const full = Math.round(Math.min(1, share) * width);
  return `  ${palette.good('━'.repeat(full))}${palette.quiet('─'.repeat(width - full))}  ${palette.quiet(facts)}`;
}
