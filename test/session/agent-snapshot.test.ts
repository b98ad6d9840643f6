import { describe, expect, it } from 'vitest';
import {
  type AnyActorLogic,
  type AnyActorRef,
  createMachine,
  emit,
  fromCallback,
  fromPromise,
  fromTransition,
  raise,
  sendTo,
  setup,
  spawnChild,
} from 'xstate';
import type { AgentInput } from '../../src/options.ts';
import { hasCompleted } from '../../src/session/agent-snapshot.ts';
import { agentWakeTime } from '../../src/session/wake-time.ts';
import { thawed } from '../support/frozen.ts';
import { turns } from '../support/turns.ts';
import { agentInput, Stage } from './agent-stage.ts';

const resting = createMachine({ initial: 'a', states: { a: { after: { 40: 'b' } }, b: {} } });
const holding = (context: object) => createMachine({ context: () => ({ ...context }) });
const named = setup({ actors: { resting } });

describe('an agent as JSON', () => {
  it('is what XState persists of it, frozen, and nothing that it does later changes it', () => {
    const stage = new Stage();
    const list: number[] = [];
    const agent = stage.start(
      named.createMachine({
        context: { list },
        invoke: { src: 'resting', id: 'c' },
        on: { PUSH: { actions: ({ context }) => context.list.push(1) } },
      }),
    );
    const stored = stage.persist(agent);
    agent.send({ type: 'PUSH' });
    expect(list).toEqual([1]);
    expect(thawed(stored)).toBeUndefined();
    expect(stored.snapshot).toEqual({
      status: 'active',
      value: {},
      context: { list: [] },
      historyValue: {},
      children: {
        c: {
          src: 'resting',
          syncSnapshot: false,
          snapshot: { status: 'active', value: 'a', context: {}, historyValue: {}, children: {} },
        },
      },
    });
    expect(JSON.parse(JSON.stringify(stored))).toEqual(stored);
  });

  it('holds the handles that it was given as marks, wherever they are', () => {
    const stage = new Stage();
    const input = agentInput();
    const child = createMachine({ context: ({ input }) => ({ lent: input }) });
    type Context = { session: AgentInput['session'] };
    const machine = setup({
      actors: { child, work: fromPromise(() => new Promise(() => {})) },
    }).createMachine({
      context: ({ input }) => ({ session: (input as unknown as AgentInput).session }),
      invoke: [
        { src: 'child', input: ({ context }: { context: Context }) => context.session.context },
        { src: 'work', input: () => ({ signal: input.signal }) },
      ],
    });
    const text = JSON.stringify(stage.persist(stage.start(machine, input), input));
    for (const handle of ['session', 'context', 'signal'])
      expect(text).toContain(`{"$chartroom":"${handle}"}`);
  });

  it('may be of any logic', () => {
    const stage = new Stage();
    const count = stage.start(fromTransition((n: number) => n + 1, 3));
    count.send({ type: 'x' });
    expect(stage.persist(count).snapshot).toEqual({ status: 'active', context: 4 });
    const input = agentInput();
    const promise = stage.start(
      fromPromise(() => new Promise(() => {})),
      input,
    );
    expect(stage.persist(promise, input).snapshot).toEqual({
      status: 'active',
      input: { $chartroom: 'input' },
    });
  });

  it('that has completed says so', async () => {
    const stage = new Stage();
    const agent = stage.start(fromPromise(async () => ({ answer: 42 })));
    expect(hasCompleted(stage.persist(agent))).toBe(false);
    await turns();
    const stored = stage.persist(agent);
    expect(stored.snapshot).toEqual({ status: 'done', output: { answer: 42 } });
    expect(hasCompleted(stored)).toBe(true);
  });

  it('is written although its child failed with what is no JSON', async () => {
    const stage = new Stage();
    const machine = setup({ actors: { fails: fromPromise(() => Promise.reject(new Map())) } }).createMachine({
      invoke: { src: 'fails', id: 'c', onError: { actions: () => {} } },
    });
    const agent = stage.start(machine);
    await turns();
    expect(JSON.stringify(stage.persist(agent).snapshot)).toContain('an instance of Map was thrown');
  });
});

describe('an agent that cannot be stored', () => {
  const looped: { again?: unknown } = {};
  looped.again = [looped];
  const wide = setup({ actors: { inner: holding({ when: new Date(0) }) } });

  it.each<[string, AnyActorLogic, string]>([
    ['a function in its context', holding({ a: { f() {} } }), 'agent.context.a.f must be'],
    ['a map', holding({ m: new Map() }), 'agent.context.m must be JSON'],
    ['a cycle', holding({ looped }), 'agent.context.looped.again[0] must be JSON without cycles'],
    [
      'a date in a child',
      wide.createMachine({ invoke: { src: 'inner', id: 'in' } }),
      'agent.children["in"].context.when must be',
    ],
    [
      'a child spawned from logic without a name',
      createMachine({ entry: spawnChild(resting, { id: 'c' }) }),
      'agent.children["c"] must be invoked, or spawned by a name from setup({ actors })',
    ],
    [
      'a child that XState found no logic for',
      createMachine({ on: { GO: { actions: spawnChild('missing', { id: 'c' }) } } }),
      'agent.children["c"] must be an actor; received undefined',
    ],
    [
      'a child with an id that XState loses',
      named.createMachine({ entry: spawnChild('resting', { id: '__proto__' }) }),
      'agent.children["__proto__"] must be named otherwise',
    ],
    [
      'a snapshot that is no object',
      { ...fromTransition(() => 1, 0), getPersistedSnapshot: () => null as never },
      'agent must be stored as an object; received null',
    ],
    [
      'logic that throws when it is persisted',
      {
        ...fromTransition(() => 1, 0),
        getPersistedSnapshot: () => {
          throw new Error('not today');
        },
      },
      'not today',
    ],
  ])('says why: %s', (_what, logic, reason) => {
    const stage = new Stage();
    const agent = stage.start(logic);
    agent.send({ type: 'GO' });
    expect(stage.refusal(agent)).toContain(reason);
  });

  it('is one that was stopped, or has failed', () => {
    const stage = new Stage();
    const stopped = stage.start(resting);
    stopped.send({ type: 'xstate.stop' });
    expect(stage.refusal(stopped)).toContain(
      'running or completed to be stored; received the string "stopped"',
    );
    const failed = stage.start(
      createMachine({
        entry: () => {
          throw new Error('boom');
        },
      }),
    );
    expect(stage.refusal(failed)).toContain('received the string "error"');
  });

  it('is one that holds a running actor of somebody else', () => {
    const stage = new Stage();
    const stranger = stage.start(resting);
    expect(stage.refusal(stage.start(holding({ stranger })))).toContain(
      'agent.context must be without running actors',
    );
  });
});

describe('the delayed events of an agent', () => {
  const ear = fromTransition((n: number) => n, 0);
  const lively = setup({ actors: { resting, ear } }).createMachine({
    invoke: [
      { src: 'resting', id: 'c' },
      { src: 'ear', id: 'ear' },
    ],
    entry: [
      raise({ type: 'LAST', n: [1] } as never, { delay: 90, id: 'last' }),
      sendTo('ear', { type: 'HEAR' }, { delay: 20, id: 'hear' }),
    ],
  });

  it('are stored with their actors and deadlines, in the order in which they are due', () => {
    const stage = new Stage();
    stage.clock.increment(1000);
    stage.start(lively);
    const stored = stage.persist(stage.start(lively));
    expect(stored.timers).toEqual([
      { source: [], target: ['ear'], event: { type: 'HEAR' }, id: 'hear', dueAt: 1020 },
      {
        source: ['c'],
        event: { type: 'xstate.after.40.(machine).a' },
        id: 'xstate.after.40.(machine).a',
        dueAt: 1040,
      },
      { source: [], event: { type: 'LAST', n: [1] }, id: 'last', dueAt: 1090 },
    ]);
    expect(stored.lostTimers).toEqual([]);
    expect(agentWakeTime(stored)).toBe(1020);
  });

  it('that are due together are stored in the order of their sending', () => {
    const stage = new Stage();
    const machine = setup({ actors: { resting } }).createMachine({
      invoke: { src: 'resting', id: 'c' },
      on: { GO: { actions: raise({ type: 'LATER' }, { delay: 30 }) } },
    });
    const agent = stage.start(machine);
    stage.clock.increment(10);
    agent.send({ type: 'GO' });
    expect(stage.persist(agent).timers.map(({ source, dueAt }) => [source, dueAt])).toEqual([
      [['c'], 40],
      [[], 40],
    ]);
  });

  it('that fired or were taken back are not', () => {
    const stage = new Stage();
    const agent = stage.start(lively);
    stage.clock.increment(50);
    expect(stage.persist(agent).timers.map(({ id }) => id)).toEqual(['last']);
  });

  it.each([
    [
      'goes to a stranger',
      ({ stranger }: { stranger: AnyActorRef }) => sendTo(stranger, { type: 'X' }, { delay: 5 }),
    ],
    ['is no JSON', () => raise({ type: 'X', f() {} } as never, { delay: 5 })],
  ])('that cannot be stored is named: one that %s', (_what, entry) => {
    const stage = new Stage();
    const stranger = stage.start(ear);
    const stored = stage.persist(stage.start(createMachine({ entry: entry({ stranger }) })));
    expect(stored.timers).toEqual([]);
    expect(stored.lostTimers).toEqual([expect.stringMatching(/^the delayed event "X" of the agent: /)]);
  });

  it('that would reach nobody are left out', () => {
    const stage = new Stage();
    const gone = stage.start(ear);
    gone.send({ type: 'xstate.stop' });
    const machine = createMachine({
      entry: [
        sendTo(gone, { type: 'X' }, { delay: 5 }),
        raise({ type: 'Y' }, { delay: Number.POSITIVE_INFINITY }),
      ],
    });
    const agent = stage.start(machine);
    expect([...stage.timers.of(agent)]).toHaveLength(2);
    expect(stage.persist(agent)).toMatchObject({ timers: [], lostTimers: [] });
  });
});

describe('when an agent must be there again', () => {
  it.each<[string, AnyActorLogic, number | null]>([
    [
      'at once when it is at work',
      setup({ actors: { w: fromCallback(() => {}) } }).createMachine({ invoke: { src: 'w' } }),
      0,
    ],
    ['when the first of its delayed events is due', resting, 40],
    [
      'never, when it only waits to be spoken to',
      createMachine({ on: { X: { actions: emit({ type: 'y' }) } } }),
      null,
    ],
  ])('is %s', (_what, logic, expected) => {
    const stage = new Stage();
    const stored = stage.persist(stage.start(logic));
    expect(agentWakeTime(stored)).toBe(expected);
    expect(stored.atWork).toBe(expected === 0);
  });
});
