import { describe, expect, it } from 'vitest';
import { assign, createMachine, setup } from 'xstate';
import { Coverage } from '../../../src/testing/machine/coverage.ts';
import { INVARIANTS } from '../../../src/testing/machine/invariants.ts';
import { judge } from '../../../src/testing/machine/judge.ts';
import { sampleSteps, waysBy } from '../../../src/testing/machine/samples.ts';
import { planOf, runOf, save, subjectOf } from './subject.ts';

const machine = createMachine({
  id: 'm',
  initial: 'a',
  context: { n: 0 },
  states: {
    a: { on: { GO: 'b', END: 'end', UP: { actions: assign({ n: ({ context }) => context.n + 1 }) } } },
    b: { after: { 10: 'a' } },
    end: { type: 'final' },
  },
});

describe('judge', () => {
  it('has nothing against a run that goes well', () => {
    expect(judge(subjectOf(machine), runOf('GO', save, 10, 'UP', save, 'END'))).toBeUndefined();
  });

  it('notes what was reached, and that it ended', () => {
    const subject = subjectOf(machine);
    const coverage = new Coverage(subject.chart);
    let ended = 0;
    const onEnd = () => {
      ended += 1;
    };
    judge(subject, runOf('GO'), { coverage, onEnd });
    expect({ states: coverage.states, ended }).toEqual({ states: ['a', 'b'], ended: 0 });
    judge(subject, runOf('END'), { coverage, onEnd });
    expect(ended).toBe(1);
  });

  it('names the step in which it broke, of several the first', () => {
    const subject = subjectOf(machine, {
      invariants: {
        'at most one': ({ context }) => context.n < 2,
        'at most none': ({ context }) => context.n < 9,
      },
    });
    expect(judge(subject, runOf('UP', 'UP', 'UP'))).toMatchObject({ invariant: 'at most one', step: 2 });
  });

  it('takes an invariant that is moody for a run that does not repeat', () => {
    let asked = 0;
    const moody = () => {
      asked += 1;
      return asked !== 2;
    };
    const broken = judge(subjectOf(machine, { invariants: { moody } }), runOf('UP'));
    expect(broken).toMatchObject({
      invariant: INVARIANTS.repeats,
      reason: expect.stringContaining('"moody"'),
    });
  });

  it('lets the clock on the wall go on in between, if it is to', () => {
    const now = createMachine({ on: { GO: { actions: assign({ at: () => Date.now() }) } } });
    for (let n = 0; n < 5; n += 1)
      expect(judge(subjectOf(now), runOf('GO'), { apart: true })?.invariant).toBe(INVARIANTS.repeats);
  });

  it('says of a restored machine that fails where the other one goes on', () => {
    const dated = setup({}).createMachine({
      id: 'dated',
      context: { at: new Map([['a', 1]]) as unknown },
      on: { READ: { actions: ({ context }) => (context.at as Map<string, number>).get('a') } },
    });
    const codec = {
      write: JSON.stringify as (s: unknown) => unknown,
      read: (s: unknown) => JSON.parse(s as string),
    };
    expect(judge(subjectOf(dated, { codec }), runOf(save))).toMatchObject({
      invariant: INVARIANTS.saves,
      reason: expect.stringMatching(
        /^after "save and restore" context\.at is \{\}; where it was never saved/,
      ),
      step: 1,
    });
    // Not looked at: there the difference shows only in what it does.
    const broken = judge(subjectOf(dated, { volatile: ['at'] }), runOf(save, 'READ'));
    expect(broken).toMatchObject({ invariant: INVARIANTS.saves, step: 2, cause: expect.any(TypeError) });
    expect(broken?.reason).toMatch(/after "READ" status is "error"; where it was never saved it is "active"/);
  });

  it('asks for an end only where it was told what ends it', () => {
    const trap = createMachine({
      initial: 'a',
      states: {
        a: { on: { END: 'end', FALL: 'trap' } },
        trap: { on: { TURN: 'trap' } },
        end: { type: 'final' },
      },
    });
    const { subject, vocabulary, terminate } = planOf(trap, { terminate: ['END'] });
    expect(judge(subject, runOf('FALL'))).toBeUndefined();
    const ways = waysBy(terminate, sampleSteps(vocabulary, 1));
    expect(judge(subject, runOf('FALL'), { ways })).toMatchObject({ invariant: INVARIANTS.ends, step: 1 });
    expect(judge(subject, runOf(), { ways })).toBeUndefined();
  });
});
