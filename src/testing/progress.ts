/** Tells how far a verification has come, a few times a second. */
import type { VerificationProgress } from './report.ts';

type Coverage = { readonly states: readonly string[]; readonly transitions: readonly string[] };

const EVERY_MS = 250;

export class ProgressClock {
  readonly #of: number;
  readonly #tell: ((progress: VerificationProgress) => void) | undefined;
  readonly #now: () => number;
  readonly #began: number;
  #told: number;
  #runs = 0;
  #coverage: Coverage = { states: [], transitions: [] };

  /** `of`: how many runs there will be. `now`: milliseconds, for the rate only. */
  constructor(
    of: number,
    tell: ((progress: VerificationProgress) => void) | undefined,
    now: () => number = () => performance.now(),
  ) {
    this.#of = of;
    this.#tell = tell;
    this.#now = now;
    this.#began = now();
    this.#told = this.#began;
  }

  get runs(): number {
    return this.#runs;
  }

  /** One more run is made; `coverage` is asked only when somebody is told. */
  ran(coverage: () => Coverage): void {
    this.#runs += 1;
    if (!this.#tell || this.#now() - this.#told < EVERY_MS) return;
    this.#coverage = coverage();
    this.#say(false);
  }

  /** A failure is being made smaller. */
  shrinking(): void {
    if (this.#tell && this.#now() - this.#told >= EVERY_MS) this.#say(true);
  }

  end(coverage: () => Coverage): void {
    if (!this.#tell) return;
    this.#coverage = coverage();
    this.#say(false);
  }

  #say(shrinking: boolean): void {
    this.#told = this.#now();
    const seconds = Math.max(0.001, (this.#told - this.#began) / 1000);
    this.#tell?.({
      runs: this.#runs,
      of: this.#of,
      states: this.#coverage.states.length,
      transitions: this.#coverage.transitions.length,
      runsPerSecond: this.#runs / seconds,
      shrinking,
    });
  }
}
