import { assign, type DoneActorEvent, type ErrorActorEvent, fromPromise, setup } from 'xstate';
import { gateway } from './gateway.ts';

export const shop = setup({
  types: {
    context: {} as { cents: number; receipt: string | null },
    events: {} as
      | { type: 'add'; cents: number }
      | { type: 'pay' }
      | { type: 'cancel' }
      | DoneActorEvent<string, 'charge'>
      | ErrorActorEvent<unknown, 'charge'>,
  },
  actors: {
    charge: fromPromise<string, number>(({ input: cents }) => gateway.charge(cents)),
    refund: fromPromise<void, string | null>(({ input: receipt }) => gateway.refund(receipt)),
  },
});

export const checkout = shop.createMachine({
  id: 'checkout',
  context: { cents: 0, receipt: null },
  initial: 'basket',
  states: {
    basket: {
      on: {
        add: { actions: assign({ cents: ({ context, event }) => context.cents + event.cents }) },
        pay: 'charging',
        cancel: 'cancelled',
      },
    },
    charging: {
      invoke: {
        id: 'charge',
        src: 'charge',
        input: ({ context }) => context.cents,
        onDone: { target: 'paid', actions: assign({ receipt: ({ event }) => event.output }) },
        onError: 'basket',
      },
      after: { 10000: 'slow' },
    },
    // "This takes longer than usual. You can wait, or leave."
    slow: {
      on: {
        'xstate.done.actor.charge': {
          target: 'paid',
          actions: assign({ receipt: ({ event }) => event.output }),
        },
        'xstate.error.actor.charge': 'basket',
        cancel: 'unwanted',
      },
    },
    // A charge cannot be called back: its answer is waited for, and the money returned.
    unwanted: {
      on: {
        'xstate.done.actor.charge': {
          target: 'refunding',
          actions: assign({ receipt: ({ event }) => event.output }),
        },
        'xstate.error.actor.charge': 'cancelled',
      },
    },
    refunding: {
      invoke: {
        src: 'refund',
        input: ({ context }) => context.receipt,
        onDone: { target: 'cancelled', actions: assign({ receipt: null }) },
        onError: 'waiting',
      },
    },
    waiting: { after: { 60000: 'refunding' } },
    paid: { type: 'final' },
    cancelled: { type: 'final' },
  },
});
