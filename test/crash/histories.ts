/** What the events tell of each session, and whether they may tell it. */
import type { PublishedEvent } from '../../src/events/types.ts';
import { CONFIGS, type Life, shortened } from './calls.ts';
import type { Found, FoundSession } from './found.ts';
import { violated } from './violation.ts';

/** From `session_created` to `session_terminated`. */
interface Tale {
  readonly mark: string;
  readonly life: Life;
  status: string;
  reason: string | undefined;
  activeMs: number;
  /** All its messages are told: it was not restored from a saved one, or was cleared since. */
  isWhole: boolean;
  messages: string[];
}

const EDGES: Readonly<Record<string, readonly string[]>> = {
  initializing: ['active', 'terminated'],
  active: ['idle', 'terminating'],
  idle: ['active', 'terminating'],
  terminating: ['terminated'],
};

/** Holds the events of all lives against the rules, and those of the living against what is found. */
export function checkHistories({ events, sessions }: Found): void {
  const living = new Map<string, Tale>();
  const marks = new Set<string>();
  let newest = 0;
  for (const event of events) {
    const { sessionId: id, seq, type } = event;
    if (seq <= newest) violated(`event ${seq} comes after event ${newest}`);
    newest = seq;
    const tale = living.get(id);
    if (event.type === 'session_created') {
      if (tale) violated(`event ${seq} creates ${id}, which is there`);
      const { mark, life } = event.metadata as { mark: string; life: Life };
      living.set(id, begin(mark, life, !marks.has(mark), event.at));
      marks.add(mark);
    } else if (!tale) violated(`event ${seq}, ${type}, is of ${id}, which is not there`);
    else if (event.type === 'session_terminated') {
      if (tale.status !== 'terminated') violated(`event ${seq} ends ${id}, which is ${tale.status}`);
      if (tale.reason !== event.reason)
        violated(`event ${seq} ends ${id} as ${event.reason}, not ${tale.reason}`);
      living.delete(id);
    } else go(tale, event);
  }
  for (const [id, { status }] of living)
    if (!sessions.has(id)) violated(`the events leave ${id} ${status}, and it is not found`);
  for (const [id, session] of sessions) agree(id, living.get(id), session);
}

function begin(mark: string, life: Life, isWhole: boolean, at: string): Tale {
  return {
    mark,
    life,
    status: 'initializing',
    reason: undefined,
    activeMs: Date.parse(at),
    isWhole,
    messages: [],
  };
}

function go(tale: Tale, event: PublishedEvent): void {
  switch (event.type) {
    case 'session_status':
      move(tale, event);
      return;
    case 'conversation_added':
      tale.messages.push(shortened(event.message.content));
      break;
    case 'conversation_cleared':
      tale.messages = [];
      tale.isWhole = true;
  }
  tale.activeMs = Date.parse(event.at);
}

function move(tale: Tale, event: Extract<PublishedEvent, { type: 'session_status' }>): void {
  const { seq, sessionId: id, status, previousStatus, reason, at } = event;
  if (previousStatus !== tale.status || !EDGES[previousStatus]?.includes(status))
    violated(`event ${seq} takes ${id} from ${previousStatus} to ${status}, and it was ${tale.status}`);
  if (status === 'active') tale.activeMs = Date.parse(at);
  tale.status = status;
  tale.reason = reason;
  if (reason !== 'idle') return;
  const limit = CONFIGS[tale.life].terminateAfterMs;
  if (limit === undefined) violated(`event ${seq} ends ${id} for its inactivity, which has no limit`);
  if (status === 'terminating' && Date.parse(at) - tale.activeMs < limit)
    violated(
      `event ${seq} ends ${id} ${Date.parse(at) - tale.activeMs} ms after it was active, not ${limit}`,
    );
}

function agree(id: string, tale: Tale | undefined, { contents, info }: FoundSession): void {
  if (!tale) {
    violated(`${id} is found, and by the events it has ended or never was`);
    return;
  }
  if (tale.status !== 'active' && tale.status !== 'idle')
    violated(`${id} is found, and was left ${tale.status}`);
  if (info.metadata.mark !== tale.mark) violated(`${id} is found as ${info.metadata.mark}, not ${tale.mark}`);
  const messages = contents.messages.map(({ content }) => content);
  const told = tale.messages.slice(-(CONFIGS[tale.life].maxMessages ?? 0));
  const found = tale.isWhole ? messages : messages.slice(messages.length - told.length);
  if (found.join() !== told.join())
    violated(`${id} holds the messages ${found}, and the events tell of ${told}`);
}
