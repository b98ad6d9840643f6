import { describe, expect, it } from 'vitest';
import {
  type AnyActorLogic,
  type AnyActorRef,
  createActor,
  type EventObject,
  fromCallback,
  fromTransition,
  type InspectionEvent,
  setup,
} from 'xstate';
import type { ManagerEvent } from '../../machines/events.ts';
import { sessionMachine } from '../../machines/session.ts';
import { createSupervisor, type SupervisorSnapshot, supervisorLogic } from '../../machines/supervisor.ts';
import { strays } from '../support/errors.ts';

/** A session that counts, ends and fails as it is told, and notes its starts and stops. */
function countingSession(notes: string[]) {
  return setup({
    types: {
      input: {} as { id: string },
      context: {} as { id: string },
      events: {} as { type: 'end' | 'fail' },
    },
    actors: {
      life: fromCallback<EventObject, { id: string }>(({ input }) => {
        notes.push(`start ${input.id}`);
        return () => notes.push(`stop ${input.id}`);
      }),
    },
  }).createMachine({
    id: 'counting',
    context: ({ input }) => ({ id: input.id }),
    initial: 'running',
    states: {
      running: {
        invoke: { src: 'life', input: ({ context }) => ({ id: context.id }) },
        on: {
          end: 'ended',
          fail: {
            actions: ({ context }) => {
              throw new Error(`${context.id} is broken`);
            },
          },
        },
      },
      ended: { type: 'final' },
    },
  });
}

/** A supervisor under a parent that keeps what it is told. */
function setUp(logic?: AnyActorLogic) {
  const notes: string[] = [];
  const told: ManagerEvent[] = [];
  const inspected: InspectionEvent[] = [];
  const supervisor = createSupervisor(logic ?? countingSession(notes), {
    spawned: (id, ref) => notes.push(`spawned ${id} ${ref.getSnapshot().status}`),
  });
  const parent = setup({
    types: { events: {} as ManagerEvent },
    actors: { supervisor },
  }).createMachine({
    invoke: { id: 'supervisor', src: 'supervisor' },
    on: { '*': { actions: ({ event }) => told.push(event) } },
  });
  const root = createActor(parent, { inspect: (event) => inspected.push(event) });
  root.subscribe({ error: (error) => notes.push(`the parent failed: ${error}`) });
  root.start();
  const ref = root.getSnapshot().children.supervisor as AnyActorRef;
  const state = () => ref.getSnapshot() as SupervisorSnapshot;
  return {
    root,
    notes,
    told,
    inspected,
    state,
    ids: () => [...state().sessions.keys()],
    session: (id: string) => state().sessions.get(id) as AnyActorRef,
    send: (event: EventObject) => ref.send(event),
    spawn: (id: string, snapshot?: unknown) =>
      ref.send({ type: 'supervisor.spawn', id, input: { id }, ...(snapshot !== undefined && { snapshot }) }),
    stop: (id: string) => ref.send({ type: 'supervisor.stop', id }),
  };
}

describe('spawning', () => {
  it('creates the actor, says so, and then starts it', () => {
    const { spawn, notes, session, ids } = setUp();
    spawn('a');
    expect(notes).toEqual(['spawned a active', 'start a']);
    expect(ids()).toEqual(['a']);
    expect(session('a').id).toBe('a');
  });

  it('keeps any id as what it is', () => {
    const { spawn, ids, stop, notes } = setUp();
    const odd = ['__proto__', 'constructor', 'toString', 'xstate.stop', ''];
    for (const id of odd) spawn(id);
    expect(ids()).toEqual(odd);
    for (const id of odd) stop(id);
    expect(ids()).toEqual([]);
    expect(notes.filter((note) => note.startsWith('stop'))).toEqual(odd.map((id) => `stop ${id}`));
  });

  it('restores a chart that was under way', () => {
    const { spawn, session } = setUp(sessionMachine);
    const snapshot = {
      status: 'active',
      output: undefined,
      error: undefined,
      value: { running: 'idle' },
      historyValue: {},
      context: { id: 'a' },
      children: {},
    };
    spawn('a', snapshot);
    expect(session('a').getSnapshot().value).toEqual({ running: 'idle' });
  });

  it('in the place of one that lives stops that one first', () => {
    const { spawn, session, ids, notes } = setUp();
    spawn('a');
    const first = session('a');
    spawn('a');
    expect(notes.slice(2)).toEqual(['stop a', 'spawned a active', 'start a']);
    expect(first.getSnapshot().status).toBe('stopped');
    expect([ids(), session('a').getSnapshot().status]).toEqual([['a'], 'active']);
  });

  it('needs no effects', () => {
    const actor = createActor(createSupervisor(sessionMachine)).start();
    actor.send({ type: 'supervisor.spawn', id: 'a', input: { id: 'a' } } as EventObject);
    expect(actor.getSnapshot().sessions.size).toBe(1);
  });
});

describe('stopping', () => {
  it('stops that session, and no other', () => {
    const { spawn, stop, session, ids, notes } = setUp();
    spawn('a');
    spawn('b');
    const a = session('a');
    stop('a');
    expect([ids(), a.getSnapshot().status]).toEqual([['b'], 'stopped']);
    expect(notes.at(-1)).toBe('stop a');
    expect(session('b').getSnapshot().status).toBe('active');
  });

  it('of a stranger changes nothing', () => {
    const { spawn, stop, ids, told } = setUp();
    spawn('a');
    stop('b');
    expect([ids(), told]).toEqual([['a'], []]);
  });

  it('of the supervisor stops them all', () => {
    const { spawn, session, root, notes, ids } = setUp();
    for (const id of ['a', 'b', 'c']) spawn(id);
    const refs = ['a', 'b', 'c'].map(session);
    root.stop();
    expect(notes.slice(-3)).toEqual(['stop a', 'stop b', 'stop c']);
    expect(refs.map((ref) => ref.getSnapshot().status)).toEqual(['stopped', 'stopped', 'stopped']);
    expect(ids()).toEqual([]);
  });
});

describe('a session that ends', () => {
  it('is forgotten; nobody is told', () => {
    const { spawn, session, ids, told } = setUp();
    spawn('a');
    session('a').send({ type: 'end' });
    expect([ids(), told]).toEqual([[], []]);
  });

  it('does not take along the younger one of its id', () => {
    const { spawn, send, session, ids } = setUp();
    spawn('a');
    // Its end comes late, after the id has been given again.
    send({ type: 'xstate.done.actor.a', actorId: 'a' } as EventObject);
    expect(ids()).toEqual(['a']);
    expect(session('a').getSnapshot().status).toBe('active');
  });
});

describe('a session that fails', () => {
  it('is forgotten, and the parent is told by an event of one type with the id as data', async () => {
    const world = setUp();
    const stray = await strays(async () => {
      for (const id of ['a', 'b']) {
        world.spawn(id);
        world.session(id).send({ type: 'fail' });
      }
    });
    expect(stray).toEqual([]);
    expect(world.ids()).toEqual([]);
    expect(world.told).toEqual([
      { type: 'session.failed', id: 'a', error: new Error('a is broken') },
      { type: 'session.failed', id: 'b', error: new Error('b is broken') },
    ]);
    expect(world.notes.filter((note) => note.startsWith('the parent'))).toEqual([]);
  });

  it('leaves its siblings alone', () => {
    const { spawn, session, ids } = setUp();
    spawn('a');
    spawn('b');
    session('a').send({ type: 'fail' });
    expect([ids(), session('b').getSnapshot().status]).toEqual([['b'], 'active']);
  });

  it('at its start, or by its snapshot, is reported alike', async () => {
    const broken = (error: Error): AnyActorLogic => ({
      ...fromTransition((state: null) => state, null),
      getInitialSnapshot: () => {
        throw error;
      },
      restoreSnapshot: () => {
        throw error;
      },
    });
    const error = new Error('stillborn');
    for (const snapshot of [undefined, { status: 'active' }]) {
      const world = setUp(broken(error));
      expect(await strays(async () => world.spawn('a', snapshot))).toEqual([]);
      expect(world.told).toEqual([{ type: 'session.failed', id: 'a', error }]);
      expect(world.ids()).toEqual([]);
    }
  });

  it('is told through the actor system, which keeps the supervisor as the sender', () => {
    const { spawn, session, inspected } = setUp();
    spawn('a');
    session('a').send({ type: 'fail' });
    const report = inspected.find(
      (each) => each.type === '@xstate.event' && each.event.type === 'session.failed',
    );
    expect(report).toMatchObject({ sourceRef: { id: 'supervisor' } });
  });

  it('under a supervisor without a parent is forgotten all the same', async () => {
    const actor = createActor(createSupervisor(countingSession([]))).start();
    const stray = await strays(async () => {
      actor.send({ type: 'supervisor.spawn', id: 'a', input: { id: 'a' } } as EventObject);
      actor.getSnapshot().sessions.get('a')?.send({ type: 'fail' });
    });
    expect([stray, actor.getSnapshot().sessions.size]).toEqual([[], 0]);
  });
});

describe('the snapshot of the supervisor', () => {
  it('counts its changes, and is the same one where nothing has changed', () => {
    const { spawn, stop, send, state, session } = setUp();
    expect([state().version, state().sessions.size]).toEqual([0, 0]);
    spawn('a');
    spawn('b');
    session('a').send({ type: 'end' });
    stop('b');
    expect(state().version).toBe(4);
    const before = state();
    send({ type: 'somebody.else' });
    expect(state()).toBe(before);
  });

  it('is what is kept of it', () => {
    const { spawn, root, state } = setUp();
    spawn('a');
    const supervisor = root.getSnapshot().children.supervisor as AnyActorRef;
    expect(supervisor.getPersistedSnapshot()).toBe(state());
  });
});

it('what ends or fails that it has not, or has no longer, changes no other', async () => {
  const { session, send, ids, state, told } = setUp();
  send({ type: 'supervisor.spawn', id: 'a', input: { id: 'a' } } as EventObject);
  expect(session('a')).toMatchObject({ id: 'a', src: 'session' });
  const errors = await strays(async () => {
    send({ type: 'xstate.done.actor.b', actorId: 'b' } as EventObject);
    send({ type: 'xstate.error.actor.b', actorId: 'b', error: 'gone' } as EventObject);
  });
  expect(errors).toEqual([]);
  expect(state().status).toBe('active');
  expect(ids()).toEqual(['a']);
  expect(told).toContainEqual({ type: 'session.failed', id: 'b', error: 'gone' });
});

it('the plain supervisor runs plain session charts', () => {
  const actor = createActor(supervisorLogic).start();
  actor.send({ type: 'supervisor.spawn', id: 'a', input: { id: 'a' } } as EventObject);
  const chart = actor.getSnapshot().sessions.get('a') as AnyActorRef;
  for (const type of ['session.active', 'session.terminating', 'session.terminated']) chart.send({ type });
  expect(chart.getSnapshot()).toMatchObject({ status: 'done', value: 'terminated' });
  expect(actor.getSnapshot().sessions.size).toBe(0);
});
