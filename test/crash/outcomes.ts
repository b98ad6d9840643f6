/** A child's lines, sorted by session: what was asked in which order, and what came of it. */
import { type Answer, type Call, isExclusive } from './calls.ts';
import type { Line } from './report.ts';
import { violated } from './violation.ts';

export interface Outcome {
  readonly n: number;
  readonly call: Call;
  /** Of its line in the report; what settled on an earlier line was known when it was asked. */
  readonly askedAt: number;
  settledAt: number;
  /** `open` when nobody was told. */
  result: 'acknowledged' | 'refused' | 'open';
  answer: Answer;
  code: string | undefined;
}

/** A session's calls in their order. Between two managers all that was under way is over, whatever came of it. */
export type Course = ReadonlyArray<Outcome | 'reopened'>;

export interface Heard {
  readonly seq: number;
  readonly type: string;
  readonly sessionId: string;
}

export interface Outcomes {
  readonly courses: ReadonlyMap<string, Course>;
  readonly heard: readonly Heard[];
  readonly boundary: string | undefined;
  readonly acknowledged: number;
  readonly asked: number;
}

/** What a call on this workload may be refused with; anything else is a fault of the engine or of its store. */
const ORDINARY = new Set([
  'SESSION_NOT_FOUND',
  'SESSION_NOT_ACTIVE',
  'SESSION_TERMINATED',
  'DUPLICATE_SESSION',
  'MANAGER_CLOSED',
]);

export function readOutcomes(lines: readonly Line[]): Outcomes {
  const calls = new Map<number, Outcome>();
  const courses = new Map<string, Array<Outcome | 'reopened'>>();
  const heard: Heard[] = [];
  let boundary: string | undefined;
  let closing = false;
  for (const [at, line] of lines.entries())
    switch (line[0]) {
      case 'open':
        if (line[2].length > 0) violated(`a manager has quarantined ${JSON.stringify(line[2])}`);
        closing = false;
        break;
      case 'ask': {
        const [, n, call] = line;
        const outcome: Outcome = {
          n,
          call,
          askedAt: at,
          settledAt: Number.POSITIVE_INFINITY,
          result: 'open',
          answer: null,
          code: undefined,
        };
        calls.set(n, outcome);
        courses.set(call.id, [...(courses.get(call.id) ?? []), outcome]);
        break;
      }
      case 'ack':
        Object.assign(outcomeOf(calls, line[1]), { settledAt: at, result: 'acknowledged', answer: line[2] });
        break;
      case 'nak': {
        const [, n, code, message] = line;
        const outcome = outcomeOf(calls, n);
        if (!ORDINARY.has(code) || (code === 'MANAGER_CLOSED' && !closing))
          violated(`${inShort(outcome)} was refused: ${code}, ${message}`);
        // A begin or an end that a close has interrupted is taken up by the next manager.
        const interrupted = code === 'MANAGER_CLOSED' && isExclusive(outcome.call);
        Object.assign(outcome, { settledAt: at, result: interrupted ? 'open' : 'refused', code });
        break;
      }
      case 'heard':
        heard.push({ seq: line[1], type: line[2], sessionId: line[3] });
        break;
      case 'closing':
        closing = true;
        break;
      case 'closed':
        for (const course of courses.values()) course.push('reopened');
        break;
      case 'log':
        violated(`the engine logged: ${line[1]}`);
        break;
      case 'boundary':
        boundary = line[1];
    }
  const acknowledged = [...calls.values()].filter(({ result }) => result === 'acknowledged').length;
  return { courses, heard, boundary, acknowledged, asked: calls.size };
}

function outcomeOf(calls: ReadonlyMap<number, Outcome>, n: number): Outcome {
  const outcome = calls.get(n);
  if (!outcome) throw new Error(`the report has an answer to call ${n}, which was not asked`);
  if (outcome.settledAt < Number.POSITIVE_INFINITY) violated(`call ${n} was answered twice`);
  return outcome;
}

export function inShort({ n, call, result, code, answer }: Outcome): string {
  const { kind, id, ...rest } = call;
  const end = result === 'acknowledged' ? `acknowledged ${JSON.stringify(answer)}` : (code ?? result);
  return `${n}: ${kind} ${id} ${JSON.stringify(rest)} → ${end}`;
}
