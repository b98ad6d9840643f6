/** What a run writes down while it goes on: its steps, and all that comes of them, in order. */
import type { Json, JsonObject } from '../../data.ts';
import type { TraceEntry, TraceStep } from '../trace.ts';

type Untimed<E> = E extends unknown ? Omit<E, 'step' | 'atMs'> : never;

export class Tape {
  readonly steps: TraceStep[] = [];
  readonly entries: TraceEntry[] = [];
  readonly #now: () => number;

  /** `now`: the run's clock, in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  begin(words: string): void {
    this.steps.push({ words, atMs: this.#now() });
  }

  /** A copy of what is there now. */
  copy(): Tape {
    const copy = new Tape(this.#now);
    copy.steps.push(...this.steps);
    copy.entries.push(...this.entries);
    return copy;
  }

  write(entry: Untimed<TraceEntry>): void {
    const step = Math.max(0, this.steps.length - 1);
    this.entries.push({ step, atMs: this.#now(), ...entry } as TraceEntry);
  }
}

/** As it is in a document: what JSON leaves out is left out. */
export function asJson(value: unknown): Json | undefined {
  const text = JSON.stringify(value);
  return text === undefined ? undefined : JSON.parse(text);
}

export function asObject(value: object): JsonObject {
  return asJson(value) as JsonObject;
}
