import { describe, expect, it } from 'vitest';
import { createMachine, raise, setup } from 'xstate';
import { startObserved } from './observed-actor.ts';

const budgetError = expect.objectContaining({
  message: expect.stringMatching(
    /^Infinite loop detected: the machine has processed more than 1000 microsteps/,
  ),
});

describe('eventless transitions', () => {
  it('X15: an always cycle loops for ever: only a throwing guard ends it', () => {
    const limit = 20_000;
    let steps = 0;
    const machine = createMachine({
      initial: 'rest',
      states: {
        rest: { on: { go: 'a' } },
        a: {
          always: {
            target: 'b',
            guard: () => {
              steps += 1;
              if (steps > limit) throw new Error('stopped by the test');
              return true;
            },
          },
        },
        b: { always: 'a' },
      },
    });
    const { actor, errors } = startObserved(machine);
    actor.send({ type: 'go' });
    expect(steps).toBe(limit + 1);
    expect(errors).toEqual([new Error('stopped by the test')]);
    expect(machine.options.maxIterations).toBe(Number.POSITIVE_INFINITY);
  });

  it('X15: options.maxIterations turns an always cycle into an error after that many microsteps', () => {
    let steps = 0;
    const count = () => {
      steps += 1;
    };
    const machine = createMachine({
      options: { maxIterations: 1000 },
      initial: 'rest',
      states: {
        rest: { on: { go: 'a' } },
        a: { entry: count, always: 'b' },
        b: { entry: count, always: 'a' },
      },
    });
    const { actor, errors } = startObserved(machine);
    actor.send({ type: 'go' });
    expect(errors).toEqual([budgetError]);
    expect(actor.getSnapshot().status).toBe('error');
    expect(steps).toBe(1001);
  });

  it('X15: the budget also holds in the initial step, and for events that a machine raises to itself', () => {
    const atOnce = createMachine({
      options: { maxIterations: 1000 },
      initial: 'a',
      states: { a: { always: 'b' }, b: { always: 'a' } },
    });
    expect(startObserved(atOnce).errors).toEqual([budgetError]);

    const raising = createMachine({
      options: { maxIterations: 1000 },
      on: { go: { actions: raise({ type: 'go' }) } },
    });
    const { actor, errors } = startObserved(raising);
    actor.send({ type: 'go' });
    expect(errors).toEqual([budgetError]);
  });

  it('X15: setup and provide keep the budget', () => {
    const machine = setup({}).createMachine({ options: { maxIterations: 1000 } });
    expect(machine.provide({}).options.maxIterations).toBe(1000);
  });

  it('X19: machine.definition leaves out always transitions; machine.root has them', () => {
    const machine = createMachine({
      initial: 'a',
      states: { a: { always: 'b' }, b: { on: { back: 'a' }, after: { 10: 'a' } } },
    });
    const definition = machine.definition.states.a;
    expect(definition).toMatchObject({ transitions: [], on: {} });
    expect(definition).not.toHaveProperty('always');
    expect(machine.definition.states.b?.transitions.map((t) => t.eventType)).toEqual([
      'back',
      'xstate.after.10.(machine).b',
    ]);
    expect(machine.root.states.a?.always?.map((t) => t.target?.map((node) => node.key))).toEqual([['b']]);
  });
});
