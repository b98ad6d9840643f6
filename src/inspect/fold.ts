/** The fold of a recording: entry by entry from one {@link Moment} on. */
import type { Fact } from '../session/facts.ts';
import { recoverState } from '../session/recover.ts';
import { fillFrom, sessionData } from '../session/snapshot.ts';
import { applyFact, type SessionState } from '../session/state.ts';
import type { StoredSnapshot } from '../store/port.ts';
import type { TraceEntry } from '../testing/trace.ts';
import type { Answer, ChartMoment, Moment, OpenCall, SessionMoment } from './moment.ts';
import { checkedBase, textOf, toldFact, UNTOLD_CONFIG } from './told.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Entry<K extends TraceEntry['kind']> = Extract<TraceEntry, { kind: K }>;

interface SessionInWork extends Writable<SessionMoment> {
  state: SessionState;
  answers: Map<string, Answer>;
  /** The newest fact that was told as one. The event of it says nothing new. */
  factSeq: number;
}

/** The oldest go. */
const MAX_ANSWERS = 50;

/** Where a chart is found in `Moment.charts`: actors of several definitions may have one name. */
export function chartId(definition: string, actor: string): string {
  return `${definition}\n${actor}`;
}

/** Before the first entry. */
export function beginning(bases: Readonly<Record<string, StoredSnapshot>>): Moment {
  const sessions = new Map<string, SessionMoment>();
  for (const [id, base] of Object.entries(bases)) sessions.set(id, fromBase(id, base));
  return { n: 0, sessions, charts: new Map(), calls: new Map() };
}

/**
 * What a moment shows is never changed afterwards: what the next entry touches is copied first, once for each moment
 * that was taken. All else is shared, and a moment costs what has changed since the one before it.
 */
export class Fold {
  #n: number;
  #sessions: Map<string, SessionMoment>;
  #charts: Map<string, ChartMoment>;
  #calls: Map<number, OpenCall>;
  /** Copies made since the last moment was taken, which nobody else holds. */
  #own = new Map<string, SessionInWork>();
  #isShared = true;

  constructor({ n, sessions, charts, calls }: Moment) {
    this.#n = n;
    this.#sessions = sessions as Map<string, SessionMoment>;
    this.#charts = charts as Map<string, ChartMoment>;
    this.#calls = calls as Map<number, OpenCall>;
  }

  get n(): number {
    return this.#n;
  }

  moment(): Moment {
    this.#isShared = true;
    this.#own = new Map();
    return { n: this.#n, sessions: this.#sessions, charts: this.#charts, calls: this.#calls };
  }

  apply(entry: TraceEntry): void {
    if (this.#isShared) this.#copyMaps();
    if (entry.kind === 'fact' || entry.kind === 'event') this.#tell(entry);
    else if (entry.kind === 'snapshot') this.#snapshot(entry);
    else if (entry.kind === 'sent') this.#sent(entry);
    else if (entry.kind === 'call') this.#call(entry);
    else if (entry.kind === 'settled') this.#calls.delete(entry.call);
    this.#n += 1;
  }

  #copyMaps(): void {
    this.#sessions = new Map(this.#sessions);
    this.#charts = new Map(this.#charts);
    this.#calls = new Map(this.#calls);
    this.#isShared = false;
  }

  #tell(entry: Entry<'fact'> | Entry<'event'>): void {
    const fact = toldFact(entry);
    if (fact) this.#take(entry, fact);
    else this.#misfit(entry);
  }

  #take(entry: TraceEntry, fact: Fact): void {
    const { sessionId: id, seq, type } = fact;
    if (entry.kind === 'event' && seq <= this.#factSeq(id)) return;
    const session = type === 'session_created' ? this.#begin(fact) : this.#session(id, fact);
    session.entry = this.#n;
    if (entry.kind === 'fact') session.factSeq = seq;
    if (type !== 'session_created') applyFact(session.state, fact);
    tellAnswer(session, fact);
  }

  /** Of a shape that no chartroom has written. */
  #misfit(entry: Entry<'fact'> | Entry<'event'>): void {
    const { sessionId, type } = (entry.kind === 'fact' ? entry.fact : entry.event) ?? {};
    if (typeof sessionId !== 'string' || !this.#sessions.has(sessionId)) return;
    this.#inWork(sessionId).problem = `${textOf(type)} could not be taken up: it lacks what it should say`;
  }

  #factSeq(id: string): number {
    return (this.#sessions.get(id) as SessionInWork | undefined)?.factSeq ?? 0;
  }

  #begin(fact: Fact): SessionInWork {
    const session = inWork(fact.sessionId, applyFact(undefined, fact), false);
    return this.#keep(session);
  }

  #session(id: string, fact: Fact): SessionInWork {
    if (this.#sessions.has(id)) return this.#inWork(id);
    return this.#keep(inWork(id, unknownState(id, fact.at), true));
  }

  #keep(session: SessionInWork): SessionInWork {
    this.#own.set(session.id, session);
    this.#sessions.set(session.id, session);
    return session;
  }

  #inWork(id: string): SessionInWork {
    const own = this.#own.get(id);
    if (own) return own;
    const held = this.#sessions.get(id) as SessionInWork;
    return this.#keep({ ...held, state: copyOf(held.state), answers: new Map(held.answers) });
  }

  #sent(entry: Entry<'sent'>): void {
    const { definition, actor } = named(entry);
    const { event } = entry;
    const key = chartId(definition, actor);
    const before = this.#charts.get(key) ?? { actor, definition, status: '', entry: -1 };
    this.#charts.set(key, { ...before, pending: event });
  }

  #snapshot(entry: Entry<'snapshot'>): void {
    const { definition, actor } = named(entry);
    const { value, status, context } = entry;
    const key = chartId(definition, actor);
    const before = this.#charts.get(key);
    this.#charts.set(key, {
      actor,
      definition,
      value,
      status: textOf(status),
      entry: this.#n,
      ...(context !== undefined && { context }),
      ...(before?.value !== undefined && { previous: before.value }),
      ...(before?.pending && { event: before.pending }),
    });
  }

  #call({ call, name, sessionId, arguments: given }: Entry<'call'>): void {
    this.#calls.set(call, {
      call,
      name,
      entry: this.#n,
      ...(sessionId !== undefined && { sessionId }),
      ...(given !== undefined && { arguments: given }),
    });
  }
}

function inWork(id: string, state: SessionState, partial: boolean): SessionInWork {
  return { id, state, partial, answers: new Map(), entry: -1, factSeq: 0 };
}

function fromBase(id: string, base: StoredSnapshot): SessionMoment {
  try {
    return inWork(id, recoverState(id, { snapshot: checkedBase(base, id), records: [] }), false);
  } catch (error) {
    const session = inWork(id, unknownState(id, ''), true);
    session.problem = `What it held before cannot be read: ${messageOf(error)}`;
    return session;
  }
}

/** A trace of a stranger may call them anything. */
function named({ definition, actor }: Entry<'sent' | 'snapshot'>) {
  return { definition: textOf(definition), actor: textOf(actor) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Of a session that was there before anything was recorded of it. */
function unknownState(id: string, at: string): SessionState {
  const payload = { metadata: {}, llmConfig: {}, config: UNTOLD_CONFIG };
  const created = { type: 'session_created', sessionId: id, seq: 0, sessionSeq: 0, at, payload };
  const state = applyFact(undefined, created as unknown as Fact);
  state.status = 'active';
  return state;
}

function copyOf(state: Readonly<SessionState>): SessionState {
  const copy: SessionState = {
    ...state,
    conversation: undefined,
    files: undefined,
    fileIndex: undefined,
    workingContext: undefined,
    keyed: undefined,
  };
  fillFrom(copy, sessionData(state));
  return copy;
}

function tellAnswer(session: SessionInWork, { type, payload, seq }: Fact): void {
  const { answers } = session;
  if (type === 'llm_stream_chunk') {
    const told = answers.get(payload.turnId);
    const text = (told?.text ?? '') + textOf(payload.content);
    keepAnswer(answers, payload.turnId, { seq: told?.seq ?? seq, text, isWhole: false });
  } else if (type === 'llm_response') {
    const { turnId, content, messageId } = payload;
    if (messageId !== undefined) answers.delete(turnId);
    else
      keepAnswer(answers, turnId, {
        seq: answers.get(turnId)?.seq ?? seq,
        text: textOf(content),
        isWhole: true,
      });
  } else if (type === 'agent_status') session.agentStatus = textOf(payload.status);
  else if (type === 'conversation_cleared') answers.clear();
  else if (type === 'session_status' && payload.status !== 'active' && payload.status !== 'idle')
    for (const [turn, { isWhole }] of answers) if (!isWhole) answers.delete(turn);
}

function keepAnswer(answers: Map<string, Answer>, turn: string, answer: Answer): void {
  answers.set(turn, answer);
  const [oldest] = answers.keys();
  if (answers.size > MAX_ANSWERS && oldest !== undefined) answers.delete(oldest);
}
