import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createMachine, setup } from 'xstate';
import { planFor } from '../../../src/testing/machine/plan.ts';

const wild = createMachine({
  id: 'wild',
  on: { '*': {}, 'mouse.*': {}, KEY: {}, 'xstate.error.actor.*': {} },
});

describe('a plan', () => {
  it('has the event types that the machine names, one made up for each wildcard, and none of XState', () => {
    const { vocabulary } = planFor(wild);
    expect([...vocabulary.events.keys()]).toEqual(['KEY', 'anything', 'mouse.anything']);
  });

  it('makes no type up for a wildcard for which one was given', () => {
    const { vocabulary } = planFor(wild, { events: { 'mouse.down': fc.record({}) } });
    expect([...vocabulary.events.keys()]).toEqual(['KEY', 'mouse.down']);
  });

  it('reads Standard Schemas that the machine itself has for its events and its input', () => {
    const machine = setup({
      schemas: {
        input: v.object({ id: v.literal('a') }),
        events: { KEY: v.object({ code: v.number() }), no: 1 },
      },
    }).createMachine({ on: { KEY: {} } });
    const { vocabulary } = planFor(machine);
    const code = vocabulary.events.get('KEY');
    expect(code && fc.sample(code, 1)).toEqual([{ code: expect.any(Number) }]);
    expect(vocabulary.input && fc.sample(vocabulary.input, 1)).toEqual([{ id: 'a' }]);
  });

  it('reads schemas in what is said of actors too', () => {
    const machine = createMachine({ invoke: { src: 'load', onDone: {} } });
    const output = v.object({ id: v.literal(7) });
    const { vocabulary } = planFor(machine, { actors: { load: { output, error: fc.constant(1) } } });
    const outcomes = vocabulary.actors.get('load');
    expect(outcomes?.output && fc.sample(outcomes.output, 1)).toEqual([{ id: 7 }]);
    expect(outcomes?.error && fc.sample(outcomes.error, 1)).toEqual([1]);
  });

  it('has defaults, and a seed of its own each time', () => {
    const plan = planFor(wild);
    expect(plan).toMatchObject({ runs: 200, steps: 30, path: undefined, terminate: undefined });
    expect(plan.subject).toMatchObject({ name: 'wild', restore: { timers: true } });
    expect(planFor(wild).seed).not.toBe(plan.seed);
  });

  it('takes an empty path for none: a failure on the way over the graph has no other', () => {
    expect(planFor(wild, { path: '' }).path).toBeUndefined();
    expect(planFor(wild, { path: '3:1', seed: 1 }).path).toBe('3:1');
  });
});
