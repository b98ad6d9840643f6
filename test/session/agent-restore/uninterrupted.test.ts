import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnyActorRef,
  assign,
  enqueueActions,
  fromPromise,
  fromTransition,
  raise,
  sendTo,
  setup,
  stopChild,
} from 'xstate';
import { cancel } from 'xstate/actions';
import { treeOf } from '../../../src/session/agent-tree.ts';
import { turns } from '../../support/turns.ts';
import { Stage } from '../agent-stage.ts';

interface Context {
  readonly log: readonly string[];
  readonly workers: readonly AnyActorRef[];
  readonly hired: number;
}

const worker = setup({ types: { input: {} as { boss: AnyActorRef; name: string } } }).createMachine({
  id: 'worker',
  context: ({ input }) => input,
  initial: 'fresh',
  states: {
    fresh: { after: { 35: 'tired' }, on: { PUSH: 'busy' } },
    busy: {
      initial: 'one',
      states: { one: { after: { 20: 'two' } }, two: {}, last: { type: 'history' } },
      on: { PAUSE: 'tired' },
    },
    tired: {
      entry: sendTo(
        ({ context }) => context.boss,
        ({ context }) => ({ type: 'TIRED', name: context.name }),
        {
          delay: 15,
        },
      ),
      on: { PUSH: 'busy.last' },
    },
  },
});

/** Everything at once: regions, both kinds of history, timers of every kind, children of every kind. */
const agent = setup({
  types: { context: {} as Context, events: {} as { type: string; name?: string } },
  actors: {
    worker,
    counter: fromTransition((n: number) => n + 1, 0),
    work: fromPromise(async ({ input }: { input: unknown }) => input),
    endless: fromPromise(() => new Promise<never>(() => {})),
  },
  actions: {
    note: assign({ log: ({ context, event }) => [...context.log, `${event.type} ${event.name ?? ''}`] }),
  },
}).createMachine({
  id: 'agent',
  context: { log: [], workers: [], hired: 0 },
  type: 'parallel',
  states: {
    mode: {
      initial: 'calm',
      states: {
        calm: { after: { 50: 'keen' }, on: { STEP: 'keen', SLEEP: 'asleep' } },
        keen: {
          initial: 'up',
          states: {
            up: {
              initial: 'left',
              states: { left: { on: { STEP: 'right' } }, right: { after: { 30: '#agent.mode.keen.down' } } },
            },
            down: { on: { STEP: 'up' } },
            shallow: { type: 'history' },
            deep: { type: 'history', history: 'deep' },
          },
          on: { SLEEP: 'asleep' },
        },
        asleep: { on: { STEP: 'keen.shallow', WORK: 'keen.deep' } },
      },
    },
    job: {
      initial: 'none',
      states: {
        none: { on: { WORK: 'doing', HANG: 'hanging' } },
        doing: {
          invoke: {
            src: 'work',
            input: ({ context }: { context: Context }) => context.log.length,
            onDone: { target: 'none', actions: 'note' },
          },
        },
        hanging: { invoke: { src: 'endless' }, after: { 90: 'none' }, on: { STEP: 'none' } },
      },
    },
  },
  invoke: { id: 'counter', src: 'counter' },
  on: {
    LATER: { actions: [raise({ type: 'LATE', name: 'raised' }, { delay: 25, id: 'late' }), 'note'] },
    SOON: {
      actions: [
        raise({ type: 'LATE', name: 'unnamed' }, { delay: 10 }),
        sendTo('counter', { type: 'x' }, { delay: 40 }),
      ],
    },
    DROP: { actions: cancel('late') },
    LATE: { actions: 'note' },
    TIRED: { actions: 'note' },
    HIRE: {
      actions: assign(({ context, spawn, self }) => {
        const name = `w${context.hired}`;
        const hired = spawn('worker', { id: name, input: { boss: self, name } });
        return { hired: context.hired + 1, workers: [...context.workers, hired] };
      }),
    },
    FIRE: {
      actions: stopChild(({ context }) => context.workers.at(-1) as AnyActorRef),
      guard: ({ context }) => context.hired > 0,
    },
    '*': {
      actions: enqueueActions(({ context, enqueue, event }) => {
        for (const each of context.workers)
          if (each.getSnapshot().status === 'active') enqueue.sendTo(each, event as never);
      }),
    },
  },
});

/** All that can be seen of the agent, its children and their delayed events. */
function seen(stage: Stage, actor: AnyActorRef): unknown {
  const tree = treeOf(actor);
  return [...tree].map(([each, path]) => {
    const { status, value, context } = each.getSnapshot();
    const shown = path.length === 0 ? [context.log, context.hired, context.workers.length] : typeof context;
    const pending = [...stage.timers.of(each)].sort((a, b) => a.dueAt - b.dueAt || a.order - b.order);
    const delayed = pending.map(({ event, target, dueAt }) => [event, tree.get(target), dueAt]);
    return { path, status, value, shown, delayed };
  });
}

type Step = string | number;

/** What is seen after each step; before the steps in `cuts` the agent is stored, stopped and restored elsewhere. */
async function run(steps: readonly Step[], cuts: ReadonlySet<number>): Promise<unknown[]> {
  let stage = new Stage();
  let actor = stage.start(agent);
  const views: unknown[] = [];
  for (const [index, step] of steps.entries()) {
    if (cuts.has(index)) {
      const stored = stage.persist(actor);
      actor.send({ type: 'xstate.stop' });
      const next = new Stage();
      next.clock.set(stage.clock.now());
      stage = next;
      actor = stage.restore(agent, stored);
    }
    if (typeof step === 'number') stage.clock.increment(step);
    else actor.send({ type: step });
    await turns(2);
    views.push(seen(stage, actor));
    expect([stage.errors, stage.lost]).toEqual([[], []]);
  }
  return views;
}

describe('an agent that is stored and restored between any two steps', () => {
  it('goes on as one that never was', async () => {
    const type = fc.constantFrom(
      'STEP',
      'SLEEP',
      'WORK',
      'HANG',
      'LATER',
      'SOON',
      'DROP',
      'HIRE',
      'FIRE',
      'PUSH',
      'PAUSE',
    );
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 2, arbitrary: type },
      fc.constantFrom(1, 5, 10, 15, 20, 40),
    );
    const steps = fc.array(step, { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(steps, fc.uniqueArray(fc.nat(24), { maxLength: 6 }), async (story, cuts) => {
        expect(await run(story, new Set(cuts))).toEqual(await run(story, new Set()));
      }),
      { numRuns: 150 },
    );
  });

  it('does so in a story that has everything in it', async () => {
    const story: Step[] = [
      ...['HIRE', 'LATER', 'HIRE', 'SOON', 'HANG', 'STEP'],
      ...[
        10,
        'STEP',
        15,
        'PUSH',
        'SLEEP',
        10,
        'PAUSE',
        'WORK',
        'FIRE',
        'PUSH',
        20,
        'SLEEP',
        'STEP',
        'LATER',
        'DROP',
        40,
      ],
    ];
    const every = new Set(story.keys());
    const views = await run(story, every);
    expect(views).toEqual(await run(story, new Set()));
    expect(JSON.stringify(views.at(-1))).toContain('TIRED w0');
  });
});
