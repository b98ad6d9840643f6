import { describe, expect, it } from 'vitest';
import { createActor, createMachine, fromTransition } from 'xstate';
import { likenessOfChildren, likenessOfTimers } from '../../../src/testing/machine/likeness.ts';
import { VirtualTime } from '../../../src/testing/machine/virtual-time.ts';

const counter = fromTransition((count: number) => count + 1, 4);
const child = createMachine({ id: 'child', initial: 'a', context: { n: 1 }, states: { a: {} } });
const actor = createActor(
  createMachine({
    invoke: [
      { src: child, id: 'child' },
      { src: counter, id: 'counter' },
    ],
  }),
).start();

describe('the likeness of children', () => {
  it('is what each is at', () => {
    expect(likenessOfChildren(actor.getSnapshot())).toEqual({
      child: { is: 'active', value: 'a', context: { n: 1 }, children: {} },
      counter: { is: 'active', context: 4, children: {} },
    });
  });

  it('tells of a child that has come back without its logic', () => {
    const ghost = createActor({} as never, { snapshot: { status: 'active' } } as never);
    expect(likenessOfChildren({ children: { ghost } })).toEqual({
      ghost: { is: 'without logic', children: {} },
    });
  });
});

describe('the likeness of timers', () => {
  it('is who is told what, and when', () => {
    const time = new VirtualTime(() => {});
    const inner = actor.getSnapshot().children.child;
    if (!inner) throw new Error('no child');
    const gone = createActor(child);
    time.schedule(actor, actor, { type: 'A' }, 10);
    time.schedule(inner, actor, { type: 'B' }, 20);
    time.schedule(gone, gone, { type: 'C' }, Number.POSITIVE_INFINITY);
    expect(likenessOfTimers(time, actor)).toEqual([
      { event: { type: 'A' }, dueAt: 10, from: '' },
      { event: { type: 'B' }, dueAt: 20, from: 'child', to: '' },
      { event: { type: 'C' }, dueAt: 'never', from: 'an actor that has gone' },
    ]);
    expect(likenessOfTimers(time, actor, 4)[0]).toMatchObject({ dueAt: 6 });
  });
});
