import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, assign, createMachine, fromPromise, setup } from 'xstate';
import { INVARIANTS } from '../../../src/testing/machine/invariants.ts';
import type { VerifyMachineOptions } from '../../../src/testing/machine/options.ts';
import { replayMachine } from '../../../src/testing/machine/replay.ts';
import { verifyMachine } from '../../../src/testing/machine/verify-machine.ts';
import { VerificationError } from '../../../src/testing/report.ts';
import { parseTrace, type Trace } from '../../../src/testing/trace.ts';
import { flaws } from './flawed-machines.ts';

async function traceOf(machine: AnyStateMachine, options: VerifyMachineOptions): Promise<Trace> {
  const failure: unknown = await verifyMachine(machine, {
    runs: 100,
    seed: 1,
    traceFolder: false,
    ...options,
  }).catch((e) => e);
  if (!(failure instanceof VerificationError)) throw failure;
  // As it comes back from a file.
  return parseTrace(JSON.stringify(failure.trace));
}

/** Opens by a code; `limit` wrong ones in a row are one too many. */
const safe = (limit: number) =>
  setup({ actors: { alarm: fromPromise<void>(async () => {}) } }).createMachine({
    id: 'safe',
    context: { tries: 0 },
    initial: 'shut',
    states: {
      shut: {
        on: {
          CODE: [
            { guard: ({ event }) => event.digit === 7, target: 'open' },
            { actions: assign({ tries: ({ context }) => context.tries + 1 }) },
          ],
        },
        after: { 1000: 'calling' },
      },
      calling: {
        invoke: {
          src: 'alarm',
          onDone: {
            target: 'shut',
            actions: ({ context }) => {
              if (context.tries >= limit) throw new Error('too late');
            },
          },
          onError: 'shut',
        },
      },
      open: { type: 'final' },
    },
  });
const options: VerifyMachineOptions = {
  events: { CODE: fc.record({ digit: fc.constantFrom(1, 7) }) },
  actors: { alarm: { output: fc.constant(undefined), error: fc.constant(new Error('engaged')) } },
};

describe('replayMachine', () => {
  it.each(flaws)('breaks the same again: $title', async ({ flawed, options: given = {}, invariant }) => {
    const trace = await traceOf(flawed, given);
    expect(await replayMachine(trace, flawed, given)).toMatchObject({ reproduced: true, invariant });
  });

  it('goes step by step, and tells what came of each', async () => {
    const trace = await traceOf(safe(2), options);
    const told: string[] = [];
    const replayed = await replayMachine(trace, safe(2), {
      ...options,
      onStep: async ({ words, atMs }, entries) => {
        await Promise.resolve();
        told.push(`${atMs} ms: ${words} (${entries.map(({ kind }) => kind).join(', ')})`);
      },
    });
    expect(told).toEqual([
      '0 ms: start (snapshot)',
      '0 ms: CODE {"digit":1} (sent, snapshot)',
      '0 ms: CODE {"digit":1} (sent, snapshot)',
      '0 ms: clock + 1000 ms (sent, snapshot)',
      '1000 ms: alarm resolves (sent)',
    ]);
    expect(replayed.differs).toBeUndefined();
    expect(replayed.entries).toEqual(trace.entries);
    expect(replayed).toMatchObject({ reproduced: true, message: expect.stringContaining('too late') });
  });

  it('says so when the bug has been mended', async () => {
    const trace = await traceOf(safe(2), options);
    const replayed = await replayMachine(trace, safe(3), options);
    expect(replayed.reproduced).toBe(false);
    expect(replayed.invariant).toBeUndefined();
    expect(replayed.differs).toMatch(
      /^after "alarm resolves" it was nothing in the trace and is \{"step":4.*now$/,
    );
  });

  it('says where another machine goes another way', async () => {
    const trace = await traceOf(safe(2), options);
    const other = createMachine({ ...safe(2).config, context: { tries: 5 } } as never);
    const replayed = await replayMachine(trace, other, options);
    expect(replayed.differs).toBe('after "start" context.tries was 0 in the trace and is 5 now');
  });

  it('takes no trace of clients, no half of one, and none that JSON could not hold', async () => {
    const trace = await traceOf(safe(2), options);
    const again = (changed: object) =>
      expect(replayMachine({ ...trace, ...changed } as Trace, safe(2), options)).rejects;
    await again({ kind: 'client' }).toThrow(/takes a trace of a machine; this one is of a client/);
    await again({ entries: 1 }).toThrow(/Not a whole trace/);
    await again({ run: { steps: 7 } }).toThrow(/no run of a machine: expected \{ start, steps \}/);
    await again({ run: { unrepeatable: 'it is a Date' } }).toThrow(/cannot be made again: it is a Date/);
  });

  it('cannot run again what had payloads that are no JSON, and the trace says why', async () => {
    const dated = createMachine({
      id: 'dated',
      on: { AT: { actions: ({ event }) => event.when.getTime().nothing.here } },
    });
    const given = { events: { AT: fc.record({ when: fc.constant(new Date(0)) }) } };
    const trace = await traceOf(dated, given);
    expect(trace.failure?.invariant).toBe(INVARIANTS.throws);
    await expect(replayMachine(trace, dated, given)).rejects.toThrow(
      /cannot be made again: steps\[0\]\.event\.when is \{"\(Date\)":"1970.*Have its payloads be JSON/,
    );
  });
});
