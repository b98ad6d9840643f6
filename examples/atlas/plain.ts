import type { Board, PublishedEvent, Row } from './board.ts';
import { bytesText, cell, clean, countText } from './terminal.ts';
import type { View } from './view.ts';

const QUESTION_WIDTH = 42;

/** One line for each thing that happens, as it happens: for pipes, logs and terminals without colours. */
export function plainView(board: Board, write: (text: string) => void): View {
  const width = Math.max(...board.rows.map(({ id }) => id.length));
  const say = (verb: string, { id }: Row, text = '') =>
    write(`${verb.padEnd(9)} ${id.padEnd(width)}  ${clean(text)}`.trimEnd().concat('\n'));

  function changed(event: PublishedEvent): void {
    const row = board.row(event.sessionId);
    if (row === undefined) return;
    if (event.type === 'session_status' && event.status === 'active') {
      if (event.previousStatus === 'initializing') say('opened', row, countText(row.files, 'file'));
    }
    if (event.type === 'conversation_added' && row.messages === 1) {
      say('indexed', row, `${countText(row.indexed, 'file')}, ${bytesText(row.cachedBytes)} cached`);
    }
    if (event.type === 'llm_response') {
      const found = row.best === undefined ? 'nothing found' : `${row.best.path}:${row.best.line}`;
      say('answered', row, `${cell(row.question, QUESTION_WIDTH)}  ${found}`);
    }
    if (event.type === 'session_terminated')
      say(row.killed ? 'killed' : 'ended', row, row.killed ? row.subject : '');
  }
  return { changed, start: () => {}, stop: () => {} };
}
