import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMachine, fromCallback, fromPromise, fromTransition, setup } from 'xstate';
import type { VerifyMachineOptions } from '../../../src/testing/machine/options.ts';
import { verifyMachine } from '../../../src/testing/machine/verify-machine.ts';

const door = createMachine({
  id: 'door',
  initial: 'shut',
  states: { shut: { on: { OPEN: 'ajar' } }, ajar: { on: { 'hinge.*': 'shut' } } },
});
const endless = { id: 'x', initial: 'a', states: { a: { on: { GO: 'a' } } } } as const;
const loader = setup({
  actors: {
    load: fromPromise(async () => 1),
    socket: fromCallback(() => {}),
    fold: fromTransition(() => 0, 0),
  },
}).createMachine({
  id: 'loader',
  invoke: [{ src: 'load' }, { src: 'fold' }, { src: fromPromise(async () => 2) as never, id: 'inline' }],
  on: { GO: {} },
});

const refused = (options: object, machine: unknown = door) =>
  expect(verifyMachine(machine as typeof door, options as VerifyMachineOptions<typeof door>)).rejects;

describe('options that make no sense are refused before anything runs', () => {
  it.each<[string, object, RegExp]>([
    ['no object', [], /options must be an object; received an array/],
    ['an unknown option', { run: 5 }, /options has no "run"; it knows name, events, actors/],
    ['no runs', { runs: 0 }, /options\.runs must be an integer of 1 or more; received the number 0/],
    ['a seed that is too long', { seed: 2 ** 40 }, /options\.seed must be an integer of 32 bits/],
    ['events that are null', { events: null }, /options\.events must be an object, by name; received null/],
    ['actors in a list', { actors: [] }, /options\.actors must be an object, by name/],
    ['half a run', { runs: 0.5 }, /options\.runs must be an integer/],
    ['no steps', { steps: -1 }, /options\.steps must be an integer of 1 or more/],
    [
      'a seed in words',
      { seed: 'x' },
      /options\.seed must be an integer of 32 bits.*received the string "x"/,
    ],
    [
      'an event that no state handles',
      { events: { SHUT: fc.record({}) } },
      /names "SHUT".*events are OPEN, hinge\.\*/,
    ],
    [
      'a payload that is no arbitrary',
      { events: { OPEN: {} } },
      /events\["OPEN"\] must be an arbitrary.*fc\.record/,
    ],
    ['an input that is no arbitrary', { input: 7 }, /options\.input must be an arbitrary/],
    [
      'an end by an unknown event',
      { terminate: ['CLOSE'] },
      /terminate names "CLOSE", which no state handles/,
    ],
    ['an end of a machine without one', { terminate: ['OPEN'] }, /no final state at its top level/],
    ['an end by nothing', { terminate: [] }, /must name an event at least/],
    ['an end that is no list', { terminate: 'OPEN' }, /terminate must be a list of strings/],
    [
      'an actor that it does not run',
      { actors: { load: {} } },
      /names "load", which "door" does not run; it runs no/,
    ],
    ['an actor that is no model', { actors: { load: 1 } }, /actors\["load"\] must be \{ output\?.*or logic/],
    [
      'an outcome that is no arbitrary',
      { actors: { load: { output: 1 } } },
      /received the number 1 as "output"/,
    ],
    ['an unknown outcome', { actors: { load: { done: fc.nat() } } }, /as "done"/],
    [
      'logic that acts by itself',
      { actors: { load: fromPromise(async () => 1) } },
      /logic that acts by itself/,
    ],
    [
      'an invariant that is no function',
      { invariants: { holds: true } },
      /invariants\["holds"\] must be a function/,
    ],
    ['an unknown way to restore', { restore: 'json' }, /restore must be 'armed', 'plain' or false/],
    ['half a codec', { codec: { write: () => 0 } }, /codec must be \{ write, read \}/],
    ['a migration from nowhere', { migrate: { migrate: () => 0 } }, /migrate must be \{ from, migrate \}/],
    ['a folder that is none', { traceFolder: true }, /traceFolder must be a string or false/],
    ['a name that is no text', { name: 5 }, /options\.name must be a string/],
    ['a listener that is none', { onProgress: 5 }, /onProgress must be a function/],
  ])('%s', async (_, options, message) => {
    const failure = refused(options);
    await failure.toThrow(TypeError);
    await failure.toThrow(message);
  });

  it('what is no machine', async () => {
    await refused({}, { initial: 'a' }).toThrow(
      /verifyMachine takes a machine of XState v5.*received an object/,
    );
    await refused({}, null).toThrow(TypeError);
  });

  it('a machine to which nothing ever happens', async () => {
    await refused({}, createMachine({ initial: 'a', states: { a: {} } })).toThrow(
      /cannot be explored: no state/,
    );
  });

  it('actors that would need a network, with all that has to be said of them', async () => {
    await refused({}, loader).toThrow(
      /"loader" runs inline, load, which would act by itself.*actors: \{ "inline":/,
    );
    await refused({ actors: { load: {} } }, loader).toThrow(/"loader" runs inline, which/);
    await expect(verifyMachine(loader, { runs: 5, actors: { load: {}, inline: {} } })).resolves.toBeDefined();
  });

  it('a name without logic, as it stands in a chart that was drawn first', async () => {
    const drawn = createMachine({ ...endless, invoke: { src: 'later' } });
    await refused({}, drawn).toThrow(/runs later, which would act by itself/);
  });

  it('a machine that reads an input nobody gave', async () => {
    const needy = setup({ types: { input: {} as { id: string } } }).createMachine({
      ...endless,
      context: ({ input }) => ({ id: input.id.trim() }),
    });
    await refused({}, needy).toThrow(/cannot start without an input: TypeError.*Give options\.input/);
    await expect(
      verifyMachine(needy, { runs: 5, input: fc.record({ id: fc.string() }) }),
    ).resolves.toBeDefined();
  });
});
