import type { Surroundings } from './surroundings.ts';

/** Work that is over sooner needs no progress. */
const QUIET_MS = 1000;
const TERMINAL_MS = 200;
const LOG_MS = 10_000;
const CLEAR_LINE = '\r\u001b[K';

/** How far a long work has come, on stderr: one line that changes on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #surroundings: Pick<Surroundings, 'stderr' | 'now'>;
  #nextAt: number;
  #shown = false;

  constructor(surroundings: Pick<Surroundings, 'stderr' | 'now'>) {
    this.#surroundings = surroundings;
    this.#nextAt = surroundings.now() + (surroundings.stderr.isTTY ? QUIET_MS : LOG_MS);
  }

  /** `text` is asked only when it is shown. */
  update(text: () => string): void {
    const { stderr, now } = this.#surroundings;
    const at = now();
    if (at < this.#nextAt) return;
    this.#nextAt = at + (stderr.isTTY ? TERMINAL_MS : LOG_MS);
    const line = `${text()} …`;
    stderr.write(stderr.isTTY ? `${CLEAR_LINE}${line}` : `${line}\n`);
    this.#shown = stderr.isTTY;
  }

  /** The line is gone: what is written next starts on it. */
  end(): void {
    if (this.#shown) this.#surroundings.stderr.write(CLEAR_LINE);
    this.#shown = false;
  }
}
