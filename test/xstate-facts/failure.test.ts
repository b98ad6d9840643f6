import { describe, expect, it } from 'vitest';
import {
  type AnyActorRef,
  type AnyStateMachine,
  createActor,
  createMachine,
  fromCallback,
  fromPromise,
  sendTo,
  setup,
  spawnChild,
} from 'xstate';
import { startObserved } from './observed-actor.ts';

const failsOnEvent = fromCallback(({ receive }) => {
  receive(() => {
    throw new Error('child failed');
  });
});

const childOf = (actor: { getSnapshot(): { children: object } }, id: string) =>
  (actor.getSnapshot().children as Record<string, AnyActorRef | undefined>)[id] as AnyActorRef;

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a child's failure", () => {
  const parent = (on: object) =>
    setup({ actors: { failsOnEvent } }).createMachine({
      invoke: { src: 'failsOnEvent', id: 'child' },
      on: { go: { actions: sendTo('child', { type: 'fail' }) }, ...on },
    });

  it('X4: an uncaught child error errors the parent', () => {
    const { actor, errors } = startObserved(parent({}));
    actor.send({ type: 'go' });
    expect(actor.getSnapshot().status).toBe('error');
    expect(errors).toEqual([new Error('child failed')]);
  });

  it.each(['xstate.error.actor.*', 'xstate.error.*', '*'])(
    "X4: handling '%s' at the root keeps the parent alive, even with an empty transition",
    (descriptor) => {
      const { actor, errors } = startObserved(parent({ [descriptor]: {} }));
      actor.send({ type: 'go' });
      expect(actor.getSnapshot().status).toBe('active');
      expect(errors).toEqual([]);
    },
  );

  it('X4: a handler in a state that is not active does not help', () => {
    const machine = setup({ actors: { failsOnEvent } }).createMachine({
      invoke: { src: 'failsOnEvent', id: 'child' },
      initial: 'a',
      states: { a: { on: { leave: 'b' } }, b: {}, c: { on: { 'xstate.error.actor.*': {} } } },
      on: { go: { actions: sendTo('child', { type: 'fail' }) } },
    });
    const { actor } = startObserved(machine);
    actor.send({ type: 'leave' });
    actor.send({ type: 'go' });
    expect(actor.getSnapshot().status).toBe('error');
  });

  it('X6: children that finished or failed stay in snapshot.children', async () => {
    const machine = setup({
      actors: {
        finishes: fromPromise(async () => 1),
        fails: fromPromise(async () => {
          throw new Error('failed');
        }),
      },
    }).createMachine({
      entry: [spawnChild('finishes', { id: 'finished' }), spawnChild('fails', { id: 'failed' })],
      on: { 'xstate.error.actor.*': {} },
    });
    const actor = createActor(machine).start();
    await turn();
    expect(childOf(actor, 'finished').getSnapshot().status).toBe('done');
    expect(childOf(actor, 'failed').getSnapshot().status).toBe('error');
    expect(Object.keys(actor.getSnapshot().children)).toEqual(['finished', 'failed']);
  });
});

describe('the children of a machine that errors', () => {
  function withTrackedChild(on: object): { machine: AnyStateMachine; cleanups: () => number } {
    let cleanups = 0;
    const tracked = fromCallback(() => () => {
      cleanups += 1;
    });
    const machine = setup({ actors: { tracked, failsOnEvent } }).createMachine({
      invoke: [
        { src: 'tracked', id: 'tracked' },
        { src: 'failsOnEvent', id: 'failing' },
      ],
      on,
    });
    return { machine, cleanups: () => cleanups };
  }
  const boom = () => {
    throw new Error('boom');
  };

  it.each([
    ['action', { actions: boom }],
    ['guard', { guard: boom }],
  ])(
    'X5: when an %s throws, its children keep running, and stopping it afterwards does not stop them',
    (_, go) => {
      const { machine, cleanups } = withTrackedChild({ go });
      const { actor } = startObserved(machine);
      const child = childOf(actor, 'tracked');
      actor.send({ type: 'go' });
      expect(actor.getSnapshot().status).toBe('error');
      expect(child.getSnapshot().status).toBe('active');
      actor.stop();
      expect(child.getSnapshot().status).toBe('active');
      expect(cleanups()).toBe(0);
    },
  );

  it('X5: when the error is an uncaught one of a child, the other children are stopped', () => {
    const { machine, cleanups } = withTrackedChild({ go: { actions: sendTo('failing', { type: 'fail' }) } });
    const { actor } = startObserved(machine);
    const child = childOf(actor, 'tracked');
    actor.send({ type: 'go' });
    expect(actor.getSnapshot().status).toBe('error');
    expect(child.getSnapshot().status).toBe('stopped');
    expect(cleanups()).toBe(1);
  });
});

describe('exit actions', () => {
  it('X8: stopping runs no exit actions; reaching a final state does', () => {
    const seen: string[] = [];
    const machine = createMachine({
      initial: 'a',
      exit: () => seen.push('exit root'),
      states: {
        a: { exit: () => seen.push('exit a'), on: { end: 'last' } },
        last: { type: 'final', entry: () => seen.push('enter last'), exit: () => seen.push('exit last') },
      },
    });
    createActor(machine).start().stop();
    expect(seen).toEqual([]);
    createActor(machine).start().send({ type: 'end' });
    expect(seen).toEqual(['exit a', 'enter last', 'exit last', 'exit root']);
  });
});

describe("a callback's cleanup that throws", () => {
  const cleanupThrows = fromCallback(() => () => {
    throw new Error('cleanup failed');
  });
  const machine = (next: { type?: 'final' }, on = {}) =>
    setup({ actors: { cleanupThrows } }).createMachine({
      initial: 'a',
      states: { a: { invoke: { src: 'cleanupThrows', id: 'child' }, on: { leave: 'b' } }, b: next },
      on,
    });

  it('X9: is swallowed when the parent is stopped', () => {
    const { actor, errors } = startObserved(machine({}));
    const child = childOf(actor, 'child');
    actor.stop();
    expect(actor.getSnapshot().status).toBe('stopped');
    expect(child.getSnapshot().status).toBe('error');
    expect(errors).toEqual([]);
  });

  it('X9: errors the parent on a state exit', () => {
    const { actor, errors } = startObserved(machine({}));
    actor.send({ type: 'leave' });
    expect(actor.getSnapshot()).toMatchObject({ status: 'error', value: 'b' });
    expect(errors).toEqual([new Error('cleanup failed')]);
  });

  it('X9: on a state exit is an error event like any other, so a handler at the root keeps the parent alive', () => {
    const { actor, errors } = startObserved(machine({}, { 'xstate.error.actor.*': {} }));
    actor.send({ type: 'leave' });
    expect(actor.getSnapshot()).toMatchObject({ status: 'active', value: 'b' });
    expect(errors).toEqual([]);
  });

  it('X9: is swallowed when the exit leads to the end of the parent', () => {
    const { actor, errors } = startObserved(machine({ type: 'final' }));
    actor.send({ type: 'leave' });
    expect(actor.getSnapshot().status).toBe('done');
    expect(errors).toEqual([]);
  });

  it('X9: is an error when the stopped actor is itself the root', () => {
    const { actor, errors } = startObserved(cleanupThrows);
    actor.stop();
    expect(actor.getSnapshot().status).toBe('error');
    expect(errors).toEqual([new Error('cleanup failed')]);
  });
});
