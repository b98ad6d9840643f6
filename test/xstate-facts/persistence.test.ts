import { describe, expect, it } from 'vitest';
import {
  createActor,
  createMachine,
  fromCallback,
  fromPromise,
  SimulatedClock,
  type Snapshot,
  setup,
} from 'xstate';
import { startObserved } from './observed-actor.ts';

const twoStates = createMachine({
  context: { n: 1 },
  initial: 'a',
  states: { a: { on: { go: 'b' } }, b: {} },
});

type Persisted = Snapshot<unknown> & { context: Record<string, unknown>; children: object };

describe('restoring a persisted snapshot', () => {
  it('X12: an after timer does not run again', () => {
    const machine = createMachine({ initial: 'a', states: { a: { after: { 100: 'b' } }, b: {} } });
    const before = new SimulatedClock();
    const first = createActor(machine, { clock: before }).start();
    before.increment(50);
    const snapshot = first.getPersistedSnapshot();
    first.stop();

    const after = new SimulatedClock();
    const restored = createActor(machine, { clock: after, snapshot }).start();
    after.increment(10_000);
    expect(restored.getSnapshot()).toMatchObject({ status: 'active', value: 'a' });
  });

  it('X13: a snapshot with status stopped still takes transitions, and keeps that status', () => {
    const first = createActor(twoStates).start();
    first.stop();
    const snapshot = first.getPersistedSnapshot();
    expect(snapshot.status).toBe('stopped');

    const restored = createActor(twoStates, { snapshot }).start();
    restored.send({ type: 'go' });
    expect(restored.getSnapshot()).toMatchObject({ status: 'stopped', value: 'b' });
  });

  it.each([
    ['{}', {}, TypeError],
    ['a text', 'text', TypeError],
    ['an array', [], TypeError],
    ['no children', { status: 'active', value: 'a', context: {} }, TypeError],
    ['an unknown state', { status: 'active', value: 'nowhere', context: {}, children: {} }, Error],
  ])(
    'X14: garbage (%s) does not throw in createActor: the actor is born in error',
    (_, garbage, errorClass) => {
      const actor = createActor(twoStates, { snapshot: garbage as never });
      expect(actor.getSnapshot().status).toBe('error');
      expect(actor.getSnapshot().error).toBeInstanceOf(errorClass);
      const errors: unknown[] = [];
      actor.subscribe({ error: (error) => errors.push(error) });
      actor.start();
      expect(errors).toEqual([actor.getSnapshot().error]);
    },
  );

  it.each([[null], [0], ['']])(
    'X14: a falsy snapshot (%j) is taken for none: the actor starts afresh',
    (falsy) => {
      const { actor } = startObserved(twoStates, { snapshot: falsy as never });
      expect(actor.getSnapshot()).toMatchObject({ status: 'active', value: 'a', context: { n: 1 } });
    },
  );

  it('X14: a snapshot of another machine is accepted silently, with its context', () => {
    const other = createMachine({ context: { z: true }, initial: 'a', states: { a: {}, q: {} } });
    const snapshot = createActor(other).start().getPersistedSnapshot();
    const { actor, errors } = startObserved(twoStates, { snapshot });
    actor.send({ type: 'go' });
    expect(actor.getSnapshot()).toMatchObject({ status: 'active', value: 'b', context: { z: true } });
    expect(errors).toEqual([]);
  });

  it('X17: an invoked promise runs a second time', () => {
    let runs = 0;
    const work = fromPromise(() => {
      runs += 1;
      return new Promise(() => {});
    });
    const machine = setup({ actors: { work } }).createMachine({ invoke: { src: 'work' } });
    const first = createActor(machine).start();
    const snapshot = first.getPersistedSnapshot();
    first.stop();
    expect(runs).toBe(1);
    createActor(machine, { snapshot }).start();
    expect(runs).toBe(2);
  });
});

describe('who owns a persisted snapshot', () => {
  const silent = fromCallback(() => {});
  const machine = setup({ actors: { silent } }).createMachine({
    context: ({ spawn }) => ({ list: [1], child: spawn('silent', { id: 'child' }) }),
    on: { push: { actions: ({ context }) => context.list.push(2) } },
  });

  it('X20: a persisted snapshot shares the live context', () => {
    const plain = createActor(createMachine({ context: { n: 1 } })).start();
    expect((plain.getPersistedSnapshot() as Persisted).context).toBe(plain.getSnapshot().context);

    const actor = createActor(machine).start();
    const persisted = actor.getPersistedSnapshot() as Persisted;
    expect(persisted.context).not.toBe(actor.getSnapshot().context);
    expect(persisted.context.list).toBe(actor.getSnapshot().context.list);
    actor.send({ type: 'push' });
    expect(persisted.context.list).toEqual([1, 2]);
  });

  it('X20: restoring mutates the snapshot object passed in: actor references come alive in its context', () => {
    const snapshot = structuredClone(createActor(machine).start().getPersistedSnapshot()) as Persisted;
    expect(snapshot.context.child).toEqual({ xstate$$type: 1, id: 'child' });
    const restored = createActor(machine, { snapshot });
    expect(snapshot.context.child).toBe(restored.getSnapshot().children.child);
    expect(restored.getSnapshot().context).toBe(snapshot.context);
  });

  it('X20: so a frozen snapshot that holds an actor reference cannot be restored', () => {
    const snapshot = structuredClone(createActor(machine).start().getPersistedSnapshot()) as Persisted;
    Object.freeze(snapshot.context);
    const { actor, errors } = startObserved(machine, { snapshot });
    expect(actor.getSnapshot().status).toBe('error');
    expect(errors).toEqual([expect.any(TypeError)]);
  });
});
