import { SimulatedClock } from 'xstate';
import { Timekeeper } from '../../src/clock.ts';
import { Journal } from '../../src/journal.ts';
import type { Fact } from '../../src/session/facts.ts';
import type { StoreLease } from '../../src/store/port.ts';
import type { Decision } from '../../src/turns.ts';
import { AT } from './facts.ts';
import { bareLease } from './lease.ts';
import { loggedGuard } from './log.ts';

/** A journal on a lease, and all that it did, in order. */
export function openedJournal(parts: Partial<StoreLease> = {}) {
  const clock = new SimulatedClock();
  clock.set(Date.parse(AT));
  const journal = new Journal(new Timekeeper(clock, loggedGuard().guard));
  const steps: string[] = [];
  const listeners = new Set<(fact: Fact) => void>();
  const append = parts.append ?? (() => {});
  const lease = bareLease({
    ...parts,
    append: (records) => {
      steps.push(`append ${records.map(({ seq }) => seq)}`);
      return append(records);
    },
  });
  journal.open(lease, {
    apply: ({ seq }) => steps.push(`apply ${seq}`),
    publish: (fact) => {
      steps.push(`publish ${fact.seq}`);
      for (const listener of listeners) listener(fact);
    },
  });
  return { journal, steps, listeners, clock };
}

/** Commits one fact, and resolves with its `seq`. */
export const write: Decision<number> = (batch) => {
  batch.add({ id: 'a', sessionSeq: 0 }, 'conversation_cleared', {});
  return batch.nextSeq - 1;
};
