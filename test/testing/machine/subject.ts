import type { AnyStateMachine } from 'xstate';
import type { VerifyMachineOptions } from '../../../src/testing/machine/options.ts';
import { type Plan, planFor } from '../../../src/testing/machine/plan.ts';
import type { Run, Step } from '../../../src/testing/machine/step.ts';
import type { Subject } from '../../../src/testing/machine/subject.ts';

export const planOf = (machine: AnyStateMachine, options: VerifyMachineOptions = {}): Plan =>
  planFor(machine, { seed: 1, ...options });

export const subjectOf = (machine: AnyStateMachine, options?: VerifyMachineOptions): Subject =>
  planOf(machine, options).subject;

/** `'OPEN'` sends it, a number lets so many milliseconds pass, anything else is a step. */
export function runOf(...steps: (string | number | Step)[]): Run {
  return {
    start: {},
    steps: steps.map((step): Step => {
      if (typeof step === 'string') return { do: 'send', event: { type: step } };
      return typeof step === 'number' ? { do: 'wait', ms: step } : step;
    }),
  };
}

export const save: Step = { do: 'save' };
