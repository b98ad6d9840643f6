/** Where a child dies, and which store it is given. */
import type { Random } from '../support/random.ts';

export type Death =
  /** Around the `n`-th write that the engine asks of its store. */
  | { readonly at: 'store'; readonly n: number; readonly when: 'before' | 'after' }
  /** On the store's own thread, around the `n`-th statement of its transactions. */
  | { readonly at: 'statement'; readonly n: number; readonly when: 'before' | 'after' }
  /** From outside, so many milliseconds after it has started, or has opened its manager. */
  | { readonly at: 'time'; readonly since: 'start' | 'open'; readonly ms: number };

export interface Plan {
  readonly file: string;
  readonly seed: number;
  /** Of the kill within its campaign; it makes texts unique. */
  readonly run: number;
  readonly death: Death;
  /** A store that breaks its promise, to see that it is noticed; see lies.ts. */
  readonly lie?: string;
}

/** Of every three deaths one each way. The first boundaries are taken one by one, those far on are drawn. */
export function drawDeath(random: Random, run: number, turn: number): Death {
  const when = random.chance(0.5) ? 'before' : 'after';
  const step = turn + Math.floor(run / 3);
  const near = run % 2 === 0;
  switch (run % 3) {
    case 0:
      return { at: 'statement', n: near ? 1 + step : random.between(1, 400), when };
    case 1:
      return { at: 'store', n: near ? 1 + step : random.between(1, 80), when };
    default:
      return random.chance(0.2)
        ? { at: 'time', since: 'start', ms: random.between(100, 400) }
        : { at: 'time', since: 'open', ms: random.between(0, 120) };
  }
}

export function inWords(death: Death): string {
  if (death.at === 'time') return `${death.ms} ms after its ${death.since}`;
  return `${death.when} ${death.at === 'store' ? 'write' : 'statement'} ${death.n}`;
}
