import { describe, expect, it } from 'vitest';
import { type AnyActorRef, assign, createMachine, fromCallback, raise, sendTo, setup } from 'xstate';
import { cancel } from 'xstate/actions';
import { childrenOf, contextOf, moved, Stage } from '../agent-stage.ts';

describe('the delayed events of a restored agent', () => {
  const child = setup({}).createMachine({
    id: 'inner',
    initial: 'a',
    states: { a: { after: { 60: 'b' }, on: { LEAVE: 'c' } }, b: {}, c: {} },
  });
  const logic = setup({ actors: { child } }).createMachine({
    id: 'outer',
    context: { heard: [] as string[] },
    type: 'parallel',
    invoke: { id: 'c', src: 'child' },
    entry: [
      raise({ type: 'LATE' }, { delay: 80, id: 'late' }),
      sendTo('c', { type: 'LEAVE' }, { delay: 50, id: 'x' }),
    ],
    states: {
      clockwork: { initial: 'a', states: { a: { after: { 100: 'b' }, on: { LEAVE: 'c' } }, b: {}, c: {} } },
    },
    on: {
      LATE: { actions: assign({ heard: ({ context }) => [...context.heard, 'LATE'] }) },
      DROP: { actions: cancel('late') },
      KEEP: { actions: cancel('x') },
    },
  });
  const wait = (ms: number) => (_agent: AnyActorRef, stage: Stage) => void stage.clock.increment(ms);

  it('come once, with what was left of their delay', () => {
    const { agent, stage } = moved(logic, wait(30));
    expect(stage.lost).toEqual([]);
    stage.clock.increment(19);
    expect(childrenOf(agent).c?.getSnapshot().value).toBe('a');
    stage.clock.increment(1);
    expect(childrenOf(agent).c?.getSnapshot().value).toBe('c');
    stage.clock.increment(30);
    expect(contextOf(agent).heard).toEqual(['LATE']);
    stage.clock.increment(20);
    expect(agent.getSnapshot().value).toEqual({ clockwork: 'b' });
    stage.clock.increment(10_000);
    expect(contextOf(agent).heard).toEqual(['LATE']);
  });

  it('come at once, in their order, when they were due meanwhile', () => {
    const machine = createMachine({
      context: { heard: [] as string[] },
      entry: [
        raise({ type: 'c' }, { delay: 30 }),
        raise({ type: 'a' }, { delay: 10 }),
        raise({ type: 'b' }, { delay: 20 }),
      ],
      on: { '*': { actions: assign({ heard: ({ context, event }) => [...context.heard, event.type] }) } },
    });
    const first = new Stage();
    const stored = first.persist(first.start(machine));
    const stage = new Stage();
    stage.clock.increment(1000);
    const agent = stage.restore(machine, stored);
    expect(contextOf(agent).heard).toEqual([]);
    stage.clock.increment(0);
    expect(contextOf(agent).heard).toEqual(['a', 'b', 'c']);
  });

  it('are taken back when their state is left, when they are cancelled, and when the agent is stopped', () => {
    const { agent, stage } = moved(logic);
    const ids = () => [...stage.timers.of(agent)].map(({ id }) => id);
    expect(ids()).toEqual(['x', 'late', 'xstate.after.100.outer.clockwork.a']);
    agent.send({ type: 'DROP' });
    expect(ids()).toEqual(['x', 'xstate.after.100.outer.clockwork.a']);
    agent.send({ type: 'LEAVE' });
    expect(ids()).toEqual(['x']);
    const inner = childrenOf(agent).c as AnyActorRef;
    expect([...stage.timers.of(inner)]).toHaveLength(1);
    agent.send({ type: 'xstate.stop' });
    expect([ids(), [...stage.timers.of(inner)]]).toEqual([[], []]);
  });

  it('are taken back by what happens while the agent starts', () => {
    const hasty = fromCallback(({ sendBack }) => sendBack({ type: 'LEAVE' }));
    const machine = setup({ actors: { hasty } }).createMachine({
      initial: 'a',
      invoke: { src: 'hasty' },
      states: {
        a: { after: { 100: 'b' }, on: { LEAVE: { guard: () => restored, target: 'c' } } },
        b: {},
        c: {},
      },
    });
    let restored = false;
    const first = new Stage();
    const stored = first.persist(first.start(machine));
    restored = true;
    const stage = new Stage();
    const agent = stage.restore(machine, stored);
    expect(agent.getSnapshot().value).toBe('c');
    expect([...stage.timers.of(agent)]).toEqual([]);
  });

  it('survive being stored again and again, with the same deadlines', () => {
    const first = new Stage();
    const stored = first.persist(first.start(logic));
    const second = new Stage();
    second.clock.increment(20);
    const again = second.persist(second.restore(logic, stored));
    expect(again).toEqual(stored);
  });

  it('that no state waits for any more are named: the machine was changed', () => {
    const state = (delay: number) =>
      createMachine({ id: 'm', initial: 'a', states: { a: { after: { [delay]: 'b' } }, b: {} } });
    const first = new Stage();
    const stored = first.persist(first.start(state(100)));
    const stage = new Stage();
    const agent = stage.restore(state(200), stored);
    expect(stage.lost).toEqual([
      'the delayed event "xstate.after.100.m.a" of the agent: it is in no state that waits for it',
    ]);
    expect([...stage.timers.of(agent)]).toEqual([]);
  });

  it('that carry an actor which has gone are named, the others come', () => {
    const machine = setup({ actors: { child } }).createMachine({
      context: ({ spawn }) => ({ child: spawn('child', { id: 'c' }) }),
      entry: [
        raise(({ context }) => ({ type: 'CARRIES', child: context.child }), { delay: 10 }),
        raise({ type: 'LATE' }, { delay: 10 }),
      ],
    });
    const first = new Stage();
    const stored = first.persist(first.start(machine));
    const whole = new Stage();
    const agent = whole.restore(machine, stored);
    const [carried] = [...whole.timers.of(agent)].map(({ event }) => (event as { child?: unknown }).child);
    expect(carried).toBe(childrenOf(agent).c);
    const stage = new Stage();
    const without = { ...stored.snapshot, context: {}, children: {} };
    const bereft = stage.restore(machine, { ...stored, snapshot: without });
    expect([...stage.timers.of(bereft)].map(({ event }) => event.type)).toEqual(['LATE']);
    expect(stage.lost).toHaveLength(2);
    expect(stage.lost[0]).toMatch(/^the delayed event "CARRIES" of the agent: .*"c"/);
  });

  it('that could not be stored are named, and so are those whose actor has gone', () => {
    const stage = new Stage();
    const first = new Stage();
    const stored = first.persist(first.start(logic));
    const { children: _gone, ...rest } = stored.snapshot;
    const changed = {
      ...stored,
      snapshot: { ...rest, children: {} },
      lostTimers: ['one that was lost before'],
    };
    const agent = stage.restore(logic, changed);
    expect(stage.lost).toEqual([
      'one that was lost before',
      'the delayed event "LEAVE" of the agent: there is no such actor any more',
      'the delayed event "xstate.after.60.inner.a" of its child "c": there is no such actor any more',
    ]);
    expect([...stage.timers.of(agent)].map(({ id }) => id)).toEqual([
      'late',
      'xstate.after.100.outer.clockwork.a',
    ]);
  });
});
