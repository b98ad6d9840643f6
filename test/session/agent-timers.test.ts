import { describe, expect, it } from 'vitest';
import { type AnyActorRef, createActor, createMachine, fromTransition, raise, sendTo, setup } from 'xstate';
import { cancel } from 'xstate/actions';
import { Timekeeper } from '../../src/clock.ts';
import { Guard } from '../../src/guard.ts';
import { AgentTimers } from '../../src/session/agent-timers.ts';
import { testClock } from '../support/clock.ts';
import { held } from '../support/heap.ts';
import { Stage } from './agent-stage.ts';

const blinking = createMachine({
  id: 'light',
  initial: 'on',
  states: {
    on: { after: { 100: 'off' }, on: { REST: 'resting' } },
    off: { after: { 100: 'on' } },
    resting: {},
  },
});

const listed = (stage: Stage, actor: AnyActorRef) =>
  [...stage.timers.of(actor)].map(({ event, dueAt }) => `${event.type} @${dueAt}`);

/** An actor that keeps the types of the events that reach it. */
const heard = fromTransition(
  (types: string[], { type }: { type: string }) => [...types, type],
  [] as string[],
);

function stageWithListener() {
  const stage = new Stage();
  const listener = stage.start(heard);
  const types = () => (listener.getSnapshot() as { context: string[] }).context;
  const schedule = (type: string, delay: number, id?: string) =>
    stage.timers.schedule(listener, listener, { type }, delay, id);
  return { stage, listener, types, schedule };
}

describe('the delayed events of an actor', () => {
  it('are told with their deadlines on the clock, whatever the time of day', () => {
    const stage = new Stage();
    stage.clock.increment(1000);
    const light = stage.start(blinking);
    expect(listed(stage, light)).toEqual(['xstate.after.100.light.on @1100']);
    stage.clock.increment(100);
    expect(light.getSnapshot().value).toBe('off');
    expect(listed(stage, light)).toEqual(['xstate.after.100.light.off @1200']);
  });

  it('are its own: those of others are not among them', () => {
    const stage = new Stage();
    const [first, second] = [stage.start(blinking), stage.start(blinking)];
    second.send({ type: 'REST' });
    expect([listed(stage, first).length, listed(stage, second).length]).toEqual([1, 0]);
  });

  it('are gone once their state is left, cancelled by name, or the actor is stopped', () => {
    const stage = new Stage();
    const machine = setup({}).createMachine({
      entry: raise({ type: 'LATE' }, { id: 'late', delay: 50 }),
      initial: 'a',
      states: { a: { after: { 70: 'b' }, on: { LEAVE: 'b' } }, b: {} },
      on: { DROP: { actions: cancel('late') } },
    });
    const actor = stage.start(machine);
    expect(listed(stage, actor)).toHaveLength(2);
    actor.send({ type: 'LEAVE' });
    expect(listed(stage, actor)).toEqual(['LATE @50']);
    actor.send({ type: 'DROP' });
    expect(listed(stage, actor)).toEqual([]);
    const other = stage.start(machine);
    expect(listed(stage, other)).toHaveLength(2);
    other.send({ type: 'xstate.stop' });
    expect(listed(stage, other)).toEqual([]);
  });

  it('are no timers of the clock any more once they are taken back', () => {
    const clock = testClock();
    const root = createActor(heard);
    const timers = AgentTimers.install(root.system, new Timekeeper(clock, new Guard(undefined)));
    root.start();
    timers.schedule(root, root, { type: 'a' }, 10, 'x');
    timers.schedule(root, root, { type: 'b' }, 10, 'x');
    timers.schedule(root, root, { type: 'c' }, 10);
    expect(clock.pending).toBe(3);
    timers.cancel(root, 'x');
    expect(clock.pending).toBe(1);
    timers.cancelAll(root);
    expect(clock.pending).toBe(0);
  });
});

describe('what is noted of an actor', () => {
  it('tells in which order it has sent, whatever comes first', () => {
    const { stage, listener, schedule } = stageWithListener();
    for (const [type, delay] of [
      ['late', 30],
      ['soon', 10],
      ['next', 20],
    ] as const)
      schedule(type, delay);
    const sent = [...stage.timers.of(listener)].sort((a, b) => a.order - b.order);
    expect(sent.map(({ event }) => event.type)).toEqual(['late', 'soon', 'next']);
  });

  it('is let go of with the last of its events: it has come, or was taken back', async () => {
    const { stage, listener } = stageWithListener();
    const senders = ['come', 'taken back'].map((how) => {
      const sender = createActor(heard);
      stage.timers.schedule(sender, listener, { type: how }, 10, 'x');
      if (how === 'taken back') stage.timers.cancel(sender, 'x');
      return new WeakRef(sender);
    });
    stage.clock.increment(10);
    stage.inspected.length = 0;
    expect(await held(senders)).toBe(0);
  });
});

it('are found through their system, where they were installed', () => {
  const { timers, root } = new Stage();
  expect(AgentTimers.in(root.system)).toBe(timers);
  expect(() => AgentTimers.in(createActor(heard).system)).toThrow('AgentTimers.install comes first');
});

describe('a delayed event', () => {
  it('arrives once, at its deadline, with its sender for whoever inspects', () => {
    const stage = new Stage();
    const machine = createMachine({
      invoke: { id: 'ear', src: heard },
      entry: sendTo('ear', { type: 'HELLO' }, { delay: 30 }),
    });
    const actor = stage.start(machine);
    const { ear } = actor.getSnapshot().children;
    stage.clock.increment(29);
    expect(ear.getSnapshot().context).toEqual([]);
    stage.clock.increment(1);
    stage.clock.increment(1000);
    expect(ear.getSnapshot().context).toEqual(['HELLO']);
    const sender = stage.inspected.flatMap((event) =>
      event.type === '@xstate.event' && event.event.type === 'HELLO' ? [event.sourceRef] : [],
    );
    expect(sender).toEqual([actor]);
  });

  it('comes in order of deadline, and of sending where two are due together', () => {
    const { stage, types, schedule } = stageWithListener();
    schedule('c', 30);
    schedule('a', 10);
    schedule('b', 30);
    stage.clock.increment(100);
    expect(types()).toEqual(['a', 'c', 'b']);
  });

  it('may share its name with another: both come, and both are taken back', () => {
    const { stage, listener, types, schedule } = stageWithListener();
    schedule('a', 10, 'same');
    schedule('b', 20, 'same');
    stage.clock.increment(10);
    expect(types()).toEqual(['a']);
    stage.timers.cancel(listener, 'same');
    stage.clock.increment(100);
    expect(types()).toEqual(['a']);
  });

  it('may be due in more time than a timer holds', () => {
    const { stage, types, schedule } = stageWithListener();
    const waits: number[] = [];
    const { setTimeout } = stage.clock;
    stage.clock.setTimeout = (fn, ms) => {
      waits.push(ms);
      return setTimeout.call(stage.clock, fn, ms);
    };
    const days = 24 * 3600 * 1000;
    schedule('far', 60 * days);
    stage.clock.increment(25 * days);
    stage.clock.increment(34 * days);
    expect(types()).toEqual([]);
    stage.clock.increment(days);
    expect(types()).toEqual(['far']);
    expect(waits).toEqual([2 ** 31 - 1, 2 ** 31 - 1, days]);
  });

  it.each([
    ['a negative delay', -5],
    ['no number', Number.NaN],
  ])('with %s comes at the next turn of the clock', (_what, delay) => {
    const { stage, types, schedule } = stageWithListener();
    schedule('now', delay);
    expect(types()).toEqual([]);
    stage.clock.increment(0);
    expect(types()).toEqual(['now']);
  });

  it('never comes after an infinite delay, and holds no timer', () => {
    const clock = testClock();
    const root = createActor(heard);
    const timers = AgentTimers.install(root.system, new Timekeeper(clock, new Guard(undefined)));
    root.start();
    timers.schedule(root, root, { type: 'never' }, Number.POSITIVE_INFINITY, 'x');
    expect(clock.pending).toBe(0);
    expect([...timers.of(root)]).toHaveLength(1);
    timers.cancel(root, 'x');
    expect([...timers.of(root)]).toHaveLength(0);
  });

  it('that a deadline in the past is given comes at the next turn of the clock', () => {
    const { stage, listener, types } = stageWithListener();
    stage.clock.increment(500);
    stage.timers.resume({ source: listener, target: listener, event: { type: 'due' }, id: 'x', dueAt: 100 });
    expect([...stage.timers.of(listener)].map(({ dueAt }) => dueAt)).toEqual([100]);
    stage.clock.increment(0);
    expect(types()).toEqual(['due']);
  });

  it.each([
    ['its timer was a little early by the clock', 10, 9],
    ['the clock has leapt to its deadline while it waited for a step on the way', 1e10, 1e10],
    ['the clock has leapt over its deadline', 1e10, 2e10],
  ])('does not wait again when %s', (_when, delay, then) => {
    let now = 0;
    const set: Array<() => void> = [];
    const clock = {
      now: () => now,
      setTimeout: (fn: () => void) => set.push(fn),
      clearTimeout: () => {},
    };
    const root = createActor(heard);
    const timers = AgentTimers.install(root.system, new Timekeeper(clock, new Guard(undefined)));
    root.start();
    timers.schedule(root, root, { type: 'tick' }, delay);
    now = then;
    for (const fire of set.splice(0)) fire();
    expect(root.getSnapshot().context).toEqual(['tick']);
    expect(set).toEqual([]);
  });
});
