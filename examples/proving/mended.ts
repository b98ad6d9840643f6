import { assign, stateIn } from 'xstate';
import { shop } from './checkout.ts';

const patientShop = shop.extend({ guards: { isUnwanted: stateIn({ charging: 'unwanted' }) } });

/** The same checkout, in which the charge goes on for as long as somebody waits for it. */
export const mended = patientShop.createMachine({
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
            guard: 'isUnwanted',
            target: 'refunding',
            actions: assign({ receipt: ({ event }) => event.output }),
          },
          { target: 'paid', actions: assign({ receipt: ({ event }) => event.output }) },
        ],
        onError: [{ guard: 'isUnwanted', target: 'cancelled' }, { target: 'basket' }],
      },
      initial: 'swift',
      states: {
        swift: { after: { 10000: 'slow' } },
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
    waiting: { after: { 60000: 'refunding' } },
    paid: { type: 'final' },
    cancelled: { type: 'final' },
  },
});
