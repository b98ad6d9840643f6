/**
 * The store of the runs. What it holds outlives the process; how it answers is the scenario's: at once or after a
 * step that the scheduler lets go, refusing what it is told to refuse. It knows itself which facts were written,
 * and by whom.
 */
import { SessionError } from '../../errors.ts';
import type {
  JournalRecord,
  SavedSessions,
  SessionHead,
  SessionStore,
  StoredSession,
  StoreLease,
} from '../../store/port.ts';
import { type Gates, turn } from './ports.ts';
import type { Fault, StoreKind } from './scenario.ts';
import { asObject, type Tape } from './tape.ts';
import { Violation } from './violation.ts';

export interface MediumEvents {
  /** A request was refused, as a scenario wanted. */
  hit(): void;
  /** An append was refused, and what it brought is there all the same. */
  uncertain(): void;
  violated(violation: Violation): void;
}

type Kind = 'append' | 'snapshot' | 'read';

/** A write that the store has not answered. */
interface Write {
  readonly run: () => unknown;
  landed: boolean;
}

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

  takeFault(kind: Kind): Fault | undefined {
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

/** One process's way to the store. A crash cuts it. */
export class Connection implements SessionStore {
  readonly medium: Medium;
  /** Somebody has asked for the store. */
  opened = false;
  readonly #writes = new Set<Write>();
  #lease: StoreLease | undefined;
  #cut = false;
  /** The lease was given back. */
  #given = false;
  #poisoned = false;
  #appending = false;

  constructor(medium: Medium) {
    this.medium = medium;
  }

  get poisoned(): boolean {
    return this.#poisoned;
  }

  async open({ owner }: { owner: string }): Promise<StoreLease> {
    this.opened = true;
    if (this.medium.kind === 'slow') await this.medium.gates.wait('open the store');
    if (this.#cut) throw fenced();
    this.#lease = await this.medium.open(owner);
    // It died while the store was being opened.
    if (this.#cut) {
      this.release();
      throw fenced();
    }
    return this.#leaseOver(this.#lease);
  }

  /** The process is dead: of the writes that were not answered, those named by a bit have taken place. */
  cut(landed: number): void {
    if (!this.#poisoned && !this.#given)
      for (const [n, write] of [...this.#writes].entries()) {
        write.landed = ((landed >> n) & 1) === 1;
        if (write.landed) this.medium.ask(write.run);
      }
    this.#cut = true;
    // A lock dies with its owner.
    if (!this.#given) this.release();
  }

  /** Gives the lease back, whatever becomes of it. */
  release(): void {
    this.#given = true;
    const gone = Promise.resolve(this.#lease?.[Symbol.asyncDispose]());
    this.medium.follow(gone).then(undefined, () => {});
  }

  #leaseOver(lease: StoreLease): StoreLease {
    const saved: SavedSessions = {
      ...lease.saved,
      put: (document) => this.#write('snapshot', 'save', () => lease.saved.put(this.#copy(document))),
      get: (id) => this.#read('read saved', () => lease.saved.get(id)),
      list: () => this.#read('list saved', () => lease.saved.list()),
      delete: (id) => this.#write('snapshot', 'delete saved', () => lease.saved.delete(id)),
    };
    return {
      epoch: lease.epoch,
      get lastSeq() {
        return lease.lastSeq;
      },
      get cutSeq() {
        return lease.cutSeq;
      },
      append: (records) => this.#append(lease, this.#copy(records)),
      counts: () => this.#read('counts', () => lease.counts()),
      head: (id) => this.#read(`head ${id}`, () => lease.head(id)),
      heads: (query) => this.#read('heads', () => lease.heads(query)),
      load: (id) =>
        this.#read(`load ${id}`, () => {
          if (this.medium.spoilt.has(id))
            throw new SessionError('STORE_CORRUPT', `The rows of ${id} are torn.`);
          return lease.load(id);
        }),
      putSnapshot: (id, snapshot) =>
        this.#write('snapshot', `snapshot ${id}`, () => lease.putSnapshot(id, this.#copy(snapshot))),
      remove: (id) => this.#write('snapshot', `remove ${id}`, () => lease.remove(id)),
      facts: (query) => this.medium.follow(lease.facts(query)),
      saved,
      [Symbol.asyncDispose]: () => {
        this.#given = true;
        return this.medium.follow(lease[Symbol.asyncDispose]()) as Promise<void>;
      },
    };
  }

  #append(lease: StoreLease, records: readonly JournalRecord[]): void | Promise<void> {
    const { events } = this.medium;
    if (this.#appending) events.violated(new Violation(24, 'a second append while one is under way'));
    const run = () => {
      const appended = lease.append(records);
      return then(appended, () => this.medium.wrote(records));
    };
    const appended = this.#write('append', `append ${records.map(nameOf).join(' + ')}`, run);
    if (!(appended instanceof Promise)) return;
    this.#appending = true;
    return appended.finally(() => {
      this.#appending = false;
    });
  }

  #read<R>(label: string, run: () => R | Promise<R>): R | Promise<R> {
    const fault = this.#faultOf('read');
    if (!fault && this.medium.kind === 'memory') return this.medium.ask(run);
    return this.#later(label, fault, () => {
      this.#checkUsable();
      return this.medium.ask(run);
    });
  }

  #write<R>(kind: Kind, label: string, run: () => R | Promise<R>): R | Promise<R> {
    const fault = this.#faultOf(kind);
    if (fault?.what === 'poison') return this.#poison(label, fault, run);
    if (!fault && this.medium.kind === 'memory') return this.#fencedWrite(label, run);
    if (fault) return this.#later(label, fault, run);
    const write: Write = { run, landed: false };
    this.#writes.add(write);
    return this.#later(label, undefined, () => {
      this.#writes.delete(write);
      if (write.landed) throw fenced();
      this.#checkUsable();
      return this.#fencedWrite(label, run);
    });
  }

  /** The planned fault, thrown if it is to come at once. */
  #faultOf(kind: Kind): Fault | undefined {
    this.#checkUsable();
    const fault = this.#cut ? undefined : this.medium.takeFault(kind);
    if (fault && !fault.late && fault.what !== 'poison') throw refusal(fault);
    return fault;
  }

  async #later<R>(label: string, fault: Fault | undefined, run: () => R | Promise<R>): Promise<R> {
    await this.medium.gates.wait(label);
    if (!fault) return run();
    this.medium.events.hit();
    throw refusal(fault);
  }

  #poison<R>(label: string, fault: Fault, run: () => R): Promise<never> | never {
    const fail = (): never => {
      this.#poisoned = true;
      if (fault.landed && !this.#cut) {
        this.medium.ask(run);
        this.medium.events.uncertain();
      }
      this.medium.events.hit();
      throw refusal(fault);
    };
    if (!fault.late) return fail();
    return this.#later(label, undefined, fail);
  }

  #checkUsable(): void {
    if (!this.#poisoned || this.#cut) return;
    this.medium.events.hit();
    throw new SessionError('STORE_FAILED', 'An earlier sync failed; open the store again.');
  }

  /** 18: nothing that a dead process writes is taken. */
  #fencedWrite<R>(label: string, run: () => R | Promise<R>): R | Promise<R> {
    const dead = this.#cut;
    return then(this.medium.ask(run), (result) => {
      if (dead) this.medium.events.violated(new Violation(18, `a dead process wrote: ${label}`));
      return result;
    });
  }

  /** A disk keeps texts, not objects. */
  #copy<T>(value: T): T {
    return this.medium.kind === 'slow' ? JSON.parse(JSON.stringify(value)) : value;
  }
}

/** At once where the value is there at once. */
function then<A, B>(value: A | Promise<A>, next: (value: A) => B): B | Promise<B> {
  return value instanceof Promise ? value.then(next) : next(value);
}

function nameOf({ sessionId, sessionSeq, type }: JournalRecord): string {
  return `${sessionId}/${sessionSeq} ${type}`;
}

function fenced(): SessionError {
  return new SessionError('STORE_LOCKED', 'This process has lost the store.');
}

function refusal({ what }: Fault): Error {
  if (what === 'read') return new SessionError('STORE_FAILED', 'The disk does not answer.');
  const code = what === 'poison' ? 'EIO' : 'ENOSPC';
  return Object.assign(new Error(`${code}: the disk refuses`), { code });
}
