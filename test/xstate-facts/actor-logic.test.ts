import { describe, expect, it } from 'vitest';
import {
  type ActorLogic,
  type ActorRef,
  type AnyActorRef,
  type AnyActorScope,
  type AnyEventObject,
  createActor,
  createMachine,
  type EventObject,
  fromCallback,
  type Snapshot,
} from 'xstate';
import { startObserved } from './observed-actor.ts';

type Active = Snapshot<unknown> & { status: 'active' | 'stopped' };

/** Logic of our own that records the events it gets and lets the test act inside a transition. */
function recordingLogic(during: (event: AnyEventObject, scope: AnyActorScope) => void = () => {}) {
  const events: AnyEventObject[] = [];
  const logic: ActorLogic<Active, AnyEventObject> = {
    getInitialSnapshot: () => ({ status: 'active', output: undefined, error: undefined }),
    transition: (snapshot, event, scope) => {
      events.push(event);
      during(event, scope);
      return event.type === 'xstate.stop' ? { ...snapshot, status: 'stopped' } : snapshot;
    },
    getPersistedSnapshot: (snapshot) => snapshot,
  };
  return { logic, events };
}

/** Logic whose transition spawns what a `spawn` event brings, as a supervisor would. */
function spawningLogic() {
  const children: AnyActorRef[] = [];
  const recording = recordingLogic((event, scope) => {
    if (event.type !== 'spawn') return;
    const child = createActor(event.logic, {
      parent: scope.self,
      id: event.id,
      src: 'named',
      input: 7,
    });
    children.push(child);
    scope.defer(() => child.start());
  });
  return { ...recording, children };
}

const relevant = (events: readonly EventObject[]) => events.filter((event) => event.type !== 'spawn');

describe('actor logic of our own', () => {
  it('createActor(logic, { parent, id, src, input }) makes a child in the parent’s system', () => {
    const inputs: unknown[] = [];
    const child = fromCallback(({ input }) => {
      inputs.push(input);
    });
    const { logic, children } = spawningLogic();
    const parent = createActor(logic).start();
    parent.send({ type: 'spawn', id: 'kid', logic: child });
    const [kid] = children;
    expect(kid?.system).toBe(parent.system);
    expect(kid?._parent).toBe(parent);
    expect(kid).toMatchObject({ id: 'kid', src: 'named' });
    expect(kid?.getSnapshot().status).toBe('active');
    expect(inputs).toEqual([7]);
    expect(() => kid?.stop()).toThrow('A non-root actor cannot be stopped directly.');
  });

  it('gets xstate.done.actor.<id> with the output when a child is done', () => {
    const { logic, events } = spawningLogic();
    const parent = createActor(logic).start();
    const child = createMachine({ initial: 'end', states: { end: { type: 'final' } }, output: 42 });
    parent.send({ type: 'spawn', id: 'kid', logic: child });
    expect(relevant(events)).toEqual([{ type: 'xstate.done.actor.kid', output: 42, actorId: 'kid' }]);
  });

  it('gets xstate.error.actor.<id> with what was thrown when a child fails, and is not failed by it', () => {
    const { logic, events, children } = spawningLogic();
    const { actor: parent, errors } = startObserved(logic);
    const child = fromCallback(({ receive }) => {
      receive(() => {
        throw 'no Error';
      });
    });
    parent.send({ type: 'spawn', id: 'kid', logic: child });
    children[0]?.send({ type: 'any' });
    expect(relevant(events)).toEqual([{ type: 'xstate.error.actor.kid', error: 'no Error', actorId: 'kid' }]);
    expect(parent.getSnapshot().status).toBe('active');
    expect(errors).toEqual([]);
  });

  it('gets xstate.stop when it is stopped; nobody stops its children for it', () => {
    const { logic, events, children } = spawningLogic();
    const parent = createActor(logic).start();
    parent.send({ type: 'spawn', id: 'kid', logic: fromCallback(() => {}) });
    parent.stop();
    expect(relevant(events)).toEqual([{ type: 'xstate.stop' }]);
    expect(parent.getSnapshot().status).toBe('stopped');
    expect(children[0]?.getSnapshot().status).toBe('active');
  });

  it('gets no event for a child that it stopped, and none from a child once it has stopped itself', () => {
    let stopIt: AnyActorRef | undefined;
    const { logic, events } = recordingLogic((event, scope) => {
      if (event.type === 'go' && stopIt !== undefined) scope.stopChild(stopIt);
    });
    const parent = createActor(logic).start();
    stopIt = createActor(
      fromCallback(() => {}),
      { parent, id: 'kid' },
    ).start();
    parent.send({ type: 'go' });
    expect(events).toEqual([{ type: 'go' }]);
  });

  it('stops a child with actorScope.stopChild, which runs its cleanup at once', () => {
    const seen: string[] = [];
    let child: AnyActorRef | undefined;
    const { logic } = recordingLogic((event, scope) => {
      if (event.type !== 'stop child' || child === undefined) return;
      scope.stopChild(child);
      seen.push(`then ${child.getSnapshot().status}`);
    });
    const parent = createActor(logic).start();
    child = createActor(
      fromCallback(() => () => seen.push('cleanup')),
      { parent },
    ).start();
    parent.send({ type: 'stop child' });
    expect(seen).toEqual(['cleanup', 'then stopped']);
  });

  it('may stop its own children only: actorScope.stopChild of another actor throws', () => {
    const stranger = createActor(fromCallback(() => {})).start();
    const { logic } = recordingLogic((_, scope) => scope.stopChild(stranger));
    const { errors } = startObserved(logic);
    expect(errors).toEqual([]);
    const { actor, errors: failures } = startObserved(logic);
    actor.send({ type: 'go' });
    expect(failures).toEqual([
      new Error(`Cannot stop child actor ${stranger.id} of ${actor.id} because it is not a child`),
    ]);
    expect(stranger.getSnapshot().status).toBe('active');
  });

  it('a stop waits its turn in the child’s mailbox: a child stopped from its own transition finishes it first', () => {
    const seen: string[] = [];
    let stopIt: (() => void) | undefined;
    const { logic } = recordingLogic((event, scope) => {
      const child = event.child as AnyActorRef | undefined;
      if (event.type === 'stop' && child !== undefined) scope.stopChild(child);
    });
    const parent = createActor(logic).start();
    const childLogic = recordingLogic((event) => {
      if (event.type === 'work') stopIt?.();
      seen.push(event.type);
    });
    const child = createActor(childLogic.logic, { parent }).start();
    stopIt = () => parent.send({ type: 'stop', child });
    child.send({ type: 'work' });
    expect(seen).toEqual(['work', 'xstate.stop']);
    expect(child.getSnapshot().status).toBe('stopped');
  });
});

describe('internals of XState that the engine leans on', () => {
  it('system._relay(source, target, event) exists, delivers at once, and shows the source to inspectors', () => {
    const { logic, events } = recordingLogic();
    const source: ActorRef<Active, AnyEventObject> = createActor(recordingLogic().logic).start();
    const target = createActor(logic, { parent: source }).start();
    const system = source.system as unknown as {
      _relay(source: AnyActorRef | undefined, target: AnyActorRef, event: EventObject): void;
    };
    const sources: unknown[] = [];
    source.system.inspect((event) => {
      if (event.type === '@xstate.event') sources.push(event.sourceRef);
    });
    expect(typeof system._relay).toBe('function');
    expect(system._relay).toHaveLength(3);
    system._relay(source, target, { type: 'relayed' });
    expect(events).toEqual([{ type: 'relayed' }]);
    expect(sources).toEqual([source]);
  });

  it('an actor knows its parent as _parent', () => {
    const parent = createActor(recordingLogic().logic);
    expect(createActor(recordingLogic().logic, { parent })._parent).toBe(parent);
    expect(parent._parent).toBeUndefined();
  });
});
