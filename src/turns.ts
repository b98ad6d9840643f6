import type { Batch } from './batch.ts';

/** Reads the committed state and names the facts to commit, or throws. May return a promise to wait for. */
export type Decision<R> = (batch: Batch) => R | Promise<R>;

/** A decision that waits for its turn. */
export interface Turn {
  readonly session: string;
  /** It looks at nothing of its session that content still on its way could change. */
  readonly stacks: boolean;
  readonly decide: Decision<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Holes in front are closed once they are this many and half of all. */
const COMPACT_AT = 1024;

/** First in, first out. The `shift` of a large array moves all that is behind it; this one leaves a hole. */
export class Turns {
  /** What was put before all others, the next one last. */
  readonly #front: Turn[] = [];
  #turns: Array<Turn | undefined> = [];
  #first = 0;

  get length(): number {
    return this.#front.length + this.#turns.length - this.#first;
  }

  get first(): Turn | undefined {
    return this.#front.at(-1) ?? this.#turns[this.#first];
  }

  push(turn: Turn): void {
    this.#turns.push(turn);
  }

  shift(): Turn | undefined {
    const front = this.#front.pop();
    if (front) return front;
    const turn = this.#turns[this.#first];
    if (!turn) return undefined;
    this.#turns[this.#first] = undefined;
    this.#first += 1;
    const worthIt = this.#first >= COMPACT_AT && this.#first * 2 >= this.#turns.length;
    if (worthIt || this.#first === this.#turns.length) {
      this.#turns = this.#turns.slice(this.#first);
      this.#first = 0;
    }
    return turn;
  }

  /** Puts them before all that wait, in their order. */
  unshift(turns: readonly Turn[]): void {
    for (let n = turns.length - 1; n >= 0; n -= 1) this.#front.push(turns[n] as Turn);
  }
}
