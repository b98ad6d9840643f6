import { describe, expect, it } from 'vitest';
import { type AnyActorRef, createActor, createMachine, fromTransition } from 'xstate';
import { actorsBelow, childrenOf, isActor } from '../../src/session/agent-children.ts';

const resting = createMachine({ initial: 'a', states: { a: {} } });

describe('the children of an actor', () => {
  it('are there by their ids', () => {
    const actor = createActor(createMachine({ invoke: { id: 'child', src: resting } })).start();
    const children = childrenOf(actor.getSnapshot());
    expect(Object.keys(children)).toEqual(['child']);
    expect(isActor(children.child)).toBe(true);
  });

  it('are none where the logic has no children, or no snapshot', () => {
    expect(childrenOf(createActor(fromTransition(() => 1, 0)).getSnapshot())).toEqual({});
    expect(childrenOf(undefined)).toEqual({});
  });

  it('are given as they are when they are of another kind', () => {
    expect(childrenOf({ status: 'active', children: [1, null] } as never)).toEqual([1, null]);
  });
});

it('an actor is told from other objects by its shape', () => {
  expect(isActor(createActor(resting))).toBe(true);
  for (const value of [undefined, null, 'agent', {}, { sessionId: 'x', send() {} }])
    expect(isActor(value)).toBe(false);
});

it('the actors among its children are given, of an agent without a snapshot none', () => {
  const actor = createActor(createMachine({ invoke: { id: 'child', src: resting } })).start();
  expect(actorsBelow(actor)).toEqual([actor.getSnapshot().children.child]);
  expect(actorsBelow({ getSnapshot: () => undefined } as unknown as AnyActorRef)).toEqual([]);
});
