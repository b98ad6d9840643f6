import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, createMachine, fromPromise, setup } from 'xstate';
import { deadEnd, type Ways } from '../../../src/testing/machine/ending.ts';
import type { VerifyMachineOptions } from '../../../src/testing/machine/options.ts';
import { sampleSteps, waysBy } from '../../../src/testing/machine/samples.ts';
import { World } from '../../../src/testing/machine/world.ts';
import { planOf, runOf } from './subject.ts';

const chain = (length: number, step: object = {}) =>
  createMachine({
    id: 'chain',
    initial: 's0',
    states: Object.fromEntries(
      Array.from({ length: length + 1 }, (_, n) => [
        `s${n}`,
        n === length ? { type: 'final' as const } : { on: { STOP: `s${n + 1}` }, ...step },
      ]),
    ),
  });

function endOf(machine: AnyStateMachine, options: VerifyMachineOptions = {}, ...steps: string[]) {
  const { subject, vocabulary, terminate } = planOf(machine, { terminate: ['STOP'], ...options });
  const ways = waysBy(terminate, sampleSteps(vocabulary, 1)) as Ways;
  const run = runOf(...steps);
  const world = new World(subject, run.start);
  for (const step of run.steps) world.apply(step);
  const found = deadEnd(subject, run, world, ways);
  return { can: found === undefined, found, ways };
}

describe('whether a machine can be ended', () => {
  it('is seen over several events, as far as twenty steps', () => {
    expect(endOf(chain(5)).can).toBe(true);
    expect(endOf(chain(19)).can).toBe(true);
    expect(endOf(chain(40)).can).toBe(false);
  });

  it('is seen where time has to pass, and actors have to settle', () => {
    const closing = setup({ actors: { flush: fromPromise(async () => 1) } }).createMachine({
      initial: 'open',
      states: {
        open: { on: { STOP: 'draining' } },
        draining: { after: { 5000: 'flushing' } },
        flushing: { invoke: { src: 'flush', onDone: 'closed', onError: 'draining' } },
        closed: { type: 'final' },
      },
    });
    expect(endOf(closing, { actors: { flush: { output: fc.nat(), error: fc.nat() } } }).can).toBe(true);
    expect(endOf(closing, { actors: { flush: { error: fc.nat() } } }).can).toBe(false);
  });

  it('is not taken from a counter that counts for ever', () => {
    const counting = createMachine({
      context: { n: 0 },
      initial: 'a',
      states: {
        a: { on: { STOP: { actions: assign({ n: ({ context }) => context.n + 1 }) }, OUT: 'b' } },
        b: { type: 'final' },
      },
    });
    expect(endOf(counting).can).toBe(false);
    expect(endOf(counting, { terminate: ['STOP', 'OUT'] }).can).toBe(true);
    expect(endOf(counting, {}, 'OUT').can).toBe(true);
  });

  it('is shown once for each condition', () => {
    const { ways } = endOf(chain(3));
    expect(ways.shown.size).toBe(1);
  });

  it('names where all ways stay, once all were looked at', () => {
    const trap = createMachine({
      initial: 'a',
      states: { a: { on: { STOP: 'b', ODD: 'c' } }, b: { on: { STOP: 'a' } }, c: { type: 'final' } },
    });
    expect(endOf(trap).found).toEqual({ values: ['a', 'b'], exhausted: true });
    expect(endOf(trap, {}, 'STOP').found).toEqual({ values: ['b', 'a'], exhausted: true });
    expect(endOf(chain(40)).found).toEqual({ values: ['s0', 's1', 's2', 's3'], exhausted: false });
  });
});
