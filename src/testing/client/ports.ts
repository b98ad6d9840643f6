/** What the engine under test is given: a clock that is moved by hand, gates, and a disk. */
import fc from 'fast-check';
import { SimulatedClock } from 'xstate';
import type { Clock } from '../../clock.ts';
import { nextMacrotask } from '../../macrotask.ts';
import type { FileSource } from '../../options.ts';
import type { Tape } from './tape.ts';

/** Lets everything that needs no gate and no clock run to its end. A count of microtasks would guess. */
export function turn(): Promise<void> {
  return new Promise(nextMacrotask);
}

/** XState's simulated clock, counting the timers that are set. */
export class TestClock implements Clock {
  readonly #simulated = new SimulatedClock();
  readonly #armed = new Set<unknown>();

  constructor(startsAt: number) {
    this.#simulated.set(startsAt);
  }

  get timers(): number {
    return this.#armed.size;
  }

  now(): number {
    return this.#simulated.now();
  }

  setTimeout(fn: () => void, ms: number): unknown {
    const handle = this.#simulated.setTimeout(() => {
      this.#armed.delete(handle);
      fn();
    }, ms);
    this.#armed.add(handle);
    return handle;
  }

  clearTimeout(handle: unknown): void {
    this.#armed.delete(handle);
    this.#simulated.clearTimeout(handle as number);
  }

  advance(ms: number): void {
    this.#simulated.increment(ms);
  }
}

/** Steps that wait until the scheduler lets them go on, in an order it decides. */
export class Gates {
  readonly #scheduler: fc.Scheduler;
  readonly #tape: Tape;

  /** From a number, not from an arbitrary: two clones of one generated scheduler do not choose alike. */
  constructor(schedule: number, tape: Tape) {
    this.#tape = tape;
    const [scheduler] = fc.sample(fc.scheduler(), { seed: schedule, numRuns: 1 });
    if (scheduler === undefined) throw new Error('fc.sample gave no scheduler');
    this.#scheduler = scheduler;
  }

  wait(label: string): Promise<void> {
    const released = this.#scheduler.schedule(Promise.resolve(), label);
    released.then(() => this.#tape.write({ kind: 'schedule', label }));
    return released;
  }

  /** How many steps wait. */
  waiting(): number {
    return this.#scheduler.count();
  }

  async releaseOne(): Promise<void> {
    if (this.waiting() > 0) await this.#scheduler.waitOne();
  }
}

/** A disk whose reads take their time. `touch` writes a new version of a file. */
export class Disk implements FileSource {
  readonly #versions = new Map<string, number>();
  readonly #touched: Array<{ readonly path: string; readonly moment: number }> = [];
  readonly #gates: Gates;

  constructor(gates: Gates) {
    this.#gates = gates;
  }

  /** `moment`: in logical time. */
  touch(path: string, moment: number): void {
    this.#versions.set(path, this.version(path) + 1);
    this.#touched.push({ path, moment });
  }

  versionAt(path: string, moment: number): number {
    return this.#touched.filter((touch) => touch.path === path && touch.moment <= moment).length;
  }

  version(path: string): number {
    return this.#versions.get(path) ?? 0;
  }

  async stat(path: string): Promise<{ mtimeMs: number; size: number } | undefined> {
    await this.#gates.wait(`stat ${path}`);
    const version = this.version(path);
    return version === 0 ? undefined : { mtimeMs: version, size: contentOf(path, version).length };
  }

  async read(path: string): Promise<string> {
    await this.#gates.wait(`read ${path}`);
    const version = this.version(path);
    if (version === 0) throw Object.assign(new Error(`no file ${path}`), { code: 'ENOENT' });
    return contentOf(path, version);
  }
}

function contentOf(path: string, version: number): string {
  return `disk:${path}@${version}`;
}

/** The version of a file that a content was read from, or `undefined` for what never came from the disk. */
export function versionOf(content: string): number | undefined {
  return content.startsWith('disk:') ? Number(content.slice(content.lastIndexOf('@') + 1)) : undefined;
}
