import type { ErrorInfo, SessionStatus } from '../data.ts';
import { nextMacrotask } from '../macrotask.ts';
import type { Fact } from '../session/facts.ts';
import type { JournalRecord } from '../store/port.ts';
import type { FleetRow } from './protocol.ts';
import type { Redaction } from './redaction.ts';

/** Rows that are made, the newest. */
const MAX_ROWS = 1000;
/** Facts looked through before the event loop has its turn. */
const FACTS_PER_TURN = 1000;

/** What a row says, gathered. */
interface Life {
  readonly seq: number;
  readonly createdAt: number;
  since: number;
  lastActivityAt: number;
  messages: number;
  readonly files: Set<string>;
  restarts: number;
  crashes: number;
  facts: number;
  error?: ErrorInfo;
}

/**
 * Rows of the sessions that ended among these facts and are not there again, in the order in which they ended. What
 * an earlier fact would say, which is not among them, is 0.
 */
export async function endedRows(
  facts: AsyncIterable<JournalRecord> | Iterable<JournalRecord>,
  redaction: Redaction,
  max = MAX_ROWS,
): Promise<FleetRow[]> {
  const lives = new Map<string, Life>();
  const ended = new Map<string, FleetRow>();
  let read = 0;
  for await (const record of facts) {
    const fact = record as Fact;
    const { sessionId: id } = fact;
    if (fact.type === 'session_created') lives.delete(id);
    const life = lives.get(id) ?? begun(fact);
    lives.set(id, life);
    follow(life, fact);
    ended.delete(id);
    if (fact.type === 'session_terminated') {
      lives.delete(id);
      ended.set(id, rowOf(id, life, fact.payload, redaction));
      for (const [oldest] of ended) if (ended.size > max) ended.delete(oldest);
    }
    read += 1;
    if (read % FACTS_PER_TURN === 0) await new Promise<void>((resolve) => nextMacrotask(resolve));
  }
  return [...ended.values()];
}

function begun({ type, seq, at }: Fact): Life {
  const isCreation = type === 'session_created';
  return {
    seq,
    createdAt: isCreation ? Date.parse(at) : 0,
    since: 0,
    lastActivityAt: 0,
    messages: 0,
    files: new Set(),
    restarts: 0,
    crashes: 0,
    facts: 0,
  };
}

function follow(life: Life, fact: Fact): void {
  const at = Date.parse(fact.at);
  life.facts += 1;
  switch (fact.type) {
    case 'session_status':
      life.since = at;
      break;
    case 'session_crashed':
      life.crashes += 1;
      if (fact.payload.restarting) life.restarts += 1;
      life.error = fact.payload.error;
      break;
    case 'conversation_added':
      life.messages += 1;
      life.lastActivityAt = at;
      break;
    case 'conversation_cleared':
      life.messages = 0;
      break;
    case 'file_added':
      life.files.add(fact.payload.path);
      break;
    case 'file_removed':
      life.files.delete(fact.payload.path);
      break;
    case 'session_terminated':
      break;
    default:
      life.lastActivityAt = at;
  }
}

function rowOf(
  id: string,
  { files, error: crash, ...life }: Life,
  { reason, error = crash }: { readonly reason: string; readonly error?: ErrorInfo },
  redaction: Redaction,
): FleetRow {
  const status: SessionStatus = 'terminated';
  return {
    id,
    ...life,
    status,
    asleep: false,
    files: files.size,
    tasks: 0,
    reason,
    ...(error && { error: redaction.error(error) }),
  };
}
