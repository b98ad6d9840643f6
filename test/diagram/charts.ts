/** Machines to draw: one with every notation there is, and any number of random ones. */
import fc from 'fast-check';
import { type AnyStateMachine, and, assign, createMachine, fromPromise, not, setup } from 'xstate';

/** 23 states: nested, parallel, with history, deadlines, actors, and transitions in every way there is. */
export const checkout: AnyStateMachine = setup({
  actors: { checkAddress: fromPromise(async () => {}), payments: fromPromise(async () => {}) },
  actions: {
    track() {},
    clear() {},
    log() {},
    warn() {},
    showError() {},
    expire() {},
    retry() {},
    count() {},
  },
  guards: { hasItems: () => true, isValid: () => true, canRetry: () => true, isCaptured: () => true },
  delays: { patience: 30_000 },
}).createMachine({
  id: 'checkout',
  initial: 'browsing',
  entry: 'track',
  on: { RESET: { target: '.browsing', actions: 'clear' }, 'log.*': { actions: 'log' } },
  states: {
    browsing: {
      description: 'Looking round',
      tags: ['public'],
      on: {
        ADD: { actions: assign({}) },
        CHECKOUT: [{ target: 'shopping', guard: 'hasItems' }, { actions: 'warn' }],
        IGNORED: undefined,
      },
    },
    shopping: {
      type: 'parallel',
      onDone: 'paying',
      on: { CANCEL: 'browsing' },
      states: {
        address: {
          initial: 'editing',
          states: {
            editing: { on: { SAVE: 'checking' } },
            checking: {
              invoke: {
                src: 'checkAddress',
                onDone: 'valid',
                onError: { target: 'editing', actions: 'showError' },
              },
            },
            valid: { type: 'final' },
          },
        },
        delivery: {
          initial: 'choosing',
          states: { choosing: { on: { PICK: 'chosen' } }, chosen: { type: 'final' } },
        },
        coupons: {
          initial: 'none',
          states: {
            none: { on: { APPLY: { target: 'applied', guard: and(['isValid', not('hasItems')]) } } },
            applied: { after: { 60000: { target: 'none', actions: 'expire' } }, on: { PAID: 'used' } },
            used: { type: 'final' },
          },
        },
      },
    },
    paying: {
      initial: 'idle',
      entry: 'log',
      exit: ['clear', 'track'],
      invoke: { id: 'bank', src: 'payments', onError: 'failed' },
      onDone: 'complete',
      on: { PAUSE: 'paused' },
      states: {
        idle: { on: { PAY: 'authorising' } },
        authorising: {
          after: {
            5000: { target: 'idle', guard: 'canRetry', actions: 'retry' },
            patience: '#checkout.failed',
          },
          on: { OK: 'capturing', NO: 'idle' },
        },
        capturing: { always: { target: 'done', guard: 'isCaptured' } },
        done: { type: 'final' },
        before: { type: 'history', history: 'deep', target: 'idle' },
        last: { type: 'history' },
      },
    },
    paused: {
      on: {
        RESUME: 'paying.before',
        BACK: 'paying.last',
        JUMP: { target: ['shopping.address.checking', 'shopping.delivery.chosen'] },
      },
    },
    failed: {
      on: {
        RETRY: { target: 'paying', reenter: true },
        TICK: { target: 'failed', reenter: true, actions: 'count' },
      },
    },
    complete: { type: 'final', entry: 'log' },
  },
});

interface Sketch {
  readonly kind: 'compound' | 'parallel' | 'final' | 'history' | 'atomic';
  readonly inside: readonly Sketch[];
}

const sketches: fc.Arbitrary<Sketch> = fc.letrec<{ state: Sketch }>((tie) => ({
  state: fc.oneof(
    { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constantFrom('atomic', 'atomic', 'atomic', 'final', 'history'),
      inside: fc.constant([]),
    }),
    fc.record({
      kind: fc.constantFrom('compound', 'compound', 'parallel'),
      inside: fc.array(tie('state'), { minLength: 1, maxLength: 4 }),
    }),
  ),
})).state;

interface Line {
  readonly from: number;
  readonly to: readonly number[];
  readonly event: string;
  readonly guard: boolean;
  readonly actions: number;
}

const lines: fc.Arbitrary<Line[]> = fc.array(
  fc.record({
    from: fc.nat(),
    to: fc.array(fc.nat(), { minLength: 0, maxLength: 1 }),
    event: fc.constantFrom('', 'GO', 'a.longer.event.name', 'xstate.after.1500.x', 'STOP'),
    guard: fc.boolean(),
    actions: fc.nat(4),
  }),
  { maxLength: 24 },
);

/** Random machines, with transitions between any two states. */
export const randomMachines: fc.Arbitrary<AnyStateMachine> = fc
  .record({ top: fc.array(sketches, { minLength: 1, maxLength: 6 }), lines })
  .map(({ top, lines: drawn }) => machineOf(top, drawn));

type Config = Record<string, unknown>;

function machineOf(top: readonly Sketch[], drawn: readonly Line[]): AnyStateMachine {
  const all: Config[] = [];
  const histories: Config[] = [];
  const names = ['idle', 'waiting for the answer', 'on', 'retrying', 'x', 'done.'];
  const build = ({ kind, inside }: Sketch, index: number): [string, Config] => {
    const number = all.length;
    const config: Config = { id: `n${number}`, on: {}, always: [] };
    all.push(config);
    if (number % 3 === 0) config.entry = ['remember', 'tellEverybodyAboutIt'];
    if (number % 5 === 0) config.invoke = { src: 'worker' };
    if (kind === 'final' || kind === 'history') config.type = kind;
    if (kind === 'history') histories.push(config);
    if (inside.length > 0) fill(config, inside, kind === 'parallel');
    return [`${names[index % names.length]} ${number}`, config];
  };
  const fill = (config: Config, inside: readonly Sketch[], isParallel: boolean) => {
    const entries = inside.map(build);
    config.states = Object.fromEntries(entries);
    if (isParallel) config.type = 'parallel';
    else config.initial = (entries.find(([, each]) => each.type !== 'history') ?? entries[0])?.[0];
  };
  const root: Config = { id: 'random', on: {}, always: [] };
  fill(root, top, false);
  // XState lets history lead anywhere that is no history.
  const possible = all.filter(({ type }) => type !== 'history');
  histories.forEach((history, index) => {
    const target = possible[(index * 5 + 1) % possible.length];
    if (target && index % 2 === 0) history.target = `#${target.id}`;
  });
  const sources = [root, ...all].filter(({ type }) => type !== 'history');
  for (const { from, to, event, guard, actions } of drawn) {
    const source = sources[from % sources.length];
    const transition = {
      target: to.map((each) => `#n${each % all.length}`),
      ...(guard && { guard: 'isAllowed' }),
      actions: Array.from({ length: actions }, (_, index) => `action${index}`),
    };
    if (!source) continue;
    if (event === '') (source.always as unknown[]).push(transition);
    else {
      const on = source.on as Record<string, unknown[]>;
      on[event] = [...(on[event] ?? []), transition];
    }
  }
  return createMachine(root as never) as unknown as AnyStateMachine;
}
