import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPromise, setup } from 'xstate';
import { runArbitrary, sampleStarts } from '../../../src/testing/machine/generate.ts';
import type { VerifyMachineOptions } from '../../../src/testing/machine/options.ts';
import { planOf, runOf } from './subject.ts';

const machine = setup({ actors: { load: fromPromise(async () => 1) } }).createMachine({
  id: 'm',
  initial: 'a',
  states: {
    a: { on: { GO: 'b', ON: 'a' }, after: { 700: 'a' }, invoke: { src: 'load', onError: 'a' } },
    b: { type: 'final' },
  },
});
const actors = { load: { output: fc.nat(), error: fc.constant(new Error('no')) } };
const runsOf = (options: VerifyMachineOptions, paths = [runOf()]) => {
  const { vocabulary } = planOf(machine, { actors, ...options });
  return fc.sample(runArbitrary(vocabulary, paths, 20), { seed: 1, numRuns: 300 });
};
const kindsOf = (options: VerifyMachineOptions) =>
  new Set(runsOf(options).flatMap(({ steps }) => steps.map((step) => step.do)));

describe('random runs', () => {
  it('have steps of every kind, and no more than were asked for', () => {
    expect(kindsOf({})).toEqual(new Set(['send', 'wait', 'save', 'actor']));
    expect(Math.max(...runsOf({}).map(({ steps }) => steps.length))).toBe(20);
  });

  it('are not saved where nobody is to restore them', () => {
    expect(kindsOf({ restore: false })).toEqual(new Set(['send', 'wait', 'actor']));
  });

  it('wait for the delays of the chart, for the moments beside them, and for the next deadline', () => {
    const waits = new Set(
      runsOf({}).flatMap(({ steps }) => steps.map((step) => (step.do === 'wait' ? step.ms : 0))),
    );
    for (const ms of [699, 700, 701, 'next'] as const) expect(waits).toContain(ms);
  });

  it('end the machine less often than they go on with it', () => {
    const count = (type: string) =>
      runsOf({ terminate: ['GO'] })
        .flatMap(({ steps }) => steps)
        .filter((step) => step.do === 'send' && step.event.type === type).length;
    expect(count('GO') * 2).toBeLessThan(count('ON'));
    expect(count('GO')).toBeGreaterThan(0);
  });

  it('begin where a path has led, half of the time', () => {
    const path = runOf('ON', 'ON', 'ON');
    const onward = runsOf({}, [path]).filter(
      ({ steps }) => fc.stringify(steps.slice(0, 3)) === fc.stringify(path.steps),
    );
    expect(onward.length).toBeGreaterThan(100);
    expect(onward.length).toBeLessThan(200);
  });
});

describe('starts', () => {
  it('are inputs, and stored snapshots', () => {
    const options = {
      input: fc.nat(9),
      migrate: { from: [{}, {}], migrate: (snapshot: unknown) => snapshot },
    };
    const { vocabulary } = planOf(machine, { actors, ...options });
    const starts = sampleStarts(vocabulary, 1, 5);
    expect(starts.slice(-2)).toEqual([{ older: 0 }, { older: 1 }]);
    expect(starts.slice(0, -2).every((start) => 'input' in start)).toBe(true);
    const random = fc
      .sample(runArbitrary(vocabulary, [], 3), { seed: 1, numRuns: 100 })
      .map(({ start }) => start);
    expect(random.some((start) => 'older' in start) && random.some((start) => 'input' in start)).toBe(true);
  });

  it('are one where there is nothing to start with', () => {
    expect(sampleStarts(planOf(machine, { actors }).vocabulary, 1, 5)).toEqual([{}]);
  });
});
