/** What is to be verified, for the program beside this and for `chartroom verify`. */
import type { VerifyMachineOptions } from 'chartroom/testing';
import fc from 'fast-check';
import { checkout } from './checkout.ts';
import { mended } from './mended.ts';

/** What is known of the world around a checkout. */
const known = {
  events: { add: fc.record({ cents: fc.integer({ min: 1, max: 10_000 }) }) },
  actors: {
    charge: { output: fc.constant('receipt'), error: fc.constant(new Error('declined')) },
    refund: { output: fc.constant(undefined), error: fc.constant(new Error('the gateway is down')) },
  },
  terminate: ['cancel'],
};

const ours: VerifyMachineOptions<typeof mended> = {
  name: 'checkout, mended',
  invariants: {
    'who has left has the money back': (snapshot) =>
      !snapshot.matches('cancelled') || snapshot.context.receipt === null,
    'nobody pays for an empty basket': (snapshot) =>
      !snapshot.matches('charging') || snapshot.context.cents > 0,
  },
};

export const shipped = { machine: checkout, ...known };
export const proved = { machine: mended, ...known, ...ours };
