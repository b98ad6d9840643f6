/** For each thing that is verified: a machine with a bug, the same one without it, and the smallest run that shows it. */
import fc from 'fast-check';
import {
  type AnyStateMachine,
  assign,
  createMachine,
  fromObservable,
  fromPromise,
  raise,
  sendTo,
  setup,
  spawnChild,
} from 'xstate';
import { INVARIANTS } from '../../../src/testing/machine/invariants.ts';
import type { VerifyMachineOptions } from '../../../src/testing/machine/options.ts';

export interface Flaw {
  readonly title: string;
  readonly flawed: AnyStateMachine;
  readonly sound: AnyStateMachine;
  readonly options?: VerifyMachineOptions;
  /** Of the sound machine, where they are others. */
  readonly soundOptions?: VerifyMachineOptions;
  readonly invariant: string;
  readonly reason: RegExp;
  readonly steps: readonly string[];
}

const assignContext = <T extends object>(change: (context: T, event: Record<string, never>) => Partial<T>) =>
  // Of no machine in particular: XState types an action by the machine that it is written in.
  assign(({ context, event }) => change(context as T, event as never)) as never;

const list = (read: (items: readonly string[]) => string) =>
  createMachine({
    id: 'list',
    context: { items: ['a'], first: 'a' },
    on: {
      DROP: { actions: assignContext<{ items: string[] }>(({ items }) => ({ items: items.slice(1) })) },
      SHOW: {
        actions: assignContext<{ items: string[]; first: string }>(({ items }) => ({ first: read(items) })),
      },
    },
  });

const loading = (onError: object) =>
  setup({ actors: { load: fromPromise<number>(async () => 1) } }).createMachine({
    id: 'loading',
    initial: 'idle',
    states: {
      idle: { on: { LOAD: 'busy' } },
      busy: { invoke: { src: 'load', id: 'load', onDone: 'idle', ...onError } },
    },
  });

const printer = (jammed: object) =>
  createMachine({
    id: 'printer',
    initial: 'idle',
    states: {
      idle: { on: { PRINT: 'printing', OFF: 'off' } },
      printing: { on: { DONE: 'idle', JAM: 'jammed', OFF: 'off' } },
      jammed,
      off: { type: 'final' },
    },
  });

const clocked = (now: () => unknown, late: (since: never) => boolean) =>
  createMachine({
    id: 'clocked',
    context: { since: null as unknown },
    initial: 'idle',
    states: {
      idle: { on: { GO: { target: 'gone', actions: assignContext(() => ({ since: now() })) } } },
      gone: { on: { BACK: { guard: ({ context }) => late(context.since as never), target: 'idle' } } },
    },
  });

const tick = (update: (context: { count: number; last: unknown }, value: unknown) => object) =>
  setup({
    actors: { ticker: fromObservable(() => ({ subscribe: () => ({ unsubscribe: () => {} }) })) },
  }).createMachine({
    id: 'tick',
    context: { count: 0, last: null },
    invoke: {
      src: 'ticker',
      id: 'ticker',
      onSnapshot: {
        actions: assign(({ context, event }) => update(context as never, event.snapshot.context)),
      },
    },
  });

const counter = createMachine({
  id: 'counter',
  context: { count: 0 },
  on: { MORE: { actions: assignContext<{ count: number }>(({ count }) => ({ count: count + 1 })) } },
});

const parent = (child: AnyStateMachine | 'counter') =>
  setup({ actors: { counter } }).createMachine({
    id: 'parent',
    initial: 'alone',
    states: {
      alone: { on: { BEGIN: 'together' } },
      together: {
        entry: spawnChild(child as never, { id: 'child' } as never),
        on: { MORE: { actions: sendTo('child', { type: 'MORE' }) } },
      },
    },
  });

const versioned = (on: object) =>
  createMachine({
    id: 'versioned',
    initial: 'new',
    states: { new: { on: { GO: 'waiting' } }, waiting: { after: { 1000: 'new' }, on } },
  });

const migrateTo = (value: string): VerifyMachineOptions => ({
  migrate: {
    from: [{ status: 'active', value: 'old', context: {}, children: {}, historyValue: {} }],
    migrate: (snapshot) => ({ ...(snapshot as object), value }),
  },
});

const cycle = (guard: (n: number) => boolean) =>
  createMachine({
    id: 'cycle',
    context: { n: 0 },
    initial: 'rest',
    states: {
      rest: { on: { GO: 'a' } },
      a: { always: { target: 'b', actions: assignContext<{ n: number }>(({ n }) => ({ n: n + 1 })) } },
      b: { always: [{ guard: ({ context }) => guard(context.n), target: 'rest' }, { target: 'a' }] },
    },
  });

const echo = (event: object) =>
  createMachine({ id: 'echo', on: { PING: { actions: raise(event as never) }, PONG: {} } });

const selfish = (delay: number | undefined) =>
  createMachine({
    id: 'selfish',
    on: {
      PING: { actions: sendTo(({ self }) => self, { type: 'PING' }, delay === undefined ? {} : { delay }) },
    },
  });

const blink = (ms: number) =>
  createMachine({
    id: 'blink',
    initial: 'dark',
    states: { dark: { on: { GO: 'on' } }, on: { after: { [ms]: 'off' } }, off: { after: { [ms]: 'on' } } },
  });

const delayed = createMachine({
  id: 'delayed',
  initial: 'idle',
  states: { idle: { on: { GO: 'waiting' } }, waiting: { after: { 500: 'idle' } } },
});

const account = (guard: (amount: number, balance: number) => boolean) =>
  createMachine({
    id: 'account',
    context: { balance: 0 },
    on: {
      PAY_IN: {
        actions: assign({ balance: ({ context, event }) => (context.balance as number) + event.amount }),
      },
      DRAW: {
        guard: ({ context, event }) => guard(event.amount, context.balance as number),
        actions: assign({ balance: ({ context, event }) => (context.balance as number) - event.amount }),
      },
    },
  });

const amount = fc.record({ amount: fc.integer({ min: 1, max: 50 }) });
let calls = 0;

export const flaws: readonly Flaw[] = [
  {
    title: 'an action that throws once a list is empty',
    flawed: list((items) => (items[0] as string).toUpperCase()),
    sound: list((items) => items[0]?.toUpperCase() ?? ''),
    invariant: INVARIANTS.throws,
    reason: /SHOW: TypeError: Cannot read properties of undefined/,
    steps: ['start', 'DROP', 'SHOW'],
  },
  {
    title: 'a promise whose rejection nobody handles',
    flawed: loading({}),
    sound: loading({ onError: 'idle' }),
    options: { actors: { load: { output: fc.nat(), error: fc.constant(new Error('offline')) } } },
    invariant: INVARIANTS.throws,
    reason: /load rejects Error: offline, which nothing handles$/m,
    steps: ['start', 'LOAD', 'load rejects Error: offline'],
  },
  {
    title: 'a state that nothing ends',
    flawed: printer({ on: { KICK: 'printing' } }),
    sound: printer({ on: { KICK: 'printing' }, after: { 60000: 'idle' } }),
    options: { terminate: ['OFF'] },
    invariant: INVARIANTS.ends,
    reason: /from "jammed" no final state can be reached by OFF/,
    steps: ['start', 'PRINT', 'JAM'],
  },
  {
    title: 'a date that comes back as a text',
    flawed: clocked(
      () => new Date(0),
      (since: Date) => since.getTime() < 1,
    ),
    sound: clocked(
      () => new Date(0).toISOString(),
      (since: string) => new Date(since).getTime() < 1,
    ),
    invariant: INVARIANTS.saves,
    reason: /context\.since is "1970-01-01T00:00:00\.000Z"; where it was never saved it is \{"\(Date\)"/,
    steps: ['start', 'GO', 'save and restore'],
  },
  {
    title: 'a value that is counted again when its observable starts anew',
    flawed: tick(({ count }) => ({ count: Math.min(9, count + 1) })),
    sound: tick((_, value) => ({ last: value ?? null })),
    options: { actors: { ticker: { values: fc.nat(9) } } },
    invariant: INVARIANTS.saves,
    reason: /context\.count is 2; where it was never saved it is 1/,
    steps: ['start', 'save and restore'],
  },
  {
    title: 'a child that was spawned by value, which nobody finds again',
    flawed: parent(counter),
    sound: parent('counter'),
    invariant: INVARIANTS.saves,
    reason: /children\.child\.is is "without logic"|An inline child actor cannot be persisted/,
    steps: ['start', 'BEGIN', 'save and restore'],
  },
  {
    title: 'a state of an older version that is no more',
    flawed: versioned({}),
    options: migrateTo('old'),
    sound: versioned({}),
    soundOptions: migrateTo('new'),
    invariant: INVARIANTS.migrates,
    reason: /cannot be restored: Error: .*'old' does not exist/,
    steps: ['start from older snapshot 0'],
  },
  {
    title: 'a state that only a lost delay would have left',
    flawed: versioned({}),
    sound: versioned({ SKIP: 'new' }),
    options: migrateTo('waiting'),
    invariant: INVARIANTS.migrates,
    reason: /lands in "waiting".*delayed transitions do not begin again/,
    steps: ['start from older snapshot 0'],
  },
  {
    title: 'eventless transitions that go round',
    flawed: cycle((n) => n > 1_000_000),
    sound: cycle((n) => n % 3 === 0),
    invariant: INVARIANTS.loops,
    reason: /round and round: (a → b always, b → a always|b → a always, a → b always)/,
    steps: ['start', 'GO'],
  },
  {
    title: 'an event that raises itself',
    flawed: echo({ type: 'PING' }),
    sound: echo({ type: 'PONG' }),
    invariant: INVARIANTS.loops,
    reason: /round and round: echo on PING/,
    steps: ['start', 'PING'],
  },
  {
    title: 'an event that a machine sends to itself at once, for ever',
    flawed: selfish(undefined),
    sound: selfish(1000),
    invariant: INVARIANTS.loops,
    reason: /round and round: selfish on PING/,
    steps: ['start', 'PING'],
  },
  {
    title: 'delays of no length that follow each other',
    flawed: blink(0),
    sound: blink(1),
    invariant: INVARIANTS.loops,
    reason: /round and round: .*after 0 ms/,
    steps: ['start', 'GO', 'clock + 0 ms'],
  },
  {
    title: 'a deadline that a restore of XState alone forgets',
    flawed: delayed,
    sound: counter,
    options: { restore: 'plain' },
    invariant: INVARIANTS.deadlines,
    reason: /nothing is due; where it was never saved xstate\.after\.500\.delayed\.waiting is due at 500 ms/,
    steps: ['start', 'GO', 'save and restore'],
  },
  {
    title: 'an invariant of the user',
    flawed: account((drawn, balance) => drawn <= balance + 10),
    sound: account((drawn, balance) => drawn <= balance),
    options: {
      events: { PAY_IN: amount, DRAW: amount },
      invariants: { 'the balance is never negative': ({ context }) => context.balance >= 0 },
    },
    invariant: 'the balance is never negative',
    reason: /does not hold in \{\} with context \{"balance":-\d+\}/,
    steps: ['start', 'DRAW {"amount":1}'],
  },
  {
    title: 'the time of day in the context',
    flawed: clocked(
      () => Date.now(),
      () => true,
    ),
    sound: clocked(
      () => 17,
      () => true,
    ),
    invariant: INVARIANTS.repeats,
    reason: /after "GO" context\.since was \d+ the first time and \d+ the second.*Date\.now or Math\.random/,
    steps: ['start', 'GO'],
  },
  {
    title: 'a variable outside the machine',
    flawed: clocked(
      () => {
        calls += 1;
        return calls;
      },
      () => true,
    ),
    sound: clocked(
      () => 1,
      () => true,
    ),
    invariant: INVARIANTS.repeats,
    reason: /context\.since was \d+ the first time and \d+ the second/,
    steps: ['start', 'GO'],
  },
];
