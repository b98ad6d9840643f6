import { askSoon } from './pace.ts';

/**
 * Something asked of a client, and asked again when the answer has become stale: once a turn at most, and never
 * while an answer is on its way, so that a slow client is not asked faster than it answers.
 */
export class Question<R> {
  readonly #put: () => Promise<R>;
  readonly #answered: (answer: R) => void;
  readonly #failed: (error: unknown) => void;
  #state: 'rest' | 'due' | 'asked' | 'stale' = 'rest';
  /** Answers to what was dropped are not heard. */
  #version = 0;

  constructor(put: () => Promise<R>, answered: (answer: R) => void, failed: (error: unknown) => void) {
    this.#put = put;
    this.#answered = answered;
    this.#failed = failed;
  }

  get resting(): boolean {
    return this.#state === 'rest';
  }

  /** Asks at once, unless an answer is on its way. */
  ask(): void {
    if (this.#state === 'asked' || this.#state === 'stale') return;
    this.#state = 'due';
    this.#ask();
  }

  /** What is known is no longer so. */
  stale(): void {
    if (this.#state === 'asked') this.#state = 'stale';
    if (this.#state !== 'rest') return;
    this.#state = 'due';
    askSoon(this.#ask);
  }

  drop(): void {
    this.#version += 1;
    this.#state = 'rest';
  }

  readonly #ask = (): void => {
    if (this.#state !== 'due') return;
    this.#state = 'asked';
    const version = this.#version;
    // A client may throw at once, too.
    (async () => this.#put())().then(
      (answer) => this.#settle(version, () => this.#answered(answer)),
      (error: unknown) => this.#settle(version, (stale) => stale || this.#failed(error)),
    );
  };

  /** A failure that was stale when it came is not told: it is asked again. */
  #settle(version: number, tell: (stale: boolean) => void): void {
    if (version !== this.#version) return;
    const stale = this.#state === 'stale';
    this.#state = 'rest';
    tell(stale);
    if (stale) this.stale();
  }
}
