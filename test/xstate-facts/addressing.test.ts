import { describe, expect, it } from 'vitest';
import {
  type AnyActorRef,
  createActor,
  createMachine,
  fromCallback,
  sendTo,
  setup,
  spawnChild,
  stopChild,
} from 'xstate';
import { startObserved } from './observed-actor.ts';

const silent = fromCallback(() => {});

describe('children addressed by an id string', () => {
  it.each(['toString', '__proto__', 'constructor', 'hasOwnProperty', 'valueOf'])(
    "X1: stopChild('%s') puts the machine itself in error",
    (id) => {
      const { actor, errors } = startObserved(createMachine({ on: { stop: { actions: stopChild(id) } } }));
      actor.send({ type: 'stop' });
      expect(actor.getSnapshot().status).toBe('error');
      expect(errors).toEqual([new TypeError('actorRef.getSnapshot is not a function')]);
    },
  );

  it('X1: stopChild of an ordinary unknown id does nothing', () => {
    const { actor, errors } = startObserved(createMachine({ on: { stop: { actions: stopChild('x') } } }));
    actor.send({ type: 'stop' });
    expect(actor.getSnapshot().status).toBe('active');
    expect(errors).toEqual([]);
  });

  it('X2: a child spawned as __proto__ runs but is missing from the persisted snapshot', () => {
    const machine = setup({ actors: { silent } }).createMachine({
      entry: [spawnChild('silent', { id: '__proto__' }), spawnChild('silent', { id: 'other' })],
    });
    const actor = createActor(machine).start();
    expect(Object.keys(actor.getSnapshot().children)).toEqual(['__proto__', 'other']);
    expect(Object.keys(actor.getPersistedSnapshot()['children' as never])).toEqual(['other']);
  });

  it('X3: sendTo of a missing id errors the sender, whose children live on as orphans', () => {
    let cleanups = 0;
    const tracked = fromCallback(() => () => {
      cleanups += 1;
    });
    const machine = setup({ actors: { tracked } }).createMachine({
      invoke: { src: 'tracked', id: 'child' },
      on: { go: { actions: sendTo('missing', { type: 'x' }) } },
    });
    const { actor, errors } = startObserved(machine);
    const child = actor.getSnapshot().children.child as AnyActorRef;
    actor.send({ type: 'go' });
    actor.stop();
    expect(actor.getSnapshot().status).toBe('error');
    expect(errors).toEqual([new Error("Unable to send event to actor 'missing' from machine '(machine)'.")]);
    expect(child.getSnapshot().status).toBe('active');
    expect(cleanups).toBe(0);
  });

  it('X7: spawning a duplicate id replaces the entry and orphans the first actor', () => {
    const seen: string[] = [];
    let started = 0;
    const counted = fromCallback(({ receive }) => {
      started += 1;
      const name = `actor ${started}`;
      receive(() => seen.push(`${name} received`));
      return () => seen.push(`${name} cleaned up`);
    });
    const machine = setup({ actors: { counted } }).createMachine({
      on: {
        spawn: { actions: spawnChild('counted', { id: 'same' }) },
        ping: { actions: sendTo('same', { type: 'ping' }) },
        stop: { actions: stopChild('same') },
      },
    });
    const actor = createActor(machine).start();
    actor.send({ type: 'spawn' });
    const first = actor.getSnapshot().children.same as AnyActorRef;
    actor.send({ type: 'spawn' });
    const second = actor.getSnapshot().children.same as AnyActorRef;
    actor.send({ type: 'ping' });
    actor.send({ type: 'stop' });
    actor.stop();
    expect(second).not.toBe(first);
    expect(seen).toEqual(['actor 2 received', 'actor 2 cleaned up']);
    expect(second.getSnapshot().status).toBe('stopped');
    expect(first.getSnapshot().status).toBe('active');
  });
});
