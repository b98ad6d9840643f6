import { describe, expect, it } from 'vitest';
import {
  type AnyActorLogic,
  type AnyActorRef,
  createActor,
  createMachine,
  fromCallback,
  fromEventObservable,
  fromObservable,
  fromPromise,
  fromTransition,
} from 'xstate';
import { isAtWork, isOver, nameOf, treeOf } from '../../src/session/agent-tree.ts';
import { turns } from '../support/turns.ts';

const pending = () => new Promise<never>(() => {});
const silent = { subscribe: () => ({ unsubscribe: () => {} }) };
const resting = createMachine({ initial: 'a', states: { a: {} } });
const around = (src: AnyActorLogic, id = 'child') => createMachine({ invoke: { id, src } });
const atWork = (logic: AnyActorLogic) => isAtWork(treeOf(createActor(logic).start()));

describe('the actors of an agent', () => {
  it('are itself and all below it, by the ids of children from it down', () => {
    const agent = createActor(
      createMachine({
        invoke: [
          { id: 'a', src: around(resting, 'b.c') },
          { id: 'd', src: resting },
        ],
      }),
    ).start();
    const paths = [...treeOf(agent)].map(([actor, path]) => [actor.id, path]);
    expect(paths).toEqual([
      [agent.id, []],
      ['a', ['a']],
      ['d', ['d']],
      ['b.c', ['a', 'b.c']],
    ]);
  });

  it('are only itself where the logic has no children, or no snapshot', () => {
    const plain = createActor(fromTransition(() => 1, 0)).start();
    expect([...treeOf(plain).keys()]).toEqual([plain]);
    const snapshotless = { getSnapshot: () => undefined } as unknown as AnyActorRef;
    expect([...treeOf(snapshotless).keys()]).toEqual([snapshotless]);
    expect(isAtWork(treeOf(snapshotless))).toBe(false);
  });

  it('are no children of another kind', () => {
    const logic = {
      ...fromTransition(() => 1, 0),
      getInitialSnapshot: () => ({ status: 'active', children: [1, null] }),
    };
    const agent = createActor(logic as unknown as AnyActorLogic).start();
    expect(treeOf(agent).size).toBe(1);
  });

  it('are called by where they are', () => {
    expect(nameOf([])).toBe('the agent');
    expect(nameOf(['a', 'b'])).toBe('its child "a" → "b"');
  });
});

describe('an actor', () => {
  it.each<[string, AnyActorLogic]>([
    ['a machine', resting],
    ['a transition', fromTransition(() => 1, 0)],
    ['a callback', fromCallback(() => {})],
  ])('is over once it was stopped: %s', (_what, logic) => {
    const actor = createActor(logic).start();
    expect(isOver(actor)).toBe(false);
    actor.stop();
    expect(isOver(actor)).toBe(true);
  });

  it('is over once it has completed', async () => {
    const actor = createActor(fromPromise(async () => 1)).start();
    await turns();
    expect(isOver(actor)).toBe(true);
  });
});

describe('an agent is at work', () => {
  it.each<[string, AnyActorLogic]>([
    ['a promise', fromPromise(pending)],
    ['a callback', fromCallback(() => {})],
    ['an observable', fromObservable(() => silent)],
    ['an observable of events', fromEventObservable(() => silent)],
    ['logic of one’s own with a start', { ...fromTransition(() => 1, 0), start: () => {} }],
  ])('as %s, and with one below it, however deep', (_what, logic) => {
    expect(atWork(logic)).toBe(true);
    expect(atWork(around(logic))).toBe(true);
    expect(atWork(around(around(logic)))).toBe(true);
  });

  it.each<[string, AnyActorLogic]>([
    ['a machine', resting],
    ['a transition', fromTransition(() => 1, 0)],
    ['a machine with a machine and a transition below it', around(around(fromTransition(() => 1, 0)))],
  ])('not as %s', (_what, logic) => {
    expect(atWork(logic)).toBe(false);
  });

  it('no more once the work is done', async () => {
    const agent = createActor(around(fromPromise(async () => 1))).start();
    expect(isAtWork(treeOf(agent))).toBe(true);
    await turns();
    expect(agent.getSnapshot().children.child).toBeDefined();
    expect(isAtWork(treeOf(agent))).toBe(false);
  });
});
