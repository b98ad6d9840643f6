/** Machines as people write them that run other actors. None of them has a bug. */
import fc from 'fast-check';
import {
  type ActorRefFrom,
  assign,
  emit,
  enqueueActions,
  fromCallback,
  fromObservable,
  fromPromise,
  fromTransition,
  raise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate';
import type { VerifyMachineOptions } from '../../../src/testing/machine/options.ts';

const lineMachine = setup({
  types: {
    context: {} as { sku: string; quantity: number },
    input: {} as { sku: string },
    events: {} as { type: 'MORE' } | { type: 'DROP' },
  },
}).createMachine({
  id: 'line',
  context: ({ input }) => ({ sku: input.sku, quantity: 1 }),
  initial: 'open',
  states: {
    open: {
      on: {
        MORE: { actions: assign({ quantity: ({ context }) => context.quantity + 1 }) },
        DROP: 'dropped',
      },
    },
    dropped: { entry: sendParent(({ context }) => ({ type: 'LINE_GONE', sku: context.sku })), type: 'final' },
  },
});

interface Order {
  readonly lines: Readonly<Record<string, ActorRefFrom<typeof lineMachine>>>;
  readonly paid: boolean;
}

/** Spawns a child for each line, and keeps the references in its context. */
export const order = setup({
  types: {
    context: {} as Order,
    events: {} as
      | { type: 'ADD'; sku: string }
      | { type: 'MORE'; sku: string }
      | { type: 'DROP'; sku: string }
      | { type: 'LINE_GONE'; sku: string }
      | { type: 'CHECKOUT' }
      | { type: 'ABANDON' },
    emitted: {} as { type: 'ordered'; lines: number },
  },
  actors: {
    line: lineMachine,
    charge: fromPromise<{ receipt: string }, { lines: number }>(async () => ({ receipt: '' })),
  },
  guards: {
    isNew: ({ context, event }) => event.type === 'ADD' && !Object.hasOwn(context.lines, event.sku),
    isKnown: ({ context, event }) => 'sku' in event && Object.hasOwn(context.lines, event.sku),
    hasLines: ({ context }) => Object.keys(context.lines).length > 0,
  },
}).createMachine({
  id: 'order',
  context: { lines: {}, paid: false },
  initial: 'shopping',
  on: { ABANDON: '.abandoned' },
  states: {
    shopping: {
      on: {
        ADD: {
          guard: 'isNew',
          actions: assign({
            lines: ({ context, event, spawn }) => ({
              ...context.lines,
              [event.sku]: spawn('line', { id: `line-${event.sku}`, input: { sku: event.sku } }),
            }),
          }),
        },
        MORE: { guard: 'isKnown', actions: sendTo(({ event }) => `line-${event.sku}`, { type: 'MORE' }) },
        DROP: { guard: 'isKnown', actions: sendTo(({ event }) => `line-${event.sku}`, { type: 'DROP' }) },
        LINE_GONE: {
          guard: 'isKnown',
          actions: [
            stopChild(({ event }) => `line-${event.sku}`),
            assign({
              lines: ({ context, event }) =>
                Object.fromEntries(Object.entries(context.lines).filter(([sku]) => sku !== event.sku)),
            }),
          ],
        },
        CHECKOUT: { guard: 'hasLines', target: 'paying' },
      },
    },
    paying: {
      invoke: {
        src: 'charge',
        input: ({ context }) => ({ lines: Object.keys(context.lines).length }),
        onDone: { target: 'ordered', actions: assign({ paid: true }) },
        onError: 'shopping',
      },
    },
    ordered: {
      type: 'final',
      entry: emit(({ context }) => ({ type: 'ordered', lines: Object.keys(context.lines).length })),
    },
    abandoned: { type: 'final' },
  },
});

const sku = fc.record({ sku: fc.constantFrom('tea', 'cake') });
export const orderOptions: VerifyMachineOptions = {
  events: { ADD: sku, MORE: sku, DROP: sku, LINE_GONE: sku },
  actors: {
    charge: { output: fc.constant({ receipt: 'r-1' }), error: fc.constant(new Error('declined')) },
  },
  terminate: ['ABANDON'],
};

const upload = setup({
  types: { context: {} as { sent: number }, events: {} as { type: 'ABORT' }, output: {} as number },
  actors: { put: fromPromise<void>(async () => {}) },
}).createMachine({
  id: 'upload',
  context: { sent: 0 },
  initial: 'sending',
  states: {
    sending: {
      invoke: {
        src: 'put',
        onDone: [
          {
            guard: ({ context }) => context.sent >= 2,
            target: 'sent',
          },
          { target: 'sending', reenter: true, actions: assign({ sent: ({ context }) => context.sent + 1 }) },
        ],
        onError: { target: 'sending', reenter: true },
      },
      on: { ABORT: 'sent' },
    },
    sent: { type: 'final' },
  },
  output: ({ context }) => context.sent,
});

/** Invokes a machine, a ticker, a socket and a reducer, all in `setup`. */
export const session = setup({
  types: {
    context: {} as { tick: unknown; messages: readonly string[]; uploaded: number },
    events: {} as
      | { type: 'START' }
      | { type: 'STOP' }
      | { type: 'MESSAGE'; text: string }
      | { type: 'UNDO' }
      | { type: 'CLOSE' },
  },
  actors: {
    upload,
    socket: fromCallback(({ sendBack }) => {
      sendBack({ type: 'MESSAGE', text: 'hello' });
    }),
    ticker: fromObservable(() => {
      throw new Error('never called in a verification');
    }),
    log: fromTransition((count: number, _event: { type: 'line' }) => count + 1, 0),
  },
}).createMachine({
  id: 'session',
  context: { tick: null, messages: [], uploaded: 0 },
  initial: 'idle',
  on: {
    CLOSE: '.closed',
    MESSAGE: {
      actions: [
        assign({ messages: ({ context, event }) => [...context.messages.slice(-2), event.text] }),
        spawnChild('log', { id: 'log' }),
      ],
    },
  },
  states: {
    idle: { on: { START: 'working' } },
    working: {
      type: 'parallel',
      on: {
        STOP: 'idle',
        UNDO: {
          actions: enqueueActions(({ context, enqueue, check }) => {
            if (check(() => context.messages.length > 0)) enqueue.raise({ type: 'STOP' }, { delay: 10 });
          }),
        },
      },
      states: {
        sending: {
          initial: 'busy',
          states: {
            busy: {
              invoke: {
                src: 'upload',
                onDone: {
                  target: 'free',
                  actions: assign({ uploaded: ({ context }) => context.uploaded + 1 }),
                },
              },
            },
            free: { entry: raise({ type: 'STOP' }, { delay: 1000 }) },
          },
        },
        listening: { invoke: { src: 'socket', id: 'socket' } },
        ticking: {
          invoke: {
            src: 'ticker',
            id: 'ticker',
            onSnapshot: { actions: assign({ tick: ({ event }) => event.snapshot.context ?? null }) },
          },
        },
      },
    },
    closed: { type: 'final' },
  },
});

export const sessionOptions: VerifyMachineOptions = {
  events: { MESSAGE: fc.record({ text: fc.string({ maxLength: 3 }) }) },
  actors: {
    put: { output: fc.constant(undefined), error: fc.constant(new Error('reset')) },
    socket: { sends: fc.record({ type: fc.constant('MESSAGE'), text: fc.string({ maxLength: 3 }) }) },
    ticker: { values: fc.nat() },
  },
  terminate: ['CLOSE'],
};
