import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, createMachine } from 'xstate';
import type { VerifyMachineOptions } from '../../../src/testing/machine/options.ts';
import { verifyMachine } from '../../../src/testing/machine/verify-machine.ts';
import { VerificationError, type VerificationProgress } from '../../../src/testing/report.ts';
import { checkTrace, parseTrace } from '../../../src/testing/trace.ts';
import { flaws } from './flawed-machines.ts';

const failureOf = async (machine: AnyStateMachine, options: VerifyMachineOptions) => {
  const failure: unknown = await verifyMachine(machine, {
    runs: 100,
    seed: 1,
    traceFolder: false,
    ...options,
  }).catch((error: unknown) => error);
  if (!(failure instanceof VerificationError)) throw failure;
  return failure;
};

describe('verifyMachine', () => {
  it.each(flaws)('finds $title', async ({ flawed, options = {}, invariant, reason, steps }) => {
    const failure = await failureOf(flawed, options);
    expect(failure.invariant).toBe(invariant);
    expect(failure.message).toMatch(reason);
    expect(failure.steps).toEqual(steps);
  });

  it.each(flaws)('has nothing against a machine without $title', async ({ sound, options, soundOptions }) => {
    const report = verifyMachine(sound, { runs: 100, seed: 1, ...(soundOptions ?? options) });
    await expect(report).resolves.toMatchObject({ seed: 1 });
  });
});

/** Breaks at the third PIN above 50 in a row, and no sooner. */
const pin = createMachine({
  id: 'pin',
  context: { wrong: 0, seen: [] as number[] },
  on: {
    PIN: {
      actions: assign(({ context, event }) => {
        const wrong = event.pin > 50 ? context.wrong + 1 : 0;
        if (wrong === 3) throw new Error('locked');
        return { wrong, seen: [...context.seen, event.pin].slice(-20) };
      }),
    },
    NOISE: { actions: assign({ seen: [] }) },
  },
});
const pins = { events: { PIN: fc.record({ pin: fc.integer({ min: 0, max: 99 }) }) } };

describe('a failure', () => {
  it('is made as small as it goes: no step can be left out, no payload be smaller', async () => {
    const { steps } = await failureOf(pin, { ...pins, runs: 500 });
    expect(steps).toEqual(['start', 'PIN {"pin":51}', 'PIN {"pin":51}', 'PIN {"pin":51}']);
  });

  it('comes again from its seed and path, at once', async () => {
    const rare = createMachine({
      id: 'rare',
      on: {
        PIN: {
          actions: ({ event }) => {
            if (event.pin === 77) throw new Error('that one');
          },
        },
      },
    });
    const first = await failureOf(rare, { ...pins, runs: 500 });
    const { seed, path } = first;
    expect(first.steps).toEqual(['start', 'PIN {"pin":77}']);
    expect(path).toMatch(/^\d+(:\d+)*$/);
    const again = await failureOf(rare, { ...pins, seed, path });
    expect(again.steps).toEqual(first.steps);
    expect(again.runs).toBe(1);
  });

  it('is in the trace as a document that shows the run, and where it broke', async () => {
    const { trace } = await failureOf(pin, { ...pins, runs: 500 });
    expect(checkTrace(JSON.parse(JSON.stringify(trace)))).toEqual(trace);
    expect(trace).toMatchObject({
      kind: 'machine',
      subject: 'pin',
      seed: 1,
      definitions: { pin: { id: 'pin' } },
    });
    expect(trace.steps.map(({ words }) => words)).toHaveLength(4);
    expect(trace.failure).toMatchObject({ step: 3, entries: trace.entries.length });
    expect(trace.entries.map(({ kind, step }) => `${step} ${kind}`)).toEqual([
      '0 snapshot',
      '1 sent',
      '1 snapshot',
      '2 sent',
      '2 snapshot',
      '3 sent',
    ]);
  });

  it('with a payload that nobody has described says where to describe it', async () => {
    const { message } = await failureOf(
      createMachine({ on: { A: { actions: ({ event }) => event.x.y } } }),
      {},
    );
    expect(message).toMatch(/\(what A came with was made up: say in options\.events/);
    const described = createMachine({ on: { A: { actions: ({ event }) => event.x.y } } });
    const { message: other } = await failureOf(described, { events: { A: fc.record({}) } });
    expect(other).not.toContain('made up');
  });

  it('of an invariant that throws says so', async () => {
    const invariants = {
      'it can be asked': () => {
        throw new Error('not now');
      },
    };
    const { message } = await failureOf(pin, { ...pins, invariants });
    expect(message).toMatch(
      /breaks "it can be asked": asked in \{\} with context .* it threw Error: not now/,
    );
  });

  it('bears the name that it is given', async () => {
    const { message } = await failureOf(pin, { ...pins, runs: 500, name: 'the PIN pad' });
    expect(message).toMatch(/^the PIN pad breaks/);
  });
});

describe('files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chartroom-machine-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps a run that failed, and makes it first the next time', async () => {
    const regressions = join(folder, 'kept/runs.json');
    const first = await failureOf(pin, { ...pins, runs: 500, regressions });
    expect(first.regression).toBeUndefined();
    const second = await failureOf(pin, { ...pins, runs: 1, seed: 99, regressions });
    expect(second.regression).toBe('pin: nothing that happens makes it throw');
    expect(second.steps).toEqual(first.steps);
    expect(second.message).toContain('The kept run "pin: nothing that happens makes it throw" does so:');
  });

  it('goes on to new runs once a kept one goes well', async () => {
    const regressions = join(folder, 'runs.json');
    await failureOf(pin, { ...pins, runs: 500, regressions });
    const mended = createMachine({ id: 'pin', on: { PIN: {}, NOISE: {} } });
    const kept = await verifyMachine(mended, { ...pins, runs: 5, seed: 1, regressions });
    const without = await verifyMachine(mended, { ...pins, runs: 5, seed: 1 });
    expect(kept.runs).toBe(without.runs + 1);
  });

  it('does not keep what JSON cannot hold', async () => {
    const regressions = join(folder, 'runs.json');
    const events = { A: fc.record({ at: fc.constant(new Date(0)) }) };
    const dated = createMachine({ on: { A: { actions: ({ event }) => event.at.no.thing } } });
    await failureOf(dated, { events, regressions });
    expect(existsSync(regressions)).toBe(false);
  });

  it('writes the trace where it is asked to', async () => {
    const failure = await failureOf(pin, { ...pins, runs: 500, traceFolder: join(folder, 'traces') });
    const { traceFile = '' } = failure;
    expect(dirname(traceFile)).toBe(join(folder, 'traces'));
    expect(parseTrace(readFileSync(traceFile, 'utf8'))).toEqual(failure.trace);
    expect(failure.message).toContain(`Trace: ${traceFile}`);
  });
});

describe('a report', () => {
  const lamp = createMachine({
    id: 'lamp',
    initial: 'off',
    states: {
      off: { on: { ON: 'on' } },
      on: { on: { OFF: 'off', BREAK: { guard: () => false, target: 'broken' } } },
      broken: {},
    },
  });

  it('names what no run has reached', async () => {
    const report = await verifyMachine(lamp, { runs: 20, seed: 1 });
    expect(report.states).toEqual(['off', 'on']);
    expect(report.transitions).toEqual(['off → on on ON', 'on → off on OFF']);
    expect(report.neverTaken).toEqual(['broken', 'on → broken on BREAK if its guard']);
  });

  it('has what hangs on a payload that nobody has described, and says that it was made up', async () => {
    const dial = createMachine({
      id: 'dial',
      initial: 'low',
      states: { low: { on: { TURN: { guard: ({ event }) => event.level > 3, target: 'high' } } }, high: {} },
    });
    const { neverTaken, notes } = await verifyMachine(dial, { runs: 20, seed: 1 });
    expect(neverTaken).toEqual([]);
    expect(notes).toContainEqual(expect.stringMatching(/^Payloads were made up for TURN/));
  });

  it('is the same from the same seed', async () => {
    const options = { runs: 50, seed: 7, ...pins };
    const mended = createMachine({ id: 'pin', on: { PIN: {} } });
    expect(await verifyMachine(mended, options)).toEqual(await verifyMachine(mended, options));
  });

  it('counts at least the runs that were asked for', async () => {
    expect((await verifyMachine(lamp, { runs: 33, seed: 1 })).runs).toBeGreaterThanOrEqual(33);
  });

  it('has itself told of as it goes, without holding the thread', async () => {
    const told: VerificationProgress[] = [];
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    await verifyMachine(lamp, { runs: 4000, seed: 1, onProgress: (progress) => told.push(progress) });
    clearInterval(timer);
    expect(told.length).toBeGreaterThan(0);
    expect(turns).toBeGreaterThan(0);
    expect(told.at(-1)).toMatchObject({ states: 2, transitions: 2, shrinking: false });
    expect(told.at(-1)?.of).toBeGreaterThanOrEqual(4000);
  });
});

describe('what two runs have to have in common', () => {
  const stamped = createMachine({
    id: 'stamped',
    context: { order: { id: 1, at: 0 } },
    on: { TOUCH: { actions: assign({ order: () => ({ id: 1, at: Date.now() }) }) } },
  });

  it('is everything but what is said to be volatile', async () => {
    await failureOf(stamped, {});
    await expect(verifyMachine(stamped, { seed: 1, volatile: ['order.at'] })).resolves.toBeDefined();
  });

  it('is what another codec than JSON can hold', async () => {
    const dated = createMachine({ id: 'dated', context: { at: new Date(0) }, on: { A: {} } });
    await failureOf(dated, {});
    const codec = { write: structuredClone, read: structuredClone };
    await expect(verifyMachine(dated, { seed: 1, codec })).resolves.toBeDefined();
    await expect(verifyMachine(dated, { seed: 1, restore: false })).resolves.toBeDefined();
  });

  it('says so of a snapshot that cannot be saved at all', async () => {
    const huge = createMachine({ id: 'huge', context: { n: 1n }, on: { A: {} } });
    const { message } = await failureOf(huge, {});
    expect(message).toMatch(/changes nothing that comes after": it cannot be saved: TypeError.*BigInt/);
  });

  it('says so of one that cannot be read back', async () => {
    const codec = {
      write: (snapshot: unknown) => snapshot,
      read: () => ({ status: 'active', value: 'gone', children: {} }),
    };
    const { message } = await failureOf(createMachine({ initial: 'a', states: { a: { on: { A: 'a' } } } }), {
      codec,
    });
    expect(message).toMatch(/it cannot be restored: Error: .*'gone' does not exist/);
  });
});

describe('a way to bring older snapshots over', () => {
  const lampOf = createMachine({ id: 'lit', initial: 'off', states: { off: { on: { ON: 'on' } }, on: {} } });
  const from = [{ status: 'active', value: 'dark', context: {}, children: {}, historyValue: {} }];

  it.each([
    ['gives nothing', () => undefined, /migrate must give a snapshot, at once; it gave undefined/],
    [
      'takes its time',
      async () => ({}),
      /migrate must give a snapshot, at once; it gave an instance of Promise/,
    ],
  ])('that %s is broken', async (_what, migrate, message) => {
    const failing = verifyMachine(lampOf, { seed: 1, traceFolder: false, migrate: { from, migrate } });
    await expect(failing).rejects.toMatchObject({ invariant: 'a snapshot of an older version goes on' });
    await expect(failing).rejects.toThrow(message);
  });
});
