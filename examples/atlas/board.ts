import type { GapEvent, SessionEvent, SessionStatus } from 'chartroom';
import type { LibrarianFindings, SearchHit } from 'chartroom/agents/librarian';
import type { Part } from './parts.ts';

/** An event with a session: everything but a gap. */
export type PublishedEvent = Exclude<SessionEvent, GapEvent>;

export type Activity = 'opening' | 'indexing' | 'searching' | 'telling' | 'waiting' | 'ended';

/** What can be seen of one session. */
export interface Row {
  readonly id: string;
  readonly name: string;
  readonly files: number;
  status: SessionStatus | 'opening';
  killed: boolean;
  indexed: number;
  messages: number;
  /** How many it will be asked; 0 until they are known. */
  questions: number;
  answers: number;
  cachedBytes: number;
  activity: Activity;
  /** The file, the question or the piece of an answer that it is busy with. */
  subject: string;
  question: string;
  /** The best line of its latest search; undefined when its files mention nothing of what was asked. */
  best: SearchHit | undefined;
}

/** The state of all sessions, as a fold of their events. */
export class Board {
  readonly rows: readonly Row[];
  readonly #byId: ReadonlyMap<string, Row>;
  events = 0;

  constructor(parts: readonly Part[]) {
    this.rows = parts.map(({ id, name, files }) => ({
      id,
      name,
      files: files.length,
      status: 'opening',
      killed: false,
      indexed: 0,
      messages: 0,
      questions: 0,
      answers: 0,
      cachedBytes: 0,
      activity: 'opening',
      subject: '',
      question: '',
      best: undefined,
    }));
    this.#byId = new Map(this.rows.map((row) => [row.id, row]));
  }

  get answers(): number {
    return this.rows.reduce((sum, { answers }) => sum + answers, 0);
  }

  /** How many answers there will be; 0 until the questions are known. Those of a killed session never come. */
  get expected(): number {
    return this.rows.reduce((sum, { killed, answers, questions }) => sum + (killed ? answers : questions), 0);
  }

  row(id: string): Row | undefined {
    return this.#byId.get(id);
  }

  apply(event: PublishedEvent): void {
    this.events += 1;
    const row = this.#byId.get(event.sessionId);
    if (row !== undefined) this.#fold(row, event);
  }

  #fold(row: Row, event: PublishedEvent): void {
    switch (event.type) {
      case 'session_created':
        row.status = 'initializing';
        break;
      case 'session_status':
        row.status = event.status;
        break;
      case 'session_terminated':
        row.killed = event.reason === 'killed';
        row.activity = 'ended';
        if (row.killed) row.subject = `killed while answering: ${row.question}`;
        break;
      case 'context_updated':
        row.indexed += event.filesChanged.length;
        row.activity = 'indexing';
        row.subject = event.filesChanged[0] ?? '';
        break;
      case 'conversation_added':
        row.messages += 1;
        break;
      case 'tool_call':
        row.activity = 'searching';
        row.question = String(event.parameters.question);
        row.subject = row.question;
        break;
      case 'tool_result':
        row.best = bestOf(findingsOf(event));
        break;
      case 'llm_stream_chunk':
        row.activity = 'telling';
        row.subject = event.content.trim();
        break;
      case 'llm_response':
        row.answers += 1;
        row.activity = 'waiting';
        row.subject =
          row.best === undefined
            ? firstLine(event.content)
            : `${row.best.path}:${row.best.line}  ${row.best.text}`;
        break;
    }
  }
}

function bestOf(findings: LibrarianFindings | undefined): SearchHit | undefined {
  if (findings === undefined || findings.missing.length === findings.words.length) return undefined;
  return findings.hits[0];
}

/** What a librarian's search found; undefined for a search that did not succeed. */
export function findingsOf(event: PublishedEvent): LibrarianFindings | undefined {
  if (event.type !== 'tool_result' || event.status !== 'success') return undefined;
  return event.result as LibrarianFindings | undefined;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
