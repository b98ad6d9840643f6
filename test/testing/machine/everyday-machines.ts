/** Machines as people write them. None of them has a bug. */
import fc from 'fast-check';
import { assertEvent, assign, createMachine, fromPromise, setup } from 'xstate';
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
