import { describe, expect, it } from 'vitest';
import {
  type AnyActorLogic,
  assign,
  emit,
  fromCallback,
  fromEventObservable,
  fromObservable,
  fromPromise,
  fromTransition,
  raise,
  setup,
} from 'xstate';
import type { AgentInput } from '../../src/index.ts';
import { codeOf, failureOf } from '../support/errors.ts';
import { turns, until } from '../support/turns.ts';
import { besideNeighbour, boom, ended, FAULTY, fail, isFaulty, started, story } from './neighbourhood.ts';

const failIf = (input: AgentInput) => {
  if (isFaulty(input.session)) throw boom;
};

const crashed = ['crashed, for good: boom', ...ended, 'gone (crashed): boom'];

const types = {} as { context: { faulty: boolean }; input: AgentInput; events: { type: 'ping' | 'fail' } };
const context = ({ input }: { input: AgentInput }) => ({ faulty: isFaulty(input.session) });

/** Never emits; what subscribing to it does is up to the test. */
const observable = (subscribe: (observer: { error(error: unknown): void }) => void) =>
  ({
    subscribe(observer: { error(error: unknown): void }) {
      subscribe(observer);
      return { unsubscribe() {} };
    },
  }) as never;

describe('an agent that throws while it starts crashes its session alone', () => {
  const creation: Record<string, AnyActorLogic> = {
    'agent creation: the initial context of a machine': setup({ types }).createMachine({
      context: ({ input }) => {
        failIf(input);
        return { faulty: false };
      },
    }),
    'agent creation: the initial state of a transition function': fromTransition(
      (state: null) => state,
      ({ input }: { input: AgentInput }) => {
        failIf(input);
        return null;
      },
    ),
    'agent entry': setup({ types }).createMachine({
      context,
      entry: ({ context }) => {
        if (context.faulty) throw boom;
      },
    }),
    'entry of a state reached at once': setup({ types }).createMachine({
      context,
      initial: 'first',
      states: {
        first: { always: { guard: ({ context }) => context.faulty, target: 'second' } },
        second: { entry: fail },
      },
    }),
    'callback start': fromCallback<{ type: 'ping' }, AgentInput>(({ input }) => failIf(input)),
    'promise, at once': fromPromise<void, AgentInput>(({ input }) => {
      failIf(input);
      return new Promise(() => {});
    }),
    'promise, rejected': fromPromise<void, AgentInput>(async ({ input }) => {
      failIf(input);
      return new Promise(() => {});
    }),
    'observable, when it is made': fromObservable<never, AgentInput>(({ input }) => {
      failIf(input);
      return observable(() => {});
    }),
    'observable, when it is subscribed to': fromObservable<never, AgentInput>(({ input }) =>
      observable(() => failIf(input)),
    ),
    'observable, by its error': fromObservable<never, AgentInput>(({ input }) =>
      observable((observer) => {
        if (isFaulty(input.session)) observer.error(boom);
      }),
    ),
    'event observable, by its error': fromEventObservable<never, AgentInput>(({ input }) =>
      observable((observer) => {
        if (isFaulty(input.session)) observer.error(boom);
      }),
    ),
  };

  it('logic that gives no first snapshot', async () => {
    const logic = fromTransition((state: null) => state, null);
    const getInitialSnapshot = (scope: never, input: AgentInput) =>
      isFaulty(input.session) ? (undefined as never) : logic.getInitialSnapshot(scope, undefined as never);
    await besideNeighbour({ agent: { ...logic, getInitialSnapshot } as never }, async ({ manager, seen }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      await turns();
      expect(seen.of('session_crashed')).toMatchObject([{ sessionId: 'bad', restarting: false }]);
      expect(await codeOf(session.info())).toBe('SESSION_NOT_FOUND');
    });
  });

  it.each(Object.entries(creation))('%s', async (_, agent) => {
    await besideNeighbour({ agent }, async ({ manager, seen }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      await turns();
      expect(story(seen, 'bad')).toEqual([...started, ...crashed]);
      expect(await codeOf(session.info())).toBe('SESSION_NOT_FOUND');
    });
  });
});

describe('an agent that throws while it works crashes its session alone', () => {
  const work: Record<string, AnyActorLogic> = {
    guard: setup({ types }).createMachine({ context, on: { fail: { guard: fail } } }),
    assign: setup({ types }).createMachine({ context, on: { fail: { actions: assign(fail) } } }),
    action: setup({ types }).createMachine({ context, on: { fail: { actions: fail } } }),
    'transition function': fromTransition((state: null, event: { type: string }) => {
      if (event.type === 'fail') throw boom;
      return state;
    }, null),
    'callback receiver': fromCallback<{ type: string }>(({ receive }) => {
      receive((event) => {
        if (event.type === 'fail') throw boom;
      });
    }),
    'emit expression': setup({ types }).createMachine({ context, on: { fail: { actions: emit(fail) } } }),
    'delay expression': setup({ types }).createMachine({
      context,
      on: { fail: { actions: raise({ type: 'ping' }, { delay: fail }) } },
    }),
    output: setup({ types }).createMachine({
      context,
      initial: 'rest',
      states: { rest: { on: { fail: 'last' } }, last: { type: 'final' } },
      output: fail,
    }),
    'input of what it invokes': setup({ types, actors: { task: fromCallback(() => {}) } }).createMachine({
      context,
      initial: 'rest',
      states: { rest: { on: { fail: 'work' } }, work: { invoke: { src: 'task', input: fail } } },
    }),
    'promise that a machine invokes': setup({ types, actors: { task: fromPromise(fail) } }).createMachine({
      context,
      initial: 'rest',
      states: { rest: { on: { fail: 'work' } }, work: { invoke: { src: 'task' } } },
    }),
    'callback that a machine invokes': setup({ types, actors: { task: fromCallback(fail) } }).createMachine({
      context,
      initial: 'rest',
      states: { rest: { on: { fail: 'work' } }, work: { invoke: { src: 'task' } } },
    }),
  };
  const messageOf = (name: string) => (name === 'guard' ? expect.stringContaining('boom') : 'boom');

  it.each(Object.entries(work))('%s', async (name, agent) => {
    await besideNeighbour({ agent }, async ({ manager, seen }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      const error = await failureOf(session.dispatch({ type: 'fail' }));
      expect(error).toMatchObject({ code: 'SESSION_CRASHED', sessionId: 'bad' });
      expect(error.cause).toMatchObject({ message: messageOf(name) });
      await turns();
      expect(seen.session('bad').map(({ type }) => type)).toEqual([
        'session_created',
        'session_status',
        'session_crashed',
        'session_status',
        'session_status',
        'session_terminated',
      ]);
      expect(seen.of('session_crashed')).toMatchObject([
        { sessionId: 'bad', restarting: false, error: { name: 'Error', message: messageOf(name) } },
      ]);
      expect(await codeOf(session.dispatch({ type: 'ping' }))).toBe('SESSION_NOT_FOUND');
    });
  });

  it.each([
    ['a promise that rejects', fromPromise(async () => turns(1).then(fail))],
    ['an observable that errors', fromObservable(() => observable((o) => setImmediate(() => o.error(boom))))],
  ])('%s later: the dispatch is done, the crash comes after it', async (_, task) => {
    const agent = setup({ types, actors: { task } }).createMachine({
      context,
      initial: 'rest',
      states: { rest: { on: { fail: 'work' } }, work: { invoke: { src: 'task' } } },
    });
    await besideNeighbour({ agent }, async ({ manager, seen }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      await session.dispatch({ type: 'fail' });
      expect(story(seen, 'bad')).toEqual(started);
      await until(() => seen.of('session_terminated').length > 0);
      expect(story(seen, 'bad')).toEqual([...started, ...crashed]);
    });
  });

  it('dispatches that were in flight when it crashed reject SESSION_CRASHED', async () => {
    const agent = setup({ types }).createMachine({ context, on: { fail: { actions: fail } } });
    await besideNeighbour({ agent }, async ({ manager, seen }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      // What a listener calls waits its turn, so all three are under way before the first is taken.
      const outcomes = new Promise<string[]>((resolve) => {
        const stop = session.subscribe(() => {
          stop();
          const calls = [{ type: 'ping' }, { type: 'fail' }, { type: 'ping' }];
          resolve(Promise.all(calls.map((event) => codeOf(session.dispatch(event)))));
        });
      });
      await session.send('user', 'go');
      expect(await outcomes).toEqual(['resolved instead', 'SESSION_CRASHED', 'SESSION_CRASHED']);
      await turns();
      expect(seen.of('session_crashed')).toHaveLength(1);
    });
  });

  it('a delayed transition that throws, when its time has come', async () => {
    const agent = setup({ types }).createMachine({
      context,
      after: { 50: { guard: ({ context }) => context.faulty, actions: fail } },
    });
    await besideNeighbour({ agent }, async ({ manager, seen, clock }) => {
      await manager.createSession({ id: 'bad', ...FAULTY });
      await clock.advance(49);
      expect(story(seen, 'bad')).toEqual(started);
      await clock.advance(1);
      expect(story(seen, 'bad')).toEqual([...started, ...crashed]);
    });
  });

  it('logic that gives no snapshot', async () => {
    const { transition: right, ...logic } = fromTransition((state: null) => state, null);
    const transition: typeof right = (snapshot, event, scope) =>
      event.type === 'fail' ? (undefined as never) : right(snapshot, event, scope);
    await besideNeighbour({ agent: { ...logic, transition } }, async ({ manager, seen }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      const outcome = await codeOf(session.dispatch({ type: 'fail' }));
      await turns();
      expect(seen.of('session_crashed')).toMatchObject([{ sessionId: 'bad', restarting: false }]);
      expect(outcome).toBe('SESSION_CRASHED');
    });
  });

  it('an agent that crashes leaves no child of its own running', async () => {
    const running = new Set<string>();
    const child = fromCallback<{ type: string }, string>(({ input }) => {
      running.add(input);
      return () => running.delete(input);
    });
    const agent = setup({
      types: { ...types, context: {} as { id: string } },
      actors: { child },
    }).createMachine({
      context: ({ input }) => ({ id: input.session.id }),
      invoke: { src: 'child', input: ({ context }) => context.id },
      on: { fail: { actions: fail } },
    });
    await besideNeighbour({ agent }, async ({ manager }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      expect([...running]).toEqual(['neighbour', 'bad']);
      await codeOf(session.dispatch({ type: 'fail' }));
      await turns();
      expect([...running]).toEqual(['neighbour']);
    });
    expect([...running]).toEqual([]);
  });
});

describe('an agent that throws while it is stopped', () => {
  const stop: Record<string, AnyActorLogic> = {
    'callback cleanup': fromCallback<{ type: string }, AgentInput>(
      ({ input }) =>
        () =>
          failIf(input),
    ),
    'observable that cannot be unsubscribed': fromObservable<never, AgentInput>(
      ({ input }) => ({ subscribe: () => ({ unsubscribe: () => failIf(input) }) }) as never,
    ),
    'transition function that throws on its stop': fromTransition(
      (state: AgentInput, event: { type: string }) => {
        if (event.type === 'xstate.stop') failIf(state);
        return state;
      },
      ({ input }: { input: AgentInput }) => input,
    ),
  };

  it.each(Object.entries(stop))('%s: the session ends as it was told to', async (_, agent) => {
    await besideNeighbour({ agent }, async ({ manager, seen }) => {
      const session = await manager.createSession({ id: 'bad', ...FAULTY });
      await session.terminate();
      expect(story(seen, 'bad').slice(0, 4)).toEqual([...started, ...ended]);
      expect(seen.of('session_terminated')).toMatchObject([{ sessionId: 'bad', reason: 'normal' }]);
      expect(seen.of('session_crashed')).toEqual([]);
    });
  });
});
