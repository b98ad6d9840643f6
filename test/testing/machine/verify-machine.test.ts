import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import type { VerifyMachineOptions } from '../../../src/testing/machine/options.ts';
import { verifyMachine } from '../../../src/testing/machine/verify-machine.ts';
import { VerificationError } from '../../../src/testing/report.ts';
import { flaws } from './flawed-machines.ts';

const failureOf = async (machine: AnyStateMachine, options: VerifyMachineOptions) => {
  const failure: unknown = await verifyMachine(machine, { runs: 100, seed: 1, ...options }).catch(
    (error: unknown) => error,
  );
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
    await expect(report).resolves.toMatchObject({
      seed: 1,
    });
  });
});
