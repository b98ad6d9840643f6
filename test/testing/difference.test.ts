import { describe, expect, it } from 'vitest';
import { differsFromTrace, entryDifference } from '../../src/testing/difference.ts';
import type { TraceEntry } from '../../src/testing/index.ts';

const steps = [
  { words: 'start', atMs: 0 },
  { words: 'pay', atMs: 5 },
];
const snapshot = (step: number, value: string): TraceEntry => ({
  step,
  atMs: 0,
  kind: 'snapshot',
  definition: 'order',
  actor: 'order',
  value,
  status: 'active',
});
const run = [snapshot(0, 'open'), snapshot(1, 'paid')];

describe('where two runs part', () => {
  it('is nowhere when they are the same', () => {
    expect(entryDifference(steps, run, [...run])).toBeUndefined();
  });

  it('is told by the step, and by what differs', () => {
    const difference = entryDifference(steps, run, [snapshot(0, 'open'), snapshot(1, 'owed')]);
    expect(difference).toEqual({ step: 'pay', what: 'value', before: '"paid"', after: '"owed"' });
    expect(difference && differsFromTrace(difference)).toBe(
      'after "pay" value was "paid" in the trace and is "owed" now',
    );
  });

  it('is also where one of them is over', () => {
    expect(entryDifference(steps, run, run.slice(0, 1))).toMatchObject({
      step: 'pay',
      what: 'it',
      after: 'nothing',
    });
    expect(entryDifference(steps, [], run)).toMatchObject({ step: 'start', before: 'nothing' });
  });
});
