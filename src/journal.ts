import { closedError } from './admission.ts';
import { Batch, Pending } from './batch.ts';
import type { Timekeeper } from './clock.ts';
import { asStoreError } from './error-info.ts';
import type { FactSource } from './events/cursor.ts';
import { nextMacrotask } from './macrotask.ts';
import type { Fact } from './session/facts.ts';
import type { FactQuery, StoreLease } from './store/port.ts';
import { type Decision, type Turn, Turns } from './turns.ts';

/** Facts in one append, at most: what comes after them must not wait for ever. */
const GROUP_FACTS = 1024;

/** What happens to a committed fact: it is folded and told to the chart, then published. */
export interface Follower {
  apply(fact: Fact): void;
  publish(fact: Fact): void;
}

/** A decision whose facts are on their way to the store. */
interface Decided {
  readonly turn: Turn;
  readonly batch: Batch;
  readonly result: unknown;
}

/** The decisions of one append. */
class Group {
  readonly pending = new Pending();
  readonly decided: Decided[] = [];
  readonly facts: Fact[] = [];

  get full(): boolean {
    return this.facts.length >= GROUP_FACTS;
  }

  fits({ session, stacks }: Turn): boolean {
    const ahead = this.pending.get(session);
    return !this.full && (!ahead || (stacks && !ahead.turning));
  }

  add(decided: Decided): void {
    this.decided.push(decided);
    // When the facts are refused nobody waits for the result, which may be a wait of its own.
    if (decided.result instanceof Promise) decided.result.catch(() => {});
    for (const fact of decided.batch.facts) {
      this.facts.push(fact);
      this.pending.add(fact);
    }
  }
}

/**
 * The one writer. Decisions are pure until their facts are stored; then the facts of each are folded, told to the
 * charts and published before those of the next. With a store that answers at once, each decision is committed as
 * it is made. With one that takes its time, all that is asked in one turn of the event loop, or while the store is
 * busy, goes to it as one append (group commit): one decision of each session, and behind it those of the same
 * session that stack. What a listener asks waits its turn.
 */
export class Journal implements FactSource {
  readonly #time: Timekeeper;
  #follower: Follower | undefined;
  #lease: StoreLease | undefined;
  readonly #turns = new Turns();
  /** Of each session whose decisions did not fit into a group yet, those that wait; in the order of its next turn. */
  readonly #held = new Map<string, Turns>();
  /** How many of the waiting decisions are about each session, and in all. */
  readonly #waiting = new Map<string, number>();
  #waitingInAll = 0;
  #busy = false;
  #closed = false;
  #seq = 0;
  #published = 0;
  #opened = 0;
  /** The store's last answer was a promise: decisions are gathered. */
  #grouping = false;
  /** Set while a store takes its time, with what it is about. */
  #appending:
    | { readonly done: Promise<void>; readonly pending: Pending; readonly decisions: number }
    | undefined;

  constructor(time: Timekeeper) {
    this.#time = time;
  }

  open(lease: StoreLease, follower: Follower): void {
    this.#lease = lease;
    this.#follower = follower;
    this.#seq = lease.lastSeq;
    this.#published = lease.lastSeq;
    this.#opened = lease.lastSeq;
  }

  /** The newest committed fact. */
  get seq(): number {
    return this.#seq;
  }

  get publishedSeq(): number {
    return this.#published;
  }

  /** The newest fact of the owner before: what recovery has brought about comes after it. */
  get openedSeq(): number {
    return this.#opened;
  }

  get cutSeq(): number {
    return this.#lease?.cutSeq ?? 0;
  }

  /** What is in it goes with this process. */
  get volatile(): boolean {
    return this.#lease?.volatile ?? false;
  }

  /** Decisions that wait for their turn, or for the store. */
  get pending(): number {
    return this.#waitingInAll + (this.#appending?.decisions ?? 0);
  }

  /** What is asked now is committed later: the store takes its time, or something else is being committed. */
  get gathers(): boolean {
    return this.#grouping || this.#busy;
  }

  /** Whether a decision about the session waits, or is on its way to the store. */
  concerns(session: string): boolean {
    return this.#waiting.has(session) || this.#appending?.pending.get(session) !== undefined;
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
  commit<R>(session: string, decide: Decision<R>, stacks = false): Promise<R> {
    if (this.#closed) return Promise.reject(closedError());
    if (this.#busy || this.#grouping)
      return new Promise((resolve, reject) => {
        this.#queue({ session, stacks, decide, resolve: resolve as Turn['resolve'], reject });
      });
    this.#busy = true;
    let outcome: R | Promise<R>;
    try {
      outcome = this.#take(session, decide);
    } catch (error) {
      outcome = Promise.reject(error);
    }
    this.#goOn();
    return Promise.resolve(outcome);
  }

  /** A decision that nobody waits for. */
  post(session: string, decide: Decision<void>, failed: (error: unknown) => void, stacks = false): void {
    this.commit(session, decide, stacks).catch((error) => {
      if (!this.#closed) failed(error);
    });
  }

  /** Puts decisions of one session that were asked for earlier than all that wait before those, in their order. */
  resume(turns: readonly Turn[]): void {
    if (this.#closed) {
      for (const turn of turns) turn.reject(closedError());
      return;
    }
    for (const turn of turns) this.#count(turn.session, 1);
    const session = turns[0]?.session;
    const held = session === undefined ? undefined : this.#held.get(session);
    (held ?? this.#turns).unshift(turns);
  }

  /** Refuses what waits and what comes; resolves once the append in flight has settled. */
  async close(): Promise<void> {
    this.#closed = true;
    for (let turn = this.#nextTurn(); turn; turn = this.#nextTurn()) turn.reject(closedError());
    this.#waiting.clear();
    this.#waitingInAll = 0;
    await this.#appending?.done;
  }

  #queue(turn: Turn): void {
    this.#turns.push(turn);
    this.#count(turn.session, 1);
    if (this.#busy) return;
    this.#busy = true;
    nextMacrotask(() => this.#formGroup());
  }

  #count(session: string, change: number): void {
    const count = (this.#waiting.get(session) ?? 0) + change;
    this.#waitingInAll += change;
    if (count > 0) this.#waiting.set(session, count);
    else this.#waiting.delete(session);
  }

  /** What waits goes next: with a slow store as one group, once this turn of the event loop is over. */
  #goOn(): void {
    if (this.#appending) return;
    if (!this.#grouping) {
      this.#drain();
      return;
    }
    if (this.#waitingInAll > 0) nextMacrotask(() => this.#formGroup());
    else this.#busy = false;
  }

  /** One decision, of its own append. */
  #take<R>(session: string, decide: Decision<R>): R | Promise<R> {
    const batch = new Batch(this.#seq, this.#time.iso());
    const result = decide(batch);
    if (batch.facts.length === 0) {
      this.#follow(batch);
      return result;
    }
    // When the facts are refused nobody waits for the result, which may be a wait of its own.
    if (result instanceof Promise) result.catch(() => {});
    const appended = this.#append(batch.facts);
    if (!appended) {
      this.#follow(batch);
      return result;
    }
    this.#grouping = true;
    return new Promise<R>((resolve, reject) => {
      const turn = { session, stacks: false, decide, resolve: resolve as Turn['resolve'], reject };
      const group = new Group();
      group.add({ turn, batch, result });
      this.#await(appended, group);
    });
  }

  #drain(): void {
    for (let turn = this.#nextTurn(); turn; turn = this.#nextTurn()) {
      this.#count(turn.session, -1);
      try {
        turn.resolve(this.#take(turn.session, turn.decide));
      } catch (error) {
        turn.reject(error);
      }
      if (this.#appending) return;
    }
    this.#busy = false;
  }

  #nextTurn(): Turn | undefined {
    for (const [session, turns] of this.#held) {
      const turn = turns.shift();
      if (turns.length === 0) this.#held.delete(session);
      if (turn) return turn;
    }
    return this.#turns.shift();
  }

  /** Decides all that can go together, and appends it. */
  #formGroup(): void {
    const group = new Group();
    this.#takeHeld(group);
    while (!group.full) {
      const turn = this.#turns.shift();
      if (!turn) break;
      const held = this.#held.get(turn.session);
      if (held) held.push(turn);
      else if (group.fits(turn)) this.#decide(turn, group);
      else this.#hold(turn);
    }
    if (group.facts.length === 0) {
      this.#goOn();
      return;
    }
    try {
      const appended = this.#append(group.facts);
      if (appended) {
        this.#await(appended, group);
        return;
      }
      this.#grouping = false;
      for (const decided of group.decided) this.#settle(decided);
    } catch (error) {
      for (const { turn } of group.decided) turn.reject(error);
    }
    this.#goOn();
  }

  /** Of each session that has waited, what fits; whoever has had a turn goes behind the others. */
  #takeHeld(group: Group): void {
    let left = this.#held.size;
    for (const [session, turns] of this.#held) {
      if (left === 0 || group.full) return;
      left -= 1;
      for (let turn = turns.first; turn && group.fits(turn); turn = turns.first) {
        turns.shift();
        this.#decide(turn, group);
      }
      this.#held.delete(session);
      if (turns.length > 0) this.#held.set(session, turns);
    }
  }

  #hold(turn: Turn): void {
    const turns = new Turns();
    turns.push(turn);
    this.#held.set(turn.session, turns);
  }

  /** What makes no fact, and stands behind none of its session, is settled at once. */
  #decide(turn: Turn, group: Group): void {
    this.#count(turn.session, -1);
    const batch = new Batch(group.facts.at(-1)?.seq ?? this.#seq, this.#time.iso(), group.pending);
    try {
      const result = turn.decide(batch);
      const decided = { turn, batch, result };
      if (batch.facts.length === 0 && !group.pending.get(turn.session)) this.#settle(decided);
      else group.add(decided);
    } catch (error) {
      turn.reject(error);
    }
  }

  #await(appended: Promise<void>, { pending, decided: group }: Group): void {
    const done = appended.then(
      () => {
        for (const decided of group) this.#settle(decided);
      },
      (error) => {
        for (const { turn } of group) turn.reject(error);
      },
    );
    this.#appending = {
      pending,
      decisions: group.length,
      done: done.then(() => {
        this.#appending = undefined;
        this.#goOn();
      }),
    };
  }

  #settle({ turn, batch, result }: Decided): void {
    try {
      this.#follow(batch);
    } catch (error) {
      // A fault of the engine itself must not stand in the way of what comes after.
      turn.reject(error);
      return;
    }
    turn.resolve(result);
  }

  #append(facts: readonly Fact[]): Promise<void> | undefined {
    if (!this.#lease) throw closedError();
    try {
      return this.#lease.append(facts)?.catch((error: unknown) => {
        throw asStoreError(error, 'The store refused a write');
      });
    } catch (error) {
      throw asStoreError(error, 'The store refused a write');
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
}
