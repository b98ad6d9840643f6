import { closedError } from './admission.ts';
import type { Timekeeper } from './clock.ts';
import { wrapThrown } from './error-info.ts';
import { isSessionError, type SessionError } from './errors.ts';
import type { FactSource } from './events/cursor.ts';
import type { Fact, FactPayloads, FactType } from './session/facts.ts';
import type { FactQuery, StoreLease } from './store/port.ts';

/** The facts that one decision commits together: all or none. */
export class Batch {
  readonly facts: Fact[] = [];
  readonly at: string;
  /** What a decision changes beside the facts; happens only when they are committed, before they are folded. */
  readonly effects: Array<() => void> = [];
  #seq: number;

  constructor(seq: number, at: string) {
    this.#seq = seq;
    this.at = at;
  }

  /** The `seq` that the next fact gets. */
  get nextSeq(): number {
    return this.#seq + 1;
  }

  onCommit(effect: () => void): void {
    this.effects.push(effect);
  }

  /** `sessionSeq` is how many facts the session has had before this batch. */
  add<T extends FactType>(
    session: { readonly id: string; readonly sessionSeq: number },
    type: T,
    payload: FactPayloads[T],
  ): void {
    let own = 1;
    for (const fact of this.facts) if (fact.sessionId === session.id) own += 1;
    this.#seq += 1;
    const stamp = {
      seq: this.#seq,
      sessionId: session.id,
      sessionSeq: session.sessionSeq + own,
      at: this.at,
    };
    this.facts.push({ ...stamp, type, payload } as Fact);
  }
}

/** What happens to a committed fact: it is folded and told to the chart, then published. */
export interface Follower {
  apply(fact: Fact): void;
  publish(fact: Fact): void;
}

/** Reads the committed state and names the facts to commit, or throws. May return a promise to wait for. */
export type Decision<R> = (batch: Batch) => R | Promise<R>;

interface Turn {
  readonly decide: Decision<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/**
 * The one writer. Decisions are taken one at a time: the facts of each are appended, folded, told to the charts
 * and published before the next. What is asked meanwhile, by a listener or while a store is slow, waits its turn.
 */
export class Journal implements FactSource {
  readonly #time: Timekeeper;
  #follower: Follower | undefined;
  #lease: StoreLease | undefined;
  #turns: Turn[] = [];
  #busy = false;
  #closed = false;
  #seq = 0;
  #published = 0;
  /** Set while a store takes its time over the batch in flight. */
  #appending: Promise<void> | undefined;

  constructor(time: Timekeeper) {
    this.#time = time;
  }

  open(lease: StoreLease, follower: Follower): void {
    this.#lease = lease;
    this.#follower = follower;
    this.#seq = lease.lastSeq;
    this.#published = lease.lastSeq;
  }

  /** The newest committed fact. */
  get seq(): number {
    return this.#seq;
  }

  get publishedSeq(): number {
    return this.#published;
  }

  get cutSeq(): number {
    return this.#lease?.cutSeq ?? 0;
  }

  /** Decisions that wait for their turn. */
  get pending(): number {
    return this.#turns.length;
  }

  /** Throws `MANAGER_CLOSED`. */
  checkOpen(): void {
    if (this.#closed) throw closedError();
  }

  iso(): string {
    return this.#time.iso();
  }

  facts(query: FactQuery): ReturnType<StoreLease['facts']> {
    return this.#lease?.facts(query) ?? [];
  }

  /** Resolves with the decision's result once its facts are durable and every listener has had their events. */
  commit<R>(decide: Decision<R>): Promise<R> {
    if (this.#closed) return Promise.reject(closedError());
    if (this.#busy)
      return new Promise((resolve, reject) => {
        this.#turns.push({ decide, resolve: resolve as Turn['resolve'], reject });
      });
    this.#busy = true;
    let outcome: R | Promise<R>;
    try {
      outcome = this.#take(decide);
    } catch (error) {
      outcome = Promise.reject(error);
    }
    if (this.#appending) this.#appending.then(() => this.#drain());
    else this.#drain();
    return Promise.resolve(outcome);
  }

  /** A decision that nobody waits for. */
  post(decide: Decision<void>, failed: (error: unknown) => void): void {
    this.commit(decide).catch((error) => {
      if (!this.#closed) failed(error);
    });
  }

  /** Puts decisions that were asked for earlier than all that wait before them, in their order. */
  resume(turns: readonly Turn[]): void {
    this.#turns.unshift(...turns);
  }

  /** Refuses what waits and what comes; resolves once the batch in flight has settled. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const turn of this.#turns.splice(0)) turn.reject(closedError());
    await this.#appending;
  }

  #take<R>(decide: Decision<R>): R | Promise<R> {
    const batch = new Batch(this.#seq, this.#time.iso());
    const result = decide(batch);
    if (batch.facts.length === 0) {
      this.#follow(batch);
      return result;
    }
    // When the facts are refused nobody waits for the result, which may be a wait of its own.
    if (result instanceof Promise) result.catch(() => {});
    const appended = this.#append(batch);
    if (!appended) {
      this.#follow(batch);
      return result;
    }
    const followed = appended.then(() => this.#follow(batch));
    const settled = () => {
      this.#appending = undefined;
    };
    this.#appending = followed.then(settled, settled);
    return followed.then(() => result);
  }

  #append(batch: Batch): Promise<void> | undefined {
    if (!this.#lease) throw closedError();
    try {
      return this.#lease.append(batch.facts)?.catch((error: unknown) => {
        throw asStoreError(error);
      });
    } catch (error) {
      throw asStoreError(error);
    }
  }

  #follow(batch: Batch): void {
    for (const effect of batch.effects) effect();
    for (const fact of batch.facts) {
      this.#seq = fact.seq;
      this.#follower?.apply(fact);
    }
    for (const fact of batch.facts) {
      this.#published = fact.seq;
      this.#follower?.publish(fact);
    }
  }

  #drain(): void {
    for (;;) {
      const turn = this.#turns.shift();
      if (!turn) break;
      try {
        turn.resolve(this.#take(turn.decide));
      } catch (error) {
        turn.reject(error);
      }
      if (this.#appending) {
        this.#appending.then(() => this.#drain());
        return;
      }
    }
    this.#busy = false;
  }
}

function asStoreError(error: unknown): SessionError {
  return isSessionError(error) ? error : wrapThrown('STORE_FAILED', 'The store refused a write', error);
}
