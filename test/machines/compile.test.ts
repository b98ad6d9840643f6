import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnyActorLogic,
  type AnyActorRef,
  type AnyStateMachine,
  assign,
  createActor,
  fromCallback,
  fromTransition,
  setup,
} from 'xstate';
import { absentActor, compile } from '../../machines/compile.ts';
import { sessionMachine } from '../../machines/session.ts';

const EVENTS = [
  'session.active',
  'session.idle',
  'session.terminating',
  'session.terminated',
  'deadline.initialize',
  'deadline.inactivity',
  'deadline.cleanup',
  'deadline.restart',
  'agent.done',
  'agent.fail',
  'something.else',
] as const;

/** The session chart whose effects write down what happens, and an agent that ends when it is told to. */
function observed(quiet: () => boolean) {
  const log: string[] = [];
  let agent: { done(): void; fail(): void } | undefined;
  const write = (name: string) => () => log.push(name);
  const logic = fromCallback(({ receive }) => {
    log.push('agent starts');
    receive((event) => log.push(`agent got ${event.type}`));
    return () => log.push('agent stops');
  });
  const names = [
    'initialize',
    'failInitialize',
    'settleDown',
    'stayAwake',
    'completeAgent',
    'crash',
    'cleanUp',
    'forceEnd',
    'restart',
  ] as const;
  const machine = sessionMachine.provide({
    actions: Object.fromEntries(names.map((name) => [name, write(name)])),
    guards: { quiet },
    actors: { agent: logic },
  });
  return { log, machine, agent };
}

interface View {
  status: string;
  value: unknown;
  children: string[];
  log: readonly string[];
}

function run(logic: AnyActorLogic, log: readonly string[], events: readonly string[]): View[] {
  const actor = createActor(logic, { input: { id: 'a' } });
  actor.subscribe({ error: () => {} });
  const views: View[] = [];
  const look = () => {
    const { status, value, children } = actor.getSnapshot() as never as {
      status: string;
      value: unknown;
      children: Record<string, AnyActorRef>;
    };
    const live = Object.entries(children).filter(([, child]) => child.getSnapshot().status === 'active');
    views.push({ status, value, children: live.map(([id]) => id), log: [...log] });
  };
  actor.start();
  look();
  for (const type of events) {
    const { children } = actor.getSnapshot() as never as { children: Record<string, AnyActorRef> };
    if (type === 'agent.done') actor.send({ type: 'xstate.done.actor.agent', actorId: 'agent' } as never);
    else if (type === 'agent.fail') {
      if (children.agent)
        actor.send({ type: 'xstate.error.actor.agent', actorId: 'agent', error: 1 } as never);
    } else actor.send({ type } as never);
    look();
  }
  actor.stop();
  views.push({ status: 'after stop', value: undefined, children: [], log: [...log] });
  return views;
}

describe('a compiled chart', () => {
  it('takes the same states and runs the same effects in the same order as its machine', () => {
    const scripts = fc.array(fc.constantFrom(...EVENTS.filter((type) => !type.startsWith('agent.'))), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(scripts, fc.boolean(), (events, quiet) => {
        const interpreted = observed(() => quiet);
        const compiled = observed(() => quiet);
        expect(run(compile(compiled.machine), compiled.log, events)).toEqual(
          run(interpreted.machine, interpreted.log, events),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('hears of the end and the failure of the agent it invoked', () => {
    for (const [event, effect] of [
      ['agent.done', 'completeAgent'],
      ['agent.fail', 'crash'],
    ] as const) {
      const { machine, log } = observed(() => true);
      const views = run(compile(machine), log, ['session.active', event]);
      expect(views.at(-2)?.log).toContain(effect);
      expect(views.at(-2)?.children).toEqual([]);
    }
  });

  it('makes no actor for an invoke that nobody provided', () => {
    const actor = createActor(compile(sessionMachine), { input: { id: 'a' } }).start();
    actor.send({ type: 'session.active' } as never);
    expect(actor.getSnapshot()).toMatchObject({ value: { running: 'active' }, children: {} });
    expect(sessionMachine.implementations.actors.agent).toBe(absentActor);
  });

  it('restores a state: its agent starts, its entry effects do not run again', () => {
    const { machine, log } = observed(() => true);
    const snapshot = { status: 'active', value: { running: 'idle' }, context: { id: 'a' } };
    const actor = createActor(compile(machine), { snapshot: snapshot as never, input: { id: 'a' } }).start();
    expect(actor.getSnapshot()).toMatchObject({ value: { running: 'idle' }, context: { id: 'a' } });
    expect(log).toEqual(['agent starts']);
    actor.send({ type: 'session.terminating' } as never);
    expect(log).toEqual(['agent starts', 'cleanUp', 'agent stops']);
    expect(actor.getPersistedSnapshot()).toMatchObject({ status: 'active', value: 'terminating' });
  });

  it('restores the actors that it invokes from their own snapshots, and none that had gone', () => {
    const counter = fromTransition((n: number) => n + 1, 0);
    const logic = compile(sessionMachine.provide({ actors: { agent: counter } }));
    const state = { status: 'active', value: { running: 'idle' }, context: { id: 'a' } };
    const restore = (children?: object) =>
      createActor(logic, { snapshot: { ...state, ...(children && { children }) } as never })
        .start()
        .getSnapshot() as never as { children: Record<string, AnyActorRef> };
    const snapshot = { status: 'active', context: 7 };
    expect(restore({ agent: { snapshot } }).children.agent?.getSnapshot()).toMatchObject({ context: 7 });
    expect(restore({ agent: {} }).children.agent?.getSnapshot()).toMatchObject({ context: 0 });
    expect(restore().children.agent?.getSnapshot()).toMatchObject({ context: 0 });
    expect(restore({}).children).toEqual({});
  });

  it('is in error when it is restored to a state that the chart has not', () => {
    const snapshot = { status: 'active', value: 'elsewhere', context: { id: 'a' } };
    const actor = createActor(compile(sessionMachine), { snapshot: snapshot as never, input: { id: 'a' } });
    expect(actor.getSnapshot()).toMatchObject({ status: 'error' });
  });

  it('is seen by an inspector as the machine it was compiled from', () => {
    const logic = compile(sessionMachine);
    expect(logic.config).toBe(sessionMachine.config);
    const actor = createActor(logic, { input: { id: 'a' } }).start();
    const snapshot = actor.getSnapshot() as never as { matches(value: string): boolean };
    expect(snapshot.matches('initializing')).toBe(true);
    actor.send({ type: 'session.active' } as never);
    expect((actor.getSnapshot() as never as typeof snapshot).matches('running')).toBe(true);
    expect((actor.getSnapshot() as never as typeof snapshot).matches('initializing')).toBe(false);
  });

  it('does what a machine does with guards in line, reentry, targets deep in another branch and exit effects', () => {
    const build = (log: string[]) => {
      const write = (name: string) => () => log.push(name);
      return setup({ types: { events: {} as { type: string } } }).createMachine({
        initial: 'a',
        entry: write('enter root'),
        on: { deep: '.b.b2', root: { actions: write('root') } },
        states: {
          a: { exit: write('leave a'), on: { go: 'b', self: { target: 'a', reenter: true }, stay: 'a' } },
          b: {
            initial: 'b1',
            entry: write('enter b'),
            exit: write('leave b'),
            on: {
              inner: '.b1',
              outer: { target: '.b1', reenter: true },
              back: [
                { guard: () => false, target: 'c' },
                { target: 'a', actions: write('back') },
              ],
            },
            states: {
              b1: { entry: write('enter b1'), exit: write('leave b1'), on: { next: 'b2' } },
              b2: { entry: write('enter b2'), exit: write('leave b2'), on: { end: '#done' } },
            },
          },
          c: {},
          done: { id: 'done', type: 'final', entry: write('enter done') },
        },
      });
    };
    const names = ['go', 'self', 'stay', 'deep', 'root', 'inner', 'outer', 'back', 'next', 'end'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names), { maxLength: 10 }), (events) => {
        const one: string[] = [];
        const other: string[] = [];
        expect(run(compile(build(one)), one, events)).toEqual(run(build(other), other, events));
      }),
      { numRuns: 500 },
    );
  });

  describe('refuses with the name of what it cannot do', () => {
    const cases: ReadonlyArray<readonly [string, AnyStateMachine, RegExp]> = [
      ['a parallel state', setup({}).createMachine({ type: 'parallel', states: { a: {} } }), /parallel/],
      ['always', setup({}).createMachine({ initial: 'a', states: { a: { always: 'b' }, b: {} } }), /always/],
      [
        'after',
        setup({}).createMachine({ initial: 'a', states: { a: { after: { 1: 'b' } }, b: {} } }),
        /after/,
      ],
      [
        'a history state',
        setup({}).createMachine({ initial: 'a', states: { a: {}, h: { type: 'history' } } }),
        /history/,
      ],
      [
        'a wildcard',
        setup({}).createMachine({ on: { '*': {} }, initial: 'a', states: { a: {} } }),
        /wildcard/,
      ],
      ['assign', setup({}).createMachine({ entry: assign({}), initial: 'a', states: { a: {} } }), /action/],
      [
        'an action that was not provided',
        setup({ actions: { known: () => {} } })
          .createMachine({ entry: 'known', initial: 'a', states: { a: {} } })
          .provide({ actions: { known: undefined as never } }),
        /action "known"/,
      ],
    ];
    it.each(cases)('%s', (_what, machine, message) => {
      expect(() => compile(machine)).toThrow(message);
    });
  });
});
