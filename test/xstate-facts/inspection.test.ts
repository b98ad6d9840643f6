import { describe, expect, it } from 'vitest';
import { createActor, createMachine, type InspectionEvent } from 'xstate';
import { startObserved } from './observed-actor.ts';

const machine = createMachine({
  initial: 'a',
  states: { a: { on: { go: { target: 'b', actions: () => {} } } }, b: { on: { go: 'a' } } },
});

describe('an inspect callback that throws', () => {
  function throwOnceOn(type: InspectionEvent['type']) {
    let armed = true;
    const observed = startObserved(machine);
    observed.actor.system.inspect((event) => {
      if (!armed || event.type !== type) return;
      armed = false;
      throw new Error(`inspector failed on ${type}`);
    });
    return observed;
  }

  it('X18: on a snapshot event bricks the mailbox for good: no event and no stop gets through', () => {
    const { actor, errors } = throwOnceOn('@xstate.snapshot');
    expect(() => actor.send({ type: 'go' })).toThrow('inspector failed on @xstate.snapshot');
    expect(actor.getSnapshot().value).toBe('b');
    actor.send({ type: 'go' });
    actor.stop();
    expect(actor.getSnapshot()).toMatchObject({ status: 'active', value: 'b' });
    expect(errors).toEqual([]);
  });

  it('X18: on an event throws at the sender, whose event is lost; the actor goes on', () => {
    const { actor, errors } = throwOnceOn('@xstate.event');
    expect(() => actor.send({ type: 'go' })).toThrow('inspector failed on @xstate.event');
    expect(actor.getSnapshot().value).toBe('a');
    actor.send({ type: 'go' });
    expect(actor.getSnapshot().value).toBe('b');
    expect(errors).toEqual([]);
  });

  it.each(['@xstate.microstep', '@xstate.action'] as const)(
    'X18: on %s errors the inspected actor',
    (type) => {
      const { actor, errors } = throwOnceOn(type);
      actor.send({ type: 'go' });
      expect(actor.getSnapshot().status).toBe('error');
      expect(errors).toEqual([new Error(`inspector failed on ${type}`)]);
    },
  );
});

describe('system.inspect', () => {
  it('attaches late, sees the whole system from then on, and unsubscribes', () => {
    const root = createActor(machine).start();
    root.send({ type: 'go' });
    const seen: string[] = [];
    const subscription = root.system.inspect((event) => seen.push(event.type));
    expect(seen).toEqual([]);

    root.send({ type: 'go' });
    expect(seen).toEqual(['@xstate.event', '@xstate.microstep', '@xstate.snapshot']);
    createActor(machine, { parent: root }).start();
    expect(seen.slice(3)).toEqual(['@xstate.actor', '@xstate.event', '@xstate.snapshot']);

    subscription.unsubscribe();
    root.send({ type: 'go' });
    expect(seen).toHaveLength(6);
  });

  it('takes an observer object too, and several at once, each with the root id', () => {
    const root = createActor(machine).start();
    const rootIds: string[] = [];
    const both = [
      root.system.inspect({ next: (event) => rootIds.push(event.rootId) }),
      root.system.inspect((event) => rootIds.push(event.rootId)),
    ];
    root.send({ type: 'unknown' });
    for (const subscription of both) subscription.unsubscribe();
    root.send({ type: 'unknown' });
    expect(new Set(rootIds)).toEqual(new Set([root.sessionId]));
    expect(rootIds).toHaveLength(6);
  });
});
