import { describe, expect, it } from 'vitest';
import { assign, createMachine } from 'xstate';
import { play } from '../../../src/testing/machine/play.ts';
import { runOf, save, subjectOf } from './subject.ts';

const machine = createMachine({
  id: 'm',
  context: { n: 0 },
  on: {
    UP: { actions: assign({ n: ({ context }) => context.n + 1 }) },
    FAIL: {
      actions: () => {
        throw new Error('no');
      },
    },
  },
});

describe('play', () => {
  it('has a portrait of the start and of each step', () => {
    const { portraits } = play(subjectOf(machine), runOf('UP', 5, 'UP'), { saves: false });
    expect(portraits.map((text) => JSON.parse(text).context.n)).toEqual([0, 1, 1, 2]);
  });

  it('stops where it breaks, and says at which step', () => {
    const { portraits, trouble } = play(subjectOf(machine), runOf('UP', 'FAIL', 'UP'), { saves: false });
    expect(trouble).toMatchObject({ step: 2, trouble: { kind: 'threw' } });
    expect(portraits).toHaveLength(3);
  });

  it('asks the invariants in every snapshot, the first one too, if it is to', () => {
    const asked: number[] = [];
    const subject = subjectOf(machine, {
      invariants: {
        small: ({ context }) => {
          asked.push(context.n);
          return context.n < 2;
        },
      },
    });
    const { violation } = play(subject, runOf('UP', 'UP', 'UP'), { saves: false, invariants: true });
    expect(asked).toEqual([0, 1, 2]);
    expect(violation).toEqual({
      step: 2,
      invariant: 'small',
      reason: 'it does not hold in {} with context {"n":2}',
    });
    expect(play(subject, runOf('UP', 'UP'), { saves: false }).violation).toBeUndefined();
  });

  it('takes no promise for an answer', () => {
    const invariants = { later: (async () => false) as unknown as () => boolean };
    const { violation } = play(subjectOf(machine, { invariants }), runOf(), {
      saves: false,
      invariants: true,
    });
    expect(violation).toMatchObject({
      invariant: 'later',
      reason: expect.stringMatching(/answers with a promise/),
    });
  });

  it('does the saves, or leaves them out', () => {
    let writes = 0;
    const codec = {
      write: (snapshot: unknown) => {
        writes += 1;
        return structuredClone(snapshot);
      },
      read: (written: unknown) => written,
    };
    const subject = subjectOf(machine, { codec });
    play(subject, runOf(save, 'UP'), { saves: false });
    expect(writes).toBe(0);
    play(subject, runOf(save, 'UP'), { saves: true });
    expect(writes).toBe(1);
  });

  it('calls back at the start and after each step', () => {
    const steps: number[] = [];
    play(subjectOf(machine), runOf('UP', 'UP'), { saves: false, onStep: (step) => steps.push(step) });
    expect(steps).toEqual([0, 1, 2]);
  });
});
