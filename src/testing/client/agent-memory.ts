/** What agents have been through: an event whose dispatch was acknowledged is never forgotten, a refused one never heard. */
import type { Operation, Origin } from './ledger.ts';
import { Violation } from './violation.ts';

/** After which the agent has not heard of the event. */
const UNHEARD: readonly string[] = ['SESSION_NOT_FOUND', 'INVALID_TRANSITION', 'OVERLOADED'];

interface Heard {
  readonly incarnation: string;
  readonly turns: number;
}

export class AgentMemory {
  /** By the number of the call: whose agent has heard of it, and how much that had been through then. */
  readonly #heard = new Map<number, Heard>();
  /** By incarnation: what has been acknowledged. */
  readonly #acknowledged = new Map<string, number>();

  hear(n: number, origin: Origin | undefined, turns: number): void {
    if (this.#heard.has(n)) throw new Violation(16, `an agent has heard twice of dispatch ${n}`);
    this.#heard.set(n, { incarnation: origin ? nameOf(origin) : '', turns });
  }

  /** Whether the agent of that incarnation has. */
  hasHeard(n: number, origin: Origin | undefined): boolean {
    return origin !== undefined && this.#heard.get(n)?.incarnation === nameOf(origin);
  }

  settle({ n, id, call, outcome }: Operation): void {
    const heard = this.#heard.get(n);
    // One that has completed is over, and may be followed by another; what the store has refused of that may be
    // stored with the close of the manager, after whoever asked was told.
    if (heard && call.kind === 'dispatch' && call.act === 'finish')
      this.#acknowledged.delete(heard.incarnation);
    if (!outcome?.ok) {
      if (outcome && heard && UNHEARD.includes(outcome.code))
        throw new Violation(19, `the agent of ${id} has heard of dispatch ${n}: ${outcome.code}`);
      return;
    }
    if (!heard) throw new Violation(16, `dispatch ${n} is acknowledged, the agent of ${id} deaf`);
    const { incarnation, turns } = heard;
    if (call.kind === 'dispatch' && call.act === 'finish') return;
    this.#acknowledged.set(incarnation, Math.max(turns, this.#acknowledged.get(incarnation) ?? 0));
  }

  /** An agent that comes back has been through all that was acknowledged. */
  checkStart(origin: Origin | undefined, turns: number): void {
    const name = origin && nameOf(origin);
    if (origin && turns > 0 && ![...this.#heard.values()].some(({ incarnation }) => incarnation === name))
      throw new Violation(
        5,
        `the agent of ${origin.life.id} remembers ${turns} events of another incarnation`,
      );
    const known = name === undefined ? undefined : this.#acknowledged.get(name);
    if (origin && known !== undefined && turns < known)
      throw new Violation(16, `the agent of ${origin.life.id} remembers ${turns} of ${known} events`);
  }
}

function nameOf({ life, restarts }: Origin): string {
  return `${life.createdSeq} ${restarts}`;
}
