import { describe, expect, it } from 'vitest';
import { type AnyActorRef, createActor, createMachine, fromPromise } from 'xstate';
import {
  enlist,
  isStandIn,
  type StandIn,
  standInFor,
  UnprovidedActor,
  unprovided,
} from '../../../src/testing/machine/stand-in.ts';

function invoking(logic: unknown) {
  const machine = createMachine({
    initial: 'a',
    states: {
      a: { invoke: { src: logic as never, id: 'x', onDone: 'b', onError: 'c' }, on: { LEAVE: 'd' } },
      b: {},
      c: {},
      d: {},
    },
  });
  const cast: StandIn[] = [];
  const actor = createActor(machine);
  enlist(actor.system, cast);
  actor.subscribe({ error: () => {} });
  actor.start();
  return { actor, cast };
}

describe('a stand-in', () => {
  it('is listed from its start to its end, and does nothing until it is told', () => {
    const { actor, cast } = invoking(standInFor('load'));
    expect(cast.map(({ name }) => name)).toEqual(['load']);
    expect(actor.getSnapshot().value).toBe('a');
    (cast[0] as StandIn).ref.send({ type: 'chartroom.resolve', output: 1 });
    expect(actor.getSnapshot().value).toBe('b');
    expect(cast).toEqual([]);
  });

  it('fails as it is told, and no event of its parent moves it', () => {
    const { actor, cast } = invoking(standInFor('load'));
    const { ref } = cast[0] as StandIn;
    ref.send({ type: 'whatever' });
    expect(cast).toHaveLength(1);
    ref.send({ type: 'chartroom.reject', error: new Error('no') });
    expect(actor.getSnapshot().value).toBe('c');
    expect(cast).toEqual([]);
  });

  it('gives values as an observable does', () => {
    const { cast } = invoking(standInFor('ticker'));
    const { ref } = cast[0] as StandIn;
    ref.send({ type: 'chartroom.next', value: 7 });
    expect(ref.getSnapshot()).toMatchObject({ status: 'active', context: 7 });
  });

  it('leaves the list when it is stopped', () => {
    const { actor, cast } = invoking(standInFor('load'));
    actor.send({ type: 'LEAVE' });
    expect(cast).toEqual([]);
  });

  it('is persisted and restored with its input, like a promise', () => {
    const logic = standInFor('load');
    const first = createActor(logic, { input: { id: 1 } });
    const cast: StandIn[] = [];
    const restored = createActor(logic, { snapshot: first.getPersistedSnapshot() });
    enlist(restored.system, cast);
    restored.start();
    expect(cast).toHaveLength(1);
    expect(restored.getSnapshot()).toMatchObject({ status: 'active', input: { id: 1 } });
    cast[0]?.ref.send({ type: 'chartroom.resolve', output: 1 });
    const over = createActor(logic, { snapshot: (restored as AnyActorRef).getPersistedSnapshot() as never });
    enlist(over.system, cast);
    over.start();
    expect(cast).toEqual([]);
  });
});

describe('an actor of which nothing was said', () => {
  it('fails as soon as it is made', () => {
    const { actor } = invoking(unprovided('load'));
    expect(actor.getSnapshot().value).toBe('c');
    const child = createActor(unprovided('load'));
    expect(child.getSnapshot()).toMatchObject({ error: new UnprovidedActor('load') });
  });

  it('counts as replaced, as a stand-in does', () => {
    expect([unprovided('x'), standInFor('x'), fromPromise(async () => 1), null].map(isStandIn)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
