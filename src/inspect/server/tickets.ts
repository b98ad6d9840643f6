import type { Clock } from '../../clock.ts';
import { isToken, newToken } from './token.ts';

const GOOD_FOR_MS = 60_000;

/**
 * Every user of a machine sees the command lines of all of it, a browser's too. What a browser is started with is
 * therefore good for one visit, which leads to the address with the token.
 */
export class Tickets {
  readonly #clock: Clock;
  #issued: { readonly ticket: string; readonly until: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The one before is void. */
  issue(): string {
    const ticket = newToken();
    this.#issued = { ticket, until: this.#clock.now() + GOOD_FOR_MS };
    return ticket;
  }

  redeem(ticket: string): boolean {
    const issued = this.#issued;
    if (!issued || this.#clock.now() > issued.until || !isToken(ticket, issued.ticket)) return false;
    this.#issued = undefined;
    return true;
  }
}
