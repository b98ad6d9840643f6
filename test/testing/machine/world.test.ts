import { describe, expect, it } from 'vitest';
import { assign, createMachine, emit, fromCallback, fromPromise, raise, sendParent, setup } from 'xstate';
import { UnprovidedActor } from '../../../src/testing/machine/stand-in.ts';
import type { Run, Step } from '../../../src/testing/machine/step.ts';
import type { Subject } from '../../../src/testing/machine/subject.ts';
import { World } from '../../../src/testing/machine/world.ts';
import { runOf, save, subjectOf } from './subject.ts';

const child = createMachine({
  id: 'child',
  initial: 'a',
  states: { a: { after: { 400: 'b' } }, b: { entry: sendParent({ type: 'GREW' }) } },
});
const machine = setup({
  actors: { child, load: fromPromise<number>(async () => 1), socket: fromCallback(() => {}) },
}).createMachine({
  id: 'm',
  initial: 'idle',
  context: { n: 0, seen: [] as unknown[] },
  on: {
    GREW: { actions: assign({ n: ({ context }) => context.n + 1 }) },
    SAID: { actions: assign({ seen: ({ context, event }) => [...context.seen, event.text] }) },
    EVENTUALLY: { actions: raise({ type: 'SAY' }, { delay: 50 }) },
    SAY: { actions: emit({ type: 'said' }) },
    PUSH: { actions: ({ event }) => event.list.push(1) },
  },
  states: {
    idle: { on: { WORK: 'working' } },
    working: {
      invoke: [
        { src: 'load', id: 'load', onDone: 'idle', onError: 'idle' },
        { src: 'socket', id: 'socket' },
        { src: 'child', id: 'child' },
      ],
      after: { 1000: 'idle' },
    },
  },
});
const actors = { load: {}, socket: {} };
const subject = subjectOf(machine, { actors });

function worldAfter(run: Run, of: Subject = subject): World {
  const world = new World(of, run.start);
  for (const step of run.steps) world.apply(step);
  return world;
}
const act = (actor: string, how: 'resolves' | 'rejects' | 'sends' | 'gives', value?: unknown): Step => ({
  do: 'actor',
  actor,
  nth: 0,
  act: how,
  value,
});

describe('a world', () => {
  it('has its own time, for children too', () => {
    const world = worldAfter(runOf('WORK', 399));
    expect(world.snapshot.context.n).toBe(0);
    world.apply({ do: 'wait', ms: 'next' });
    expect(world.time.now).toBe(400);
    expect(world.snapshot.context.n).toBe(1);
    world.apply({ do: 'wait', ms: 600 });
    expect(world.snapshot.value).toBe('idle');
  });

  it('has actors do what it is told, and nothing where there are none', () => {
    const world = worldAfter(runOf(act('load', 'resolves', 5), 'WORK'));
    expect(world.standIns.map(({ name }) => name)).toEqual(['load', 'socket']);
    world.apply(act('socket', 'sends', { type: 'SAID', text: 'hello' }));
    expect(world.snapshot.context.seen).toEqual(['hello']);
    world.apply(act('load', 'rejects', new Error('no')));
    expect(world.snapshot.value).toBe('idle');
    expect(world.standIns).toEqual([]);
    expect(world.trouble).toBeUndefined();
  });

  it('tells what is emitted once', () => {
    const world = worldAfter(runOf('SAY'));
    expect(world.portrait()).toMatchObject({ emitted: [{ type: 'said' }] });
    expect(world.portrait()).toMatchObject({ emitted: [] });
  });

  it('gives a machine its own copy of an event, to write into', () => {
    const push: Step = { do: 'send', event: { type: 'PUSH', list: [] } };
    worldAfter({ start: {}, steps: [push] });
    expect(push.event).toEqual({ type: 'PUSH', list: [] });
  });

  it('notices what a machine throws, once, and leaves it alone from there on', () => {
    const world = worldAfter(runOf('PUSH', 'WORK'));
    expect(world.trouble).toMatchObject({ kind: 'threw', error: expect.any(TypeError) });
    expect(world.isOver).toBe(true);
    expect(world.snapshot.value).toBe('idle');
  });

  it('does not run what nobody has spoken for', () => {
    const late = setup({ actors: { load: fromPromise(async () => 1) } }).createMachine({
      on: { GO: { actions: assign({ ref: ({ spawn }) => spawn('load') }) } },
    });
    expect(() => worldAfter(runOf('GO'), subjectOf(late))).toThrow(UnprovidedActor);
    const byValue = createMachine({
      on: {
        GO: {
          actions: assign({
            ref: ({ spawn }) =>
              spawn(
                fromPromise(() => new Promise(() => {})),
                { id: 'v' },
              ),
          }),
        },
      },
    });
    expect(() => worldAfter(runOf('GO'), subjectOf(byValue))).toThrow(new UnprovidedActor('v'));
  });

  it('sees a loop that a parent would cover up', () => {
    const looping = createMachine({
      id: 'looping',
      initial: 'a',
      states: { a: { always: 'b' }, b: { always: 'a' } },
    });
    const covering = createMachine({
      initial: 'x',
      states: { x: { on: { GO: 'y' } }, y: { invoke: { src: looping, id: 'l', onError: 'x' } } },
    });
    expect(worldAfter(runOf('GO'), subjectOf(covering)).trouble?.kind).toBe('loop');
  });
});

describe('a world that is saved and restored', () => {
  it('looks as before, and is gone on with', () => {
    const [never, saved] = [runOf('WORK', 100), runOf('WORK', 100, save)].map((run) => worldAfter(run));
    expect(saved?.portrait()).toEqual(never?.portrait());
    expect(saved?.time.pending.map(({ dueAt }) => dueAt)).toEqual([400, 1000]);
    saved?.apply({ do: 'wait', ms: 900 });
    expect(saved?.snapshot).toMatchObject({ value: 'idle', context: { n: 1 } });
  });

  it('loses what is delayed where XState alone restores it', () => {
    const world = worldAfter(runOf('WORK', save), subjectOf(machine, { actors, restore: 'plain' }));
    expect(world.time.pending).toEqual([]);
  });

  it('is left as it is where it is never to be saved', () => {
    const world = worldAfter(runOf('WORK', save), subjectOf(machine, { actors, restore: false }));
    expect(world.time.pending).toHaveLength(2);
  });

  it('keeps what was sent with a delay of its own', () => {
    const world = worldAfter(runOf('EVENTUALLY', 20, save, 30));
    expect(world.portrait()).toMatchObject({ emitted: [{ type: 'said' }] });
  });
});

describe('what tells worlds apart', () => {
  it('is not how long they have been there', () => {
    expect(worldAfter(runOf(500)).key).toBe(worldAfter(runOf()).key);
    expect(worldAfter(runOf(500, 'WORK')).key).toBe(worldAfter(runOf('WORK')).key);
    expect(worldAfter(runOf('WORK', 1)).key).not.toBe(worldAfter(runOf('WORK')).key);
  });

  it('is the context too, but not for their states', () => {
    expect(worldAfter(runOf('GREW')).key).not.toBe(worldAfter(runOf()).key);
    expect(worldAfter(runOf('GREW')).stateKey).toBe(worldAfter(runOf()).stateKey);
    expect(worldAfter(runOf('WORK')).stateKey).not.toBe(worldAfter(runOf()).stateKey);
    expect(worldAfter(runOf('WORK', 400)).stateKey).not.toBe(worldAfter(runOf('WORK')).stateKey);
  });
});

it('an older snapshot is brought over as a copy', () => {
  const stored = {
    status: 'active',
    value: 'working',
    context: { n: 3, seen: [] },
    children: {},
    historyValue: {},
  };
  const migrate = { from: [stored], migrate: (snapshot: unknown) => snapshot };
  const world = new World(subjectOf(machine, { actors, migrate }), { older: 0 });
  expect(world.snapshot).toMatchObject({ value: 'working', context: { n: 3 } });
  expect(world.snapshot.context).not.toBe(stored.context);
  const none = new World(subjectOf(machine, { actors, migrate }), { older: 1 });
  expect(none.trouble?.error).toMatchObject({ message: 'There is no older snapshot 1: migrate.from has 1.' });
});
