/** How much of something may come: `burst` at once, and `perSecond` in the long run. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What came already cannot be sent back; it is taken on credit, and what follows has to wait for that. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #at: number;

  /** `now`: milliseconds. */
  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** For how many milliseconds nothing more should be taken, 0 as long as there is no debt. */
  take(cost: number, now: number): number {
    const { perSecond, burst } = this.#rate;
    // A clock that steps back gives nothing, and takes nothing away.
    const elapsed = Math.max(0, now - this.#at);
    this.#at = now;
    this.#tokens = Math.min(burst, this.#tokens + (elapsed * perSecond) / 1000) - cost;
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens * 1000) / perSecond);
  }
}
