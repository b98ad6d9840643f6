import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { judge } from '../../../src/testing/machine/judge.ts';
import type { Run } from '../../../src/testing/machine/step.ts';
import { traceOf } from '../../../src/testing/machine/trace-of.ts';
import { checkTrace } from '../../../src/testing/trace.ts';
import { planOf, runOf } from './subject.ts';

const machine = createMachine({
  id: 'm',
  initial: 'a',
  states: {
    a: { after: { 70: 'b' } },
    b: {
      on: {
        GO: {
          actions: () => {
            throw new Error('no');
          },
        },
      },
    },
  },
});
const plan = planOf(machine);
const judged = (run: Run) => judge(plan.subject, run);
const run = runOf({ do: 'wait', ms: 'next' }, 'GO');
const broken = { invariant: judged(run)?.invariant ?? '', reason: 'it threw', step: 2 };

describe('the trace of a failure', () => {
  it('is a document that can be read without the machine', () => {
    const trace = traceOf(plan, { run, broken }, judged, '3:1');
    expect(checkTrace(trace)).toMatchObject({
      subject: 'm',
      seed: 1,
      path: '3:1',
      definitions: { m: { id: 'm' } },
    });
    expect(trace.failure).toEqual({
      invariant: broken.invariant,
      message: 'it threw',
      step: 2,
      entries: trace.entries.length,
    });
  });

  it('says how long it waited, in milliseconds', () => {
    const { steps, run: kept } = traceOf(plan, { run, broken }, judged, '');
    expect(steps.map(({ words }) => words)).toEqual(['start', 'clock + 70 ms', 'GO']);
    expect(kept).toEqual(runOf(70, 'GO'));
  });

  it('keeps the run as it was where milliseconds would not break it', () => {
    const only = (each: Run) => (each === run ? judged(each) : undefined);
    expect(traceOf(plan, { run, broken }, only, '').run).toEqual(run);
  });

  it('says why it cannot be run again', () => {
    const dated: Run = { start: { input: new Date(0) }, steps: run.steps };
    expect(traceOf(plan, { run: dated, broken }, judged, '').run).toEqual({
      unrepeatable: expect.stringMatching(/^start\.input is/),
    });
  });
});
