import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, createMachine, fromPromise, setup } from 'xstate';
import { Coverage } from '../../../src/testing/machine/coverage.ts';
import { explore, learnPayloads } from '../../../src/testing/machine/explore.ts';
import type { VerifyMachineOptions } from '../../../src/testing/machine/options.ts';
import { sampleSteps } from '../../../src/testing/machine/samples.ts';
import { inWords } from '../../../src/testing/machine/step.ts';
import { planOf, runOf } from './subject.ts';

function explored(machine: AnyStateMachine, options: VerifyMachineOptions = {}) {
  const { subject, vocabulary } = planOf(machine, options);
  const coverage = new Coverage(subject.chart);
  const paths = explore(subject, [{}], sampleSteps(vocabulary, 1), coverage);
  return { paths, coverage, words: paths.map(({ steps }) => steps.map(inWords).join(' · ')) };
}

describe('explore', () => {
  it('finds the shortest path to each state, with deadlines and outcomes of actors on the way', () => {
    const machine = setup({ actors: { load: fromPromise(async () => 1) } }).createMachine({
      initial: 'idle',
      states: {
        idle: { on: { GO: 'waiting' } },
        waiting: { after: { 100: 'loading' }, on: { BACK: 'idle' } },
        loading: { invoke: { src: 'load', onDone: 'done', onError: 'idle' } },
        done: { type: 'final' },
      },
    });
    const { words, coverage } = explored(machine, {
      actors: { load: { output: fc.constant(1), error: fc.constant(2) } },
    });
    expect(words).toEqual([
      '',
      'GO',
      'GO · BACK',
      'GO · clock to the next deadline',
      'GO · clock to the next deadline · load resolves 1',
      'GO · clock to the next deadline · load rejects 2',
    ]);
    expect(coverage.neverTaken).toEqual([]);
  });

  it('comes to an end where a context grows for ever', () => {
    const counter = createMachine({
      context: { n: 0 },
      on: { UP: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
    });
    const { paths } = explored(counter);
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.length).toBeLessThan(20);
  });

  it('finds a state behind a counter', () => {
    const locked = createMachine({
      context: { n: 0 },
      initial: 'a',
      states: {
        a: {
          always: { guard: ({ context }) => context.n === 4, target: 'b' },
          on: {
            UP: { actions: assign({ n: ({ context }) => context.n + 1 }) },
            ZERO: { actions: assign({ n: 0 }) },
          },
        },
        b: {},
      },
    });
    expect(explored(locked).words).toContain('UP · UP · UP · UP');
  });

  it('keeps a path on which something goes wrong, and goes no further on it', () => {
    const failing = createMachine({
      id: 'failing',
      on: {
        FAIL: {
          actions: () => {
            throw new Error('no');
          },
        },
      },
    });
    expect(explored(failing).words).toEqual(['', 'FAIL']);
  });
});

it('learnPayloads tells which properties of an event are read, from wherever the paths lead', () => {
  const machine = createMachine({
    initial: 'a',
    states: {
      a: { on: { GO: 'b' } },
      b: {
        on: { SET: { guard: ({ event }) => event.value > 3, actions: ({ event }) => event.note }, GO: 'a' },
      },
    },
  });
  const { subject } = planOf(machine);
  expect(learnPayloads(subject, [runOf()], ['SET', 'GO'])).toEqual(new Map());
  expect(learnPayloads(subject, [runOf(), runOf('GO')], ['SET', 'GO'])).toEqual(
    new Map([['SET', new Set(['value'])]]),
  );
});
