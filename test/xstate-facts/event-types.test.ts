import { describe, expect, it } from 'vitest';
import { type AnyStateMachine, createActor, createMachine, fromTransition } from 'xstate';
import { startObserved } from './observed-actor.ts';

type MemoTable = Readonly<Record<string, unknown>>;

/**
 * Builds a machine and catches the memo table of each of its state nodes. XState keeps them in a private
 * `WeakMap`; a table is entered there once, while the machine is being built.
 */
function buildWatched(build: () => AnyStateMachine): {
  machine: AnyStateMachine;
  candidates(id: string): string[];
} {
  const tables = new Map<object, MemoTable>();
  const { set } = WeakMap.prototype;
  WeakMap.prototype.set = function (this: WeakMap<object, unknown>, key: object, value: MemoTable) {
    tables.set(key, value);
    return set.call(this, key, value) as typeof this;
  };
  try {
    const machine = build();
    return {
      machine,
      candidates: (id) =>
        Object.keys(tables.get(machine.getStateNodeById(id)) ?? {}).filter((key) =>
          key.startsWith('candidates-'),
        ),
    };
  } finally {
    WeakMap.prototype.set = set;
  }
}

describe('event types that a machine receives', () => {
  it('Memo: every unique event type stays for ever in a cache of every state node it passed', () => {
    const { machine, candidates } = buildWatched(() =>
      createMachine({ id: 'm', initial: 'a', states: { a: {}, other: {} } }),
    );
    const actor = createActor(machine).start();
    for (const type of ['one', 'two', 'two', 'xstate.done.actor.session-1']) actor.send({ type });
    actor.stop();
    const all = ['candidates-one', 'candidates-two', 'candidates-xstate.done.actor.session-1'];
    expect(candidates('m')).toEqual(all);
    expect(candidates('m.a')).toEqual(all);
    expect(candidates('m.other')).toEqual([]);
  });

  it('Memo: the cache belongs to the machine, so it grows over all its actors and outlives them', () => {
    const { machine, candidates } = buildWatched(() => createMachine({ id: 'm' }));
    for (let n = 0; n < 100; n++) {
      const actor = createActor(machine).start();
      actor.send({ type: `event-${n}` });
      actor.stop();
    }
    expect(candidates('m')).toHaveLength(100);
  });
});

describe('what a sender may put into an event', () => {
  const open = createMachine({ on: { known: {} } });

  it.each([
    ['null', null],
    ['undefined', undefined],
    ['{}', {}],
    ['{ type: 42 }', { type: 42 }],
    ['{ type: Symbol() }', { type: Symbol('type') }],
  ])('X11: send(%s) puts a machine actor in error, without throwing at the sender', (_, event) => {
    const { actor, errors } = startObserved(open);
    actor.send(event as never);
    expect(actor.getSnapshot().status).toBe('error');
    expect(errors).toEqual([expect.any(TypeError)]);
  });

  it('X11: a forged xstate.stop stops the actor, without telling its parent', () => {
    const { actor, errors } = startObserved(open);
    actor.send({ type: 'xstate.stop' });
    expect(actor.getSnapshot().status).toBe('stopped');
    expect(errors).toEqual([]);
  });

  it('X11: a forged xstate.error.actor.* of an unknown child errors the actor with what the sender chose', () => {
    const { actor, errors } = startObserved(open);
    actor.send({ type: 'xstate.error.actor.nobody', error: 'forged' } as never);
    expect(actor.getSnapshot().status).toBe('error');
    expect(errors).toEqual(['forged']);
  });

  it('X11: other forged xstate.* types reach the machine as ordinary events', () => {
    const seen: string[] = [];
    const machine = createMachine({ on: { '*': { actions: ({ event }) => seen.push(event.type) } } });
    const { actor } = startObserved(machine);
    const types = ['xstate.error.other', 'xstate.done.actor.nobody', 'xstate.after.10.m', ''];
    for (const type of types) actor.send({ type });
    expect(seen).toEqual(types);
    expect(actor.getSnapshot().status).toBe('active');
  });

  it('X11: a forged xstate.init takes no transition', () => {
    const seen: string[] = [];
    const machine = createMachine({ on: { '*': { actions: ({ event }) => seen.push(event.type) } } });
    const { actor } = startObserved(machine);
    actor.send({ type: 'xstate.init' });
    expect(seen).toEqual([]);
    expect(actor.getSnapshot().status).toBe('active');
  });

  it('X11: logic that is no machine gets {} and { type: 42 } as they are: its own code decides', () => {
    const seen: unknown[] = [];
    const logic = fromTransition((count: number, event: unknown) => {
      seen.push(event);
      return count + 1;
    }, 0);
    const { actor } = startObserved(logic);
    actor.send({ type: 42 } as never);
    actor.send({} as never);
    expect(seen).toEqual([{ type: 42 }, {}]);
    expect(actor.getSnapshot().status).toBe('active');
  });

  it('X11: send(null) to logic that does not look at it throws at the sender and bricks the mailbox for good', () => {
    const { actor, errors } = startObserved(fromTransition((count: number) => count + 1, 0));
    expect(() => actor.send(null as never)).toThrow(TypeError);
    actor.send({ type: 'later' });
    actor.stop();
    expect(actor.getSnapshot()).toMatchObject({ status: 'active', context: 1 });
    expect(errors).toEqual([]);
  });
});
