import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPromise, setup } from 'xstate';
import { simplerRuns } from '../../../src/testing/machine/simplify.ts';
import type { Run, Step } from '../../../src/testing/machine/step.ts';
import { planOf } from './subject.ts';

const machine = setup({ actors: { load: fromPromise(async () => 1) } }).createMachine({
  invoke: { src: 'load', onDone: {}, onError: {} },
  on: { SAID: {}, SET: {} },
});
const { vocabulary } = planOf(machine, {
  events: { SET: fc.record({ n: fc.integer({ min: 5, max: 100 }) }) },
  actors: { load: { output: fc.nat() } },
  input: fc.nat(),
});
const simpler = (step: Step, start: Run['start'] = {}) => simplerRuns({ start, steps: [step] }, vocabulary);
const stepsOf = (runs: Run[]) => runs.map(({ steps }) => steps[0]);

describe('simpler runs', () => {
  it('have smaller payloads, which their arbitrary would have made', () => {
    const values = stepsOf(simpler({ do: 'send', event: { type: 'SET', n: 50 } })).map((step) =>
      step?.do === 'send' ? Number(step.event.n) : Number.NaN,
    );
    expect(values).toContain(5);
    expect(values.every((n) => n >= 5 && n < 50)).toBe(true);
  });

  it('have fewer properties where nobody said what there has to be', () => {
    expect(stepsOf(simpler({ do: 'send', event: { type: 'SAID', a: 1, b: 2 } }))).toEqual([
      { do: 'send', event: { type: 'SAID', b: 2 } },
      { do: 'send', event: { type: 'SAID', a: 1 } },
    ]);
  });

  it('have smaller outcomes of actors, and the first of them in the place of another', () => {
    const runs = stepsOf(simpler({ do: 'actor', actor: 'load', nth: 2, act: 'resolves', value: 8 }));
    expect(runs[0]).toEqual({ do: 'actor', actor: 'load', nth: 0, act: 'resolves', value: 8 });
    expect(runs.slice(1)).toContainEqual({ do: 'actor', actor: 'load', nth: 2, act: 'resolves', value: 0 });
  });

  it('have a smaller input', () => {
    const starts = simpler({ do: 'save' }, { input: 9 }).map(({ start }) => start);
    expect(starts).toContainEqual({ input: 0 });
  });

  it('are none where there is nothing to make smaller', () => {
    expect(simpler({ do: 'wait', ms: 5 })).toEqual([]);
    expect(simpler({ do: 'save' }, { older: 0 })).toEqual([]);
  });
});
