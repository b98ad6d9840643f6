/** The invariants of every run. A failure names the one that broke. */
export const INVARIANTS = {
  1: 'legal lifecycle',
  2: 'one live incarnation of an id',
  3: 'every agent has an owner',
  4: 'look-ups agree, no ghosts',
  5: 'isolation',
  6: 'acknowledged means kept',
  7: 'no late acknowledgement',
  8: 'terminate is durable',
  9: 'restart intensity',
  10: 'subscribers agree',
  11: 'every call settles',
  12: 'nothing stays in between',
  13: 'memory equals disk',
  14: 'no leaks',
  15: 'nothing hangs after a crash',
  16: 'acknowledged means recovered',
  17: 'recovering twice is recovering once',
  18: 'a dead process writes nothing',
  19: 'all or nothing',
  20: 'a deadline fires once',
  21: 'linearizable for each id',
  22: 'deterministic',
  23: 'typed outcomes only',
  24: 'the store is used as its port says',
} as const;

export type InvariantNumber = keyof typeof INVARIANTS;

/** A broken invariant, of ours by its number, of the user's by its name. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly invariant: string;

  /** `cause`: what an invariant of the user's has thrown. */
  constructor(invariant: InvariantNumber | string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.invariant = typeof invariant === 'number' ? INVARIANTS[invariant] : invariant;
  }
}
