import type { TraceEntry } from '../testing/trace.ts';
import type { Recording } from './protocol.ts';
import { textOf } from './told.ts';
import { entryInWords } from './words.ts';

export type EntryKind = TraceEntry['kind'];

/** In the order in which a sequence is told. */
export const ENTRY_KINDS: readonly EntryKind[] = [
  'call',
  'settled',
  'sent',
  'snapshot',
  'fact',
  'event',
  'schedule',
];

/** One entry as a message between two lanes; from a lane to itself is what happens inside of it. */
export interface SequenceRow {
  /** Its index. */
  readonly entry: number;
  readonly kind: EntryKind;
  readonly from: string;
  readonly to: string;
  readonly words: string;
  /** The session that it is about. */
  readonly sessionId?: string;
  /** Of a `settled`: the call has failed. */
  readonly failed?: true;
}

export interface RowFilter {
  /** Default all. */
  readonly kinds?: ReadonlySet<string>;
  readonly sessionId?: string;
  /** What the words contain, in any case. */
  readonly text?: string;
}

/** Who speaks in a session engine. */
export const ENGINE_LANES = ['client', 'manager', 'session', 'agent', 'store'] as const;

/** What nothing but a session engine tells. */
const ENGINE_KINDS: ReadonlySet<string> = new Set(['call', 'settled', 'fact', 'event', 'schedule']);

/** Of another machine: whoever stands outside of it, and its actors. */
const OUTSIDE = 'outside';
const OTHERS = 'others';
const MAX_ACTOR_LANES = 10;

type Call = Extract<TraceEntry, { kind: 'call' }>;
type Sent = Extract<TraceEntry, { kind: 'sent' }>;
type OfChart = Extract<TraceEntry, { kind: 'sent' | 'snapshot' }>;
type Ends = readonly [from: string, to: string];

/** The entries of a recording as messages between those who take part. Rows are made when they are asked for. */
export class Sequence {
  #entries: readonly TraceEntry[] = [];
  readonly #calls = new Map<number, Call>();
  /** Each with its place among them, in the order in which they were first heard of. */
  readonly #actors = new Map<string, number>();
  readonly #words: string[] = [];
  #isEngine: boolean;

  constructor({ definitions, entries }: Pick<Recording, 'definitions' | 'entries'>) {
    this.#isEngine = Object.hasOwn(definitions, 'session') && Object.hasOwn(definitions, 'manager');
    this.extend(entries);
  }

  get length(): number {
    return this.#entries.length;
  }

  /** The columns, from left to right. */
  get lanes(): readonly string[] {
    if (this.#isEngine) return ENGINE_LANES;
    const own = [...this.#actors.keys()].slice(0, MAX_ACTOR_LANES);
    return [OUTSIDE, ...own, ...(own.length < this.#actors.size ? [OTHERS] : [])];
  }

  /** `entries`: the same ones, and those that came behind them. */
  extend(entries: readonly TraceEntry[]): void {
    for (const entry of entries.slice(this.#entries.length)) {
      if (entry.kind === 'call') this.#calls.set(entry.call, entry);
      if (ENGINE_KINDS.has(entry.kind)) this.#isEngine = true;
      if (entry.kind !== 'sent' && entry.kind !== 'snapshot') continue;
      const actor = nameOf(entry);
      if (!this.#actors.has(actor)) this.#actors.set(actor, this.#actors.size);
    }
    this.#entries = entries;
  }

  row(index: number): SequenceRow | undefined {
    const entry = this.#entries[index];
    if (!entry) return undefined;
    const [from, to] = this.#ends(entry);
    const sessionId = this.sessionOf(index);
    return {
      entry: index,
      kind: entry.kind,
      from,
      to,
      words: this.words(index),
      ...(sessionId !== undefined && { sessionId }),
      ...(entry.kind === 'settled' && entry.ok !== true && { failed: true }),
    };
  }

  words(index: number): string {
    const entry = this.#entries[index];
    if (!entry) return '';
    this.#words[index] ??= entryInWords(
      entry,
      entry.kind === 'settled' ? this.#calls.get(entry.call) : undefined,
    );
    return this.#words[index] ?? '';
  }

  /** The indexes of the entries that pass, from `start` on. */
  select({ kinds, sessionId, text = '' }: RowFilter, start = 0): number[] {
    const wanted = text.toLowerCase();
    const found: number[] = [];
    for (const [place, { kind }] of this.#entries.slice(start).entries()) {
      const index = start + place;
      if (kinds && !kinds.has(kind)) continue;
      if (sessionId !== undefined && this.sessionOf(index) !== sessionId) continue;
      if (wanted !== '' && !this.words(index).toLowerCase().includes(wanted)) continue;
      found.push(index);
    }
    return found;
  }

  sessionOf(index: number): string | undefined {
    const entry = this.#entries[index];
    switch (entry?.kind) {
      case 'fact':
        return named(entry.fact?.sessionId);
      case 'event':
        return named(entry.event?.sessionId);
      case 'call':
        return named(entry.sessionId);
      case 'settled':
        return named(this.#calls.get(entry.call)?.sessionId);
      case 'sent':
      case 'snapshot':
        return this.#isEngine && entry.definition !== 'manager' ? ownerOf(entry) : undefined;
      default:
        return undefined;
    }
  }

  #ends(entry: TraceEntry): Ends {
    switch (entry.kind) {
      case 'call':
        return ['client', 'manager'];
      case 'settled':
        return ['manager', 'client'];
      case 'fact':
        return [isOfAgent(entry.fact?.type) ? 'agent' : 'session', 'store'];
      case 'event':
        return [isOfAgent(entry.event?.type) ? 'agent' : 'session', 'client'];
      case 'schedule':
        return ['manager', 'manager'];
      case 'snapshot': {
        const lane = this.#laneOf(entry);
        return [lane, lane];
      }
      case 'sent':
        return [
          this.#isEngine ? senderInEngine(entry, this.#laneOf(entry)) : this.#sender(entry),
          this.#laneOf(entry),
        ];
      default:
        return this.#isEngine ? ['manager', 'manager'] : [OUTSIDE, OUTSIDE];
    }
  }

  #laneOf(entry: OfChart): string {
    const { definition } = entry;
    if (this.#isEngine) return definition === 'manager' || definition === 'session' ? definition : 'agent';
    return this.#shown(nameOf(entry));
  }

  #shown(actor: string): string {
    return (this.#actors.get(actor) ?? MAX_ACTOR_LANES) < MAX_ACTOR_LANES ? actor : OTHERS;
  }

  /** What a machine was told by its own clock or an actor that has no lane came from inside of it. */
  #sender(entry: Sent): string {
    const actor = nameOf(entry);
    const type = named(entry.event?.type) ?? '';
    const child = /^xstate\.(?:done|error)\.actor\.(.*)$/.exec(type)?.[1];
    if (child !== undefined && this.#actors.has(`${actor}/${child}`)) return this.#shown(`${actor}/${child}`);
    if (type.startsWith('xstate.')) return this.#shown(actor);
    const parent = actor.slice(0, Math.max(0, actor.lastIndexOf('/')));
    return this.#actors.has(parent) ? this.#shown(parent) : OUTSIDE;
  }
}

function senderInEngine({ event }: Sent, to: string): string {
  const type = named(event?.type) ?? '';
  if (to === 'session') return type.startsWith('xstate.') ? 'agent' : 'manager';
  if (to === 'agent') return type.startsWith('xstate.') ? 'agent' : 'manager';
  if (type.startsWith('session.')) return 'session';
  return type === 'manager.close' ? 'client' : 'manager';
}

/** The session of an actor: a session's chart has its id, what is below it has that in front of a `/`. */
function ownerOf(entry: OfChart): string {
  const actor = nameOf(entry);
  if (entry.definition === 'session') return actor;
  const end = actor.indexOf('/');
  return end < 0 ? actor : actor.slice(0, end);
}

/** A trace of a stranger may call it anything. */
function nameOf({ actor }: OfChart): string {
  return textOf(actor);
}

function isOfAgent(type: unknown): boolean {
  const text = named(type) ?? '';
  return /^(llm_|agent_|tool_|analysis_|issue_)/.test(text);
}

function named(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
