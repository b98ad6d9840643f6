import { assign, stateIn } from 'xstate';
import { shop } from './checkout.ts';

/** The same checkout, in which the charge goes on for as long as somebody waits for it. */
export const mended = shop.createMachine({
  id: 'checkout',
  context: { cents: 0, receipt: null },
  initial: 'basket',
  states: {
    basket: {
      on: {
        add: { actions: assign({ cents: ({ context, event }) => context.cents + event.cents }) },
        pay: { target: 'charging', guard: ({ context }) => context.cents > 0 },
        cancel: 'cancelled',
      },
    },
    charging: {
      invoke: {
        id: 'charge',
        src: 'charge',
        input: ({ context }) => context.cents,
        onDone: [
          {
            guard: stateIn({ charging: 'unwanted' }),
            target: 'refunding',
            actions: assign({ receipt: ({ event }) => event.output }),
          },
          { target: 'paid', actions: assign({ receipt: ({ event }) => event.output }) },
        ],
        onError: [{ guard: stateIn({ charging: 'unwanted' }), target: 'cancelled' }, { target: 'basket' }],
      },
      initial: 'swift',
      states: {
        swift: { after: { 10_000: 'slow' } },
        slow: { on: { cancel: 'unwanted' } },
        unwanted: {},
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
    waiting: { after: { 60_000: 'refunding' } },
    paid: { type: 'final' },
    cancelled: { type: 'final' },
  },
});
