/** Machines as people write them. None of them has a bug. */
import fc from 'fast-check';
import {
  type ActorRefFrom,
  assertEvent,
  assign,
  createMachine,
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

export const trafficLight = createMachine({
  id: 'traffic light',
  initial: 'green',
  states: {
    green: { after: { 30000: 'yellow' }, on: { PEDESTRIAN: 'yellow' } },
    yellow: { after: { 3000: 'red' } },
    red: {
      initial: 'walk',
      states: {
        walk: { after: { 8000: 'wait' } },
        wait: { after: { 4000: 'stop' } },
        stop: { type: 'final' },
      },
      onDone: 'green',
    },
  },
  on: { POWER_OUT: '.yellow' },
});

interface FetchContext {
  readonly url: string;
  readonly attempts: number;
  readonly data: string | null;
  readonly problem: string | null;
}

export const fetchWithRetry = setup({
  types: {
    context: {} as FetchContext,
    events: {} as { type: 'FETCH' } | { type: 'CANCEL' },
    input: {} as { url: string },
    output: {} as { data: string | null },
  },
  actors: {
    load: fromPromise<string, { url: string }>(async ({ input }) => (await fetch(input.url)).text()),
  },
  guards: { mayRetry: ({ context }) => context.attempts < 3 },
  delays: { backoff: ({ context }) => 2 ** context.attempts * 100 },
}).createMachine({
  id: 'fetch',
  context: ({ input }) => ({ url: input.url, attempts: 0, data: null, problem: null }),
  initial: 'idle',
  states: {
    idle: { on: { FETCH: 'loading' } },
    loading: {
      entry: assign({ attempts: ({ context }) => context.attempts + 1 }),
      invoke: {
        src: 'load',
        input: ({ context }) => ({ url: context.url }),
        onDone: { target: 'success', actions: assign({ data: ({ event }) => event.output }) },
        onError: [
          { guard: 'mayRetry', target: 'waiting' },
          { target: 'failed', actions: assign({ problem: ({ event }) => String(event.error) }) },
        ],
      },
      on: { CANCEL: 'cancelled' },
    },
    waiting: { after: { backoff: 'loading' }, on: { CANCEL: 'cancelled' } },
    success: { type: 'final' },
    failed: { on: { FETCH: { target: 'loading', actions: assign({ attempts: 0 }) }, CANCEL: 'cancelled' } },
    cancelled: { type: 'final' },
  },
  output: ({ context }) => ({ data: context.data }),
});

export const fetchOptions: VerifyMachineOptions = {
  input: fc.record({ url: fc.webUrl() }),
  actors: { load: { output: fc.string(), error: fc.constant(new Error('offline')) } },
};

/** Switches itself off. */
export const toggle = setup({
  types: { context: {} as { count: number }, events: {} as { type: 'TOGGLE' } },
}).createMachine({
  id: 'toggle',
  context: { count: 0 },
  initial: 'off',
  states: {
    off: { on: { TOGGLE: { target: 'on', actions: assign({ count: ({ context }) => context.count + 1 }) } } },
    on: { on: { TOGGLE: 'off' }, after: { 2000: 'off' } },
  },
});

interface Form {
  readonly name: string;
  readonly email: string;
  readonly saved: number;
}

/** Two regions at once, and a pause that comes back to where it was. */
export const wizard = setup({
  types: {
    context: {} as Form,
    events: {} as
      | { type: 'NAME'; value: string }
      | { type: 'EMAIL'; value: string }
      | { type: 'NEXT' }
      | { type: 'BACK' }
      | { type: 'PAUSE' }
      | { type: 'RESUME' }
      | { type: 'QUIT' }
      | { type: 'SAVED' },
  },
  guards: {
    hasName: ({ context }) => context.name.trim() !== '',
    hasEmail: ({ context }) => context.email.includes('@'),
  },
  actions: {
    setName: assign(({ event }) => {
      assertEvent(event, 'NAME');
      return { name: event.value };
    }),
    setEmail: assign(({ event }) => {
      assertEvent(event, 'EMAIL');
      return { email: event.value };
    }),
  },
}).createMachine({
  id: 'wizard',
  context: { name: '', email: '', saved: 0 },
  initial: 'filling',
  on: { QUIT: '.closed' },
  states: {
    filling: {
      type: 'parallel',
      on: { PAUSE: 'paused' },
      onDone: 'done',
      states: {
        pages: {
          initial: 'name',
          states: {
            name: { on: { NAME: { actions: 'setName' }, NEXT: { guard: 'hasName', target: 'email' } } },
            email: {
              on: {
                EMAIL: { actions: 'setEmail' },
                NEXT: { guard: 'hasEmail', target: 'review' },
                BACK: 'name',
              },
            },
            review: { on: { NEXT: 'sent', BACK: 'email' } },
            sent: { type: 'final' },
            last: { type: 'history', history: 'deep' },
          },
        },
        draft: {
          initial: 'dirty',
          states: {
            dirty: { after: { 500: 'saving' } },
            saving: {
              on: {
                SAVED: { target: 'clean', actions: assign({ saved: ({ context }) => context.saved + 1 }) },
              },
            },
            clean: { type: 'final' },
          },
        },
        where: { type: 'history', history: 'deep' },
      },
    },
    paused: { on: { RESUME: 'filling.where' } },
    done: { type: 'final' },
    closed: { type: 'final' },
  },
});

export const wizardOptions: VerifyMachineOptions = {
  events: {
    NAME: fc.record({ value: fc.string({ maxLength: 5 }) }),
    EMAIL: fc.record({ value: fc.constantFrom('', 'nobody', 'ada@example.com') }),
  },
  terminate: ['QUIT'],
};

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
