import type { RecoveryReport } from 'chartroom';
import type { Board, PublishedEvent, Row } from './board.ts';
import type { Earlier } from './hearing.ts';
import type { Ledger } from './ledger.ts';
import { clean, countText } from './terminal.ts';

/** What a run found of those before it. */
export interface Recovery {
  readonly report: RecoveryReport;
  readonly earlier: Earlier;
  readonly board: Board;
  readonly ledger: Ledger;
}

/** In lines: what is there, what is not, and what is left to do. */
export function recoveredText({ report, earlier, board, ledger }: Recovery): string {
  const { rows, answers } = board;
  const ended = rows.filter(({ activity }) => activity === 'ended');
  const killed = ended.filter((row) => row.killed).length;
  const going = rows.filter((row) => !ended.includes(row) && !ledger.quarantined.has(row.id));
  const opened = going.filter(({ status }) => status !== 'opening');
  const told = [
    countText(opened.length, 'session'),
    ...(killed > 0 ? [`${killed} killed`] : []),
    ...(ended.length > killed ? [`${ended.length - killed} ended`] : []),
  ];
  const indexed = sum(rows, (row) => row.indexed);
  const messages = sum(rows, (row) => row.messages);
  const questions = ledger.news.filter(isQuestion).length;
  const left = sum(going, (row) => row.questions - row.answers);
  const lines = [
    `Recovered from ${countText(earlier.runs, 'earlier run')}: ${told.join(', ')}; ` +
      `${countText(indexed, 'file')} indexed; ` +
      `${countText(messages, 'message')} (${countText(questions, 'question')}, ${countText(answers, 'answer')}).`,
    ...report.quarantined.map(({ id, reason }) => `Quarantined ${id}: ${reason}`),
    ...(ledger.quarantined.size > 0
      ? ['It goes on without; what cannot be read stays in the store as it is.']
      : []),
    ...(report.lost ?? []).map(({ id, reason }) => `Lost of the agent of ${id}: ${reason}`),
    board.expected > 0
      ? `Going on: ${countText(left, 'answer')} left to come.`
      : 'Going on: the questions are still to be found.',
  ];
  return lines.map((line) => `${clean(line)}\n`).join('');
}

function isQuestion(event: PublishedEvent): boolean {
  return event.type === 'conversation_added' && event.message.role === 'user';
}

function sum(rows: readonly Row[], count: (row: Row) => number): number {
  return rows.reduce((total, row) => total + count(row), 0);
}
