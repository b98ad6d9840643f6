/**
 * The store of the runs. What it holds outlives the process; how it answers is the scenario's: at once or after a
 * step that the scheduler lets go, refusing what it is told to refuse. It knows itself which facts were written,
 * and by whom.
 */
import type {
  JournalRecord,
  SessionHead,
  SessionStore,
  StoredSession,
  StoreLease,
} from '../../store/port.ts';
import { Connection } from './connection.ts';
import { type Gates, turn } from './ports.ts';
import type { Fault, StoreKind } from './scenario.ts';
import { asObject, type Tape } from './tape.ts';
import type { Violation } from './violation.ts';

export interface MediumEvents {
  /** A request was refused, as a scenario wanted. */
  hit(): void;
  /** An append was refused, and what it brought is there all the same. */
  uncertain(): void;
  violated(violation: Violation): void;
}

export type RequestKind = 'append' | 'snapshot' | 'read';

interface MediumParts {
  readonly inner: SessionStore;
  readonly kind: StoreKind;
  readonly gates: Gates;
  readonly events: MediumEvents;
  readonly tape: Tape;
}

/** What survives a crash. */
export class Medium {
  readonly kind: StoreKind;
  readonly gates: Gates;
  readonly events: MediumEvents;
  /** Every fact that was ever written, by its `seq`. */
  readonly facts = new Map<number, JournalRecord>();
  /** The sessions that these facts leave. */
  readonly sessions = new Set<string>();
  /** Those of them that cannot be read. */
  readonly spoilt = new Set<string>();
  readonly #inner: SessionStore;
  readonly #tape: Tape;
  #inFlight = 0;
  #deferred = false;
  #faults: Fault[] = [];
  #undisturbed = false;
  #newest: StoreLease | undefined;

  constructor({ inner, kind, gates, events, tape }: MediumParts) {
    this.#inner = inner;
    this.kind = kind;
    this.gates = gates;
    this.events = events;
    this.#tape = tape;
  }

  /** How many requests the store beneath has not answered. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Some request of the store beneath was answered by a promise. */
  get deferred(): boolean {
    return this.#deferred;
  }

  ask<R>(run: () => R): R {
    const answer = run();
    if (answer instanceof Promise) this.#deferred = true;
    return this.follow(answer);
  }

  /** What a store that takes its time is asked is answered before the turn is over: the schedule is the run's alone. */
  follow<R>(answer: R): R {
    if (!(answer instanceof Promise)) return answer;
    this.#inFlight += 1;
    const answered = (): void => {
      this.#inFlight -= 1;
    };
    answer.then(answered, answered);
    return answer;
  }

  /** Everything that the store beneath was asked is answered. */
  async answered(): Promise<void> {
    while (this.#inFlight > 0) await turn();
  }

  /** The store as one process sees it. */
  connect(): Connection {
    return new Connection(this);
  }

  async open(owner: string): Promise<StoreLease> {
    this.#newest = await this.follow(this.#inner.open({ owner }));
    return this.#newest;
  }

  plan(fault: Fault): void {
    this.#faults.push(fault);
  }

  /** From now on all goes well. */
  heal(): void {
    this.#faults = [];
  }

  /** The run's own look-ups are to meet no fault. */
  async undisturbed<R>(look: () => Promise<R>): Promise<R> {
    this.#undisturbed = true;
    try {
      return await look();
    } finally {
      this.#undisturbed = false;
    }
  }

  takeFault(kind: RequestKind): Fault | undefined {
    if (this.#undisturbed) return undefined;
    const at = this.#faults.findIndex(
      ({ what }) => what === kind || (what === 'poison' && kind === 'append'),
    );
    const fault = this.#faults[at];
    if (!fault) return undefined;
    this.#faults.splice(at, 1, ...(fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : []));
    this.events.hit();
    return fault;
  }

  wrote(records: readonly JournalRecord[]): void {
    for (const record of records) {
      this.facts.set(record.seq, record);
      this.#tape.write({ kind: 'fact', fact: asObject(record) });
      if (record.type === 'session_created') this.sessions.add(record.sessionId);
      if (record.type === 'session_terminated') this.sessions.delete(record.sessionId);
    }
  }

  /** What can be read of it, whoever owns it. */
  async look(): Promise<Array<{ readonly head: SessionHead; readonly stored: StoredSession }>> {
    const free = await this.#inner.open({ owner: 'reader' }).catch(() => undefined);
    const lease = free ?? this.#newest;
    const found = [];
    for (const head of (await lease?.heads()) ?? []) {
      const stored = this.spoilt.has(head.id) ? undefined : await lease?.load(head.id);
      if (stored) found.push({ head, stored });
    }
    await free?.[Symbol.asyncDispose]();
    return found;
  }
}
