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

/** Where two lists of entries part, and what is there in each. */
export function firstDifference(
  before: readonly TraceEntry[],
  after: readonly TraceEntry[],
): { readonly at: number; readonly before: string; readonly after: string } | undefined {
  for (let at = 0; at < Math.max(before.length, after.length); at += 1) {
    const [was, is] = [before[at], after[at]].map((entry) => JSON.stringify(entry) ?? 'nothing');
    if (was !== undefined && is !== undefined && was !== is) return { at, before: was, after: is };
  }
  return undefined;
}
