import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import {
  actArbitraries,
  type Outcomes,
  SAMPLES,
  sampleSteps,
  waysBy,
} from '../../../src/testing/machine/samples.ts';
import { planOf } from './subject.ts';

const machine = createMachine({
  id: 'm',
  initial: 'a',
  states: { a: { on: { GO: 'b', WITH: 'a' } }, b: { type: 'final' } },
});
const { vocabulary } = planOf(machine, { events: { WITH: fc.record({ n: fc.nat() }) }, terminate: ['GO'] });
const outcomes = {
  output: fc.constant(1),
  error: fc.constant(2),
  sends: fc.constant({ type: 'X' }),
  values: fc.constant(3),
};

describe('samples', () => {
  it('are a few different steps of each event', () => {
    const { events } = sampleSteps(vocabulary, 1);
    expect(events.get('GO')).toEqual([{ do: 'send', event: { type: 'GO' } }]);
    expect(events.get('WITH')).toHaveLength(SAMPLES);
  });

  it('are the same from the same seed', () => {
    expect(sampleSteps(vocabulary, 5)).toEqual(sampleSteps(vocabulary, 5));
  });

  it('have every outcome of an actor, and none that it was not given', () => {
    const actors = new Map<string, Outcomes>();
    actors.set('x', outcomes).set('y', {});
    const { acts } = sampleSteps({ ...vocabulary, actors }, 1);
    expect(acts.get('x')?.map((step) => step.do === 'actor' && step.act)).toEqual([
      'resolves',
      'rejects',
      'sends',
      'gives',
    ]);
    expect(acts.get('y')).toEqual([]);
    expect(actArbitraries('x', { output: fc.nat() }, 2)).toHaveLength(1);
  });
});

it('the ways to the end are the events that were named', () => {
  const samples = sampleSteps(vocabulary, 1);
  expect(waysBy(['GO'], samples)).toMatchObject({
    types: ['GO'],
    events: [{ do: 'send', event: { type: 'GO' } }],
  });
  expect(waysBy(undefined, samples)).toBeUndefined();
});
