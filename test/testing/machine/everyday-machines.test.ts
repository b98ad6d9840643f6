import { describe, expect, it } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import type { VerifyMachineOptions } from '../../../src/testing/machine/options.ts';
import { verifyMachine } from '../../../src/testing/machine/verify-machine.ts';
import { order, orderOptions, session, sessionOptions } from './everyday-families.ts';
import {
  fetchOptions,
  fetchWithRetry,
  toggle,
  trafficLight,
  wizard,
  wizardOptions,
} from './everyday-machines.ts';

const machines: [string, AnyStateMachine, VerifyMachineOptions][] = [
  ['a traffic light', trafficLight, {}],
  ['a fetch with retry', fetchWithRetry, { ...fetchOptions }],
  ['a toggle that switches itself off', toggle, {}],
  ['a wizard with regions and history', wizard, wizardOptions],
  ['an order that spawns a child for each line', order, orderOptions],
  ['a session that invokes a machine, a socket and a ticker', session, sessionOptions],
];

describe('machines as people write them', () => {
  it.each(machines)(
    '%s passes, and every state and transition of it is reached',
    async (_, machine, options) => {
      for (const seed of [1, 2]) {
        const report = await verifyMachine(machine, { ...options, seed, runs: 40 });
        expect(report.neverTaken).toEqual([]);
      }
    },
  );
});
