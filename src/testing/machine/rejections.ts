/**
 * Promises that actions leave behind. XState drops what an action returns, so that nobody hears of an `async` one that
 * fails but the process. Runs are played at once, and such news come a turn of the event loop later.
 */
import { nextMacrotask } from '../../macrotask.ts';
import { catchUnhandled } from '../unhandled.ts';
import { type Broken, INVARIANTS } from './invariants.ts';
import { messageOf } from './judge.ts';
import type { Found } from './minimize.ts';
import { play } from './play.ts';
import { inWords, type Run, startInWords } from './step.ts';
import type { Subject } from './subject.ts';

export class Rejections {
  readonly #stop: () => void;
  #heard: unknown[] = [];

  /** Listens until `stop`. */
  constructor() {
    this.#stop = catchUnhandled((reason) => this.#heard.push(reason));
  }

  stop(): void {
    this.#stop();
  }

  /** The smallest run that brings a rejection, if any came since the last time. `runs`: all that were played since. */
  async find(subject: Subject, runs: readonly Run[]): Promise<Found | undefined> {
    await turn();
    const [reason] = this.#heard;
    if (this.#heard.length === 0) return undefined;
    for (const run of runs) {
      const prefix = await this.#shortest(subject, run);
      if (prefix) return this.#smallest(subject, prefix);
    }
    this.#heard = [];
    const run = runs.at(-1) ?? { start: {}, steps: [] };
    const once =
      'a promise was rejected that nobody handles, and not again when the runs were made one by one';
    return { run, broken: brokenBy(reason, once, run.steps.length) };
  }

  /** What a run brings when it is played by itself. */
  async #rejects(subject: Subject, run: Run): Promise<{ readonly reason: unknown } | undefined> {
    this.#heard = [];
    play(subject, run, { saves: false });
    await turn();
    const [reason] = this.#heard.splice(0);
    return reason === undefined ? undefined : { reason };
  }

  async #shortest(subject: Subject, { start, steps }: Run): Promise<Run | undefined> {
    for (let length = 0; length <= steps.length; length += 1) {
      const prefix = { start, steps: steps.slice(0, length) };
      if (await this.#rejects(subject, prefix)) return prefix;
    }
    return undefined;
  }

  async #smallest(subject: Subject, found: Run): Promise<Found> {
    let best = found;
    for (let index = best.steps.length - 1; index >= 0; index -= 1) {
      const fewer = { start: best.start, steps: best.steps.filter((_, each) => each !== index) };
      if (await this.#rejects(subject, fewer)) best = fewer;
    }
    const last = best.steps.at(-1);
    const label = last ? inWords(last) : startInWords(best.start);
    const rejected = await this.#rejects(subject, best);
    const what = `${label}: an action left a promise behind that was rejected`;
    return { run: best, broken: brokenBy(rejected?.reason, what, best.steps.length) };
  }
}

function brokenBy(reason: unknown, what: string, step: number): Broken {
  return { invariant: INVARIANTS.throws, reason: `${what}: ${messageOf(reason)}`, step, cause: reason };
}

function turn(): Promise<void> {
  return new Promise(nextMacrotask);
}
