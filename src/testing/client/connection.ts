/** One process's way to the store of the runs, and all that goes wrong on it. */
import { SessionError } from '../../errors.ts';
import type { JournalRecord, SavedSessions, SessionStore, StoreLease } from '../../store/port.ts';
import type { Medium, RequestKind } from './medium.ts';
import type { Fault } from './scenario.ts';
import { Violation } from './violation.ts';

/** A write that the store has not answered. */
interface Write {
  readonly run: () => unknown;
  landed: boolean;
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
    if (this.medium.kind !== 'memory') await this.medium.gates.wait('open the store');
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

  #write<R>(kind: RequestKind, label: string, run: () => R | Promise<R>): R | Promise<R> {
    const fault = this.#faultOf(kind);
    if (fault?.what === 'poison') return this.#poison(label, fault, run);
    if (!fault && this.medium.kind !== 'slow') return this.#fencedWrite(label, run);
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
  #faultOf(kind: RequestKind): Fault | undefined {
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
    return this.medium.kind !== 'memory' ? JSON.parse(JSON.stringify(value)) : value;
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
