import type { Message } from './data.ts';
import type { Fact, FactPayloads, FactType } from './session/facts.ts';

/** What one session is about to have, decided earlier in the same append. */
export interface Ahead {
  facts: number;
  messages: number;
  /** Its status changes, or it comes into being: nothing more is decided about it before that is committed. */
  turning: boolean;
  keyed: Map<string, Message> | undefined;
}

/** The sessions that the decisions of one append are about. */
export class Pending {
  readonly #sessions = new Map<string, Ahead>();
  /** Sessions that come into being. */
  created = 0;

  get(id: string): Ahead | undefined {
    return this.#sessions.get(id);
  }

  add(fact: Fact): void {
    let ahead = this.#sessions.get(fact.sessionId);
    if (!ahead) {
      ahead = { facts: 0, messages: 0, turning: false, keyed: undefined };
      this.#sessions.set(fact.sessionId, ahead);
    }
    ahead.facts += 1;
    if (fact.type.startsWith('session_')) ahead.turning = true;
    if (fact.type === 'session_created') this.created += 1;
    if (fact.type !== 'conversation_added') return;
    ahead.messages += 1;
    const { message } = fact.payload;
    if (message.idempotencyKey === undefined) return;
    ahead.keyed ??= new Map();
    ahead.keyed.set(message.idempotencyKey, message);
  }
}

/** The facts that one decision commits together: all or none. */
export class Batch {
  readonly facts: Fact[] = [];
  readonly at: string;
  /** What a decision changes beside the facts; happens only when they are committed, before they are folded. */
  readonly effects: Array<() => void> = [];
  readonly #pending: Pending | undefined;
  #seq: number;

  /** `pending` is what goes to the store before it in the same append. */
  constructor(seq: number, at: string, pending?: Pending) {
    this.#seq = seq;
    this.at = at;
    this.#pending = pending;
  }

  /** The `seq` that the next fact gets. */
  get nextSeq(): number {
    return this.#seq + 1;
  }

  /** Sessions that come into being in the same append. */
  get created(): number {
    return this.#pending?.created ?? 0;
  }

  ahead(id: string): Ahead | undefined {
    return this.#pending?.get(id);
  }

  /** Facts to come get a greater `seq`. */
  skipTo(seq: number): void {
    this.#seq = Math.max(this.#seq, seq);
  }

  onCommit(effect: () => void): void {
    this.effects.push(effect);
  }

  /**
   * `sessionSeq` is how many committed facts the session has. `wakeAt` is when it must come back, should it be
   * away from memory then: see the store's port.
   */
  add<T extends FactType>(
    session: { readonly id: string; readonly sessionSeq: number },
    type: T,
    payload: FactPayloads[T],
    wakeAt?: number | null,
  ): void {
    let own = 1 + (this.#pending?.get(session.id)?.facts ?? 0);
    for (const fact of this.facts) if (fact.sessionId === session.id) own += 1;
    this.#seq += 1;
    const { at } = this;
    const seq = this.#seq;
    const { id: sessionId } = session;
    const sessionSeq = session.sessionSeq + own;
    // Two literals: an object that a property is spread into takes 80 B more.
    const fact =
      wakeAt === undefined
        ? { seq, sessionId, sessionSeq, at, type, payload }
        : { seq, sessionId, sessionSeq, at, type, payload, wakeAt };
    this.facts.push(fact as Fact);
  }
}
