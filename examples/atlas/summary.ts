import type { SearchHit } from 'chartroom/agents/librarian';
import { findingsOf } from './board.ts';
import type { Check } from './checks.ts';
import type { FolderFacts } from './folder.ts';
import type { Earlier } from './hearing.ts';
import { eventsBySession, type Ledger } from './ledger.ts';
import { bytesText, cell, clip, countText, numberText, type Palette, widthOf } from './terminal.ts';

const ANSWERS_SHOWN = 6;
const HITS_SHOWN = 3;
const HITS_SHOWN_WHEN_ASKED = 8;

interface Answer {
  readonly question: string;
  readonly hits: readonly SearchHit[];
}

/** The best answers, with file and line. A question put to several sessions gets their lines in one list. */
export function answersText(
  ledger: Ledger,
  asked: readonly string[],
  columns: number,
  palette: Palette,
): string {
  const shown = asked.length > 0 ? HITS_SHOWN_WHEN_ASKED : HITS_SHOWN;
  const answers = answersOf(ledger).sort((a, b) => (b.hits[0]?.score ?? 0) - (a.hits[0]?.score ?? 0));
  const best =
    asked.length > 0 ? answers : answers.filter(({ hits }) => hits.length > 0).slice(0, ANSWERS_SHOWN);
  return best
    .map(({ question, hits }) => answerText(question, hits.slice(0, shown), columns, palette))
    .join('\n');
}

function answerText(question: string, hits: readonly SearchHit[], columns: number, palette: Palette): string {
  const places = hits.map(({ path, line }) => `${path}:${line}`);
  const width = Math.min(Math.max(0, ...places.map(widthOf)), Math.floor(columns / 2));
  const lines = hits.map(({ text }, index) => {
    const place = palette.link(cell(places[index] ?? '', width));
    return `    ${place}  ${cell(text, Math.max(10, columns - width - 6)).trimEnd()}\n`;
  });
  const title = `  ${palette.strong(clip(cell(question, widthOf(question)).trimEnd(), columns - 2))}\n`;
  return title + (lines.length > 0 ? lines.join('') : palette.quiet('    nothing found in any session\n'));
}

function answersOf(ledger: Ledger): Answer[] {
  const byQuestion = new Map<string, Map<string, SearchHit>>();
  for (const [id, events] of eventsBySession({ events: ledger.news })) {
    const questions = new Map(ledger.asked.get(id)?.map(({ turnId, question }) => [turnId, question]));
    for (const event of events) {
      const findings = findingsOf(event);
      const question = event.type === 'tool_result' ? questions.get(event.turnId) : undefined;
      if (findings === undefined || question === undefined) continue;
      const hits = byQuestion.get(question) ?? new Map<string, SearchHit>();
      byQuestion.set(question, hits);
      for (const hit of findings.hits) hits.set(`${hit.path}:${hit.line}`, hit);
    }
  }
  return [...byQuestion].map(([question, hits]) => ({ question, hits: [...hits.values()].sort(byScore) }));
}

function byScore(a: SearchHit, b: SearchHit): number {
  return b.score - a.score || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line);
}

export interface SummaryFacts {
  readonly ledger: Ledger;
  readonly folder: FolderFacts;
  readonly checks: readonly Check[];
  /** Of this run. */
  readonly elapsedMs: number;
  readonly earlier: Earlier;
  readonly paceMs: number;
}

/** What was done, counted from the events, and whether the sessions were isolated. */
export function summaryText(facts: SummaryFacts, palette: Palette): string {
  const { checks } = facts;
  const broken = checks.filter(({ violations }) => violations.length > 0);
  const verdict =
    broken.length === 0
      ? palette.good(`✓ isolated: all ${checks.length} checks hold`)
      : palette.bad(`✕ not as promised: ${broken.length} of ${checks.length} checks fail`);
  const lines = checks.flatMap(({ title, violations }) =>
    violations.length === 0
      ? [`    ${palette.good('✓')} ${palette.quiet(title)}`]
      : [
          `    ${palette.bad('✕')} ${title}`,
          ...violations.slice(0, 3).map((line) => `        ${palette.bad(line)}`),
        ],
  );
  const rows = factRows(facts).map(([title, text]) => `  ${palette.quiet(title.padEnd(9))} ${text}`);
  return `${[...rows, '', `  ${verdict}`, ...lines].join('\n')}\n`;
}

function factRows({ ledger, folder, elapsedMs, earlier, paceMs }: SummaryFacts): [string, string][] {
  const { news: events, parts, killed } = ledger;
  const again = ledger.events.length - events.length;
  const count = (type: string) => events.filter((event) => event.type === type).length;
  const messages = events.flatMap((event) => (event.type === 'conversation_added' ? [event.message] : []));
  const questions = messages.filter(({ role }) => role === 'user').length;
  const ended = events.filter(
    (event) => event.type === 'session_terminated' && event.reason !== 'killed',
  ).length;
  const fatal = events.findIndex((event) => event.type === 'session_terminated' && event.reason === 'killed');
  const after = events.slice(fatal + 1).filter(({ sessionId }) => sessionId !== killed?.id);
  const paced = paceMs > 0 ? `, with a pause of ${paceMs} ms before each piece of an answer (--pace)` : '';
  return [
    [
      'sessions',
      `${parts.length} opened at once: ${ended} ended in order, ${killed === undefined ? 0 : 1} killed`,
    ],
    ['files', `${countText(folder.files, 'file')}, ${bytesText(folder.bytes)}${skippedText(folder)}`],
    [
      'messages',
      `${numberText(messages.length)}: ${countText(questions, 'question')}, ${countText(messages.length - questions, 'answer')}`,
    ],
    [
      'events',
      `${numberText(events.length)}, of them ${countText(count('tool_call'), 'search', 'searches')} and ${countText(count('llm_stream_chunk'), 'streamed piece')}${again > 0 ? `; ${again} said again after a recovery` : ''}`,
    ],
    ...(killed === undefined ? [] : ([['killed', killedText(ledger, after.length)]] as [string, string][])),
    ['time', `${timeText(elapsedMs, earlier)}${paced}`],
  ];
}

function killedText({ killed, parts }: Ledger, eventsAfter: number): string {
  if (killed === undefined) return 'none';
  const where =
    killed.told > 0 ? `after piece ${killed.told} of ${killed.pieces}` : 'before it told its answer';
  return `${killed.id} ${where}; the other ${parts.length - 1} went on with ${countText(eventsAfter, 'event')}`;
}

function timeText(elapsedMs: number, earlier: Earlier): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  if (earlier.runs === 0) return seconds(elapsedMs);
  const total = seconds(elapsedMs + earlier.elapsedMs);
  return `${total} in ${earlier.runs + 1} runs, ${seconds(elapsedMs)} of it in this one`;
}

function skippedText({ skipped, truncated }: FolderFacts): string {
  const { binary, huge, unreadable } = skipped;
  const kinds = Object.entries({ binary, 'too large': huge, unreadable }).filter(([, count]) => count > 0);
  const left = kinds.map(([kind, count]) => `${count} ${kind}`).join(', ');
  return `${left === '' ? '' : ` (left out: ${left})`}${truncated ? ', the first ones only: there are more' : ''}`;
}
