import { describe, expectTypeOf, it } from 'vitest';
import { assign, createMachine, fromCallback, fromTransition, setup } from 'xstate';
import type { Session, SessionClient, Unsubscribe } from '../../src/client.ts';
import type { Json, Message, RecoveryReport, SessionInfo, SessionStatus } from '../../src/data.ts';
import type { SessionErrorCode } from '../../src/errors.ts';
import type { GapEvent, SessionEvent } from '../../src/events/types.ts';
import { createSessionManager, isSessionError, type SessionManager } from '../../src/index.ts';

// Each body is checked by the compiler and never run: `checked` only keeps it from being called.
const checked = (_body: () => unknown): void => {};

type Moves = { type: 'go'; to: string } | { type: 'stop' };
const counting = setup({ types: {} as { events: Moves; context: { n: number } } }).createMachine({
  context: { n: 0 },
  on: { go: { actions: assign({ n: ({ context }) => context.n + 1 }) }, stop: {} },
});

describe('the types', () => {
  it('dispatch takes the events of the agent and nothing else', () => {
    checked(async () => {
      const manager = createSessionManager({ agent: counting });
      const session = await manager.createSession();
      expectTypeOf(session.dispatch).parameter(0).toEqualTypeOf<Moves>();
      await session.dispatch({ type: 'go', to: 'b' });
      // @ts-expect-error: no event of this agent
      await session.dispatch({ type: 'fly' });
      // @ts-expect-error: `to` is missing
      await session.dispatch({ type: 'go' });
      expectTypeOf(manager.session('a').dispatch).parameter(0).toEqualTypeOf<Moves>();
      const { session: found } = await manager.getOrCreateSession('a');
      expectTypeOf(found.dispatch).parameter(0).toEqualTypeOf<Moves>();
      expectTypeOf((await manager.restoreSession('a')).dispatch)
        .parameter(0)
        .toEqualTypeOf<Moves>();
    });
  });

  it('dispatch is typed by every kind of logic', () => {
    checked(async () => {
      const callback = createSessionManager({ agent: fromCallback<{ type: 'ping' }>(() => {}) });
      expectTypeOf(callback.session('a').dispatch).parameter(0).toEqualTypeOf<{ type: 'ping' }>();
      const transition = createSessionManager({
        agent: fromTransition((n: number, _event: { type: 'inc'; by: number }) => n, 0),
      });
      expectTypeOf(transition.session('a').dispatch)
        .parameter(0)
        .toEqualTypeOf<{ type: 'inc'; by: number }>();
    });
  });

  it('without an agent there is nothing to dispatch', () => {
    checked(async () => {
      expectTypeOf(createSessionManager().session('a').dispatch).parameter(0).toBeNever();
    });
  });

  it('a manager is a client', () => {
    expectTypeOf<SessionManager<Moves>>().toExtend<SessionClient<Moves>>();
    checked(() => {
      const manager = createSessionManager({ agent: createMachine({}) });
      expectTypeOf(manager.ready).toEqualTypeOf<Promise<RecoveryReport>>();
      expectTypeOf(manager.stats().sessions).toExtend<Record<SessionStatus, number>>();
    });
  });

  it('createSession gives a session that can be disposed of; session() gives a plain handle', () => {
    checked(async () => {
      const manager = createSessionManager();
      expectTypeOf(await manager.createSession()).toExtend<AsyncDisposable>();
      expectTypeOf(manager.session('a')).toExtend<Session>();
      expectTypeOf(manager.session('a')).not.toExtend<AsyncDisposable>();
      await using session = await manager.createSession();
      expectTypeOf(session.id).toBeString();
    });
  });

  it('types narrows the listener', () => {
    checked(() => {
      const manager = createSessionManager();
      const stop = manager.subscribeToAllSessions(
        (event) => {
          expectTypeOf(event.type).toEqualTypeOf<'conversation_added' | 'file_added'>();
          if (event.type === 'conversation_added') expectTypeOf(event.message).toEqualTypeOf<Message>();
        },
        { types: ['conversation_added', 'file_added'] },
      );
      expectTypeOf(stop).toEqualTypeOf<Unsubscribe>();
      manager.subscribeToSession('a', (event) => expectTypeOf(event.key).toBeString(), {
        types: ['working_context_updated'],
      });
      manager
        .session('a')
        .subscribe((event) => expectTypeOf(event.path).toBeString(), { types: ['file_added'] });
      manager.subscribeToAllSessions((event) => expectTypeOf(event).toEqualTypeOf<SessionEvent>());
      // @ts-expect-error: no such type
      manager.subscribeToAllSessions(() => {}, { types: ['nothing'] });
    });
  });

  it('types narrows a stream, in which a gap may always come', () => {
    checked(async () => {
      const manager = createSessionManager();
      for await (const event of manager.events({ types: ['file_added'] })) {
        expectTypeOf(event.type).toEqualTypeOf<'file_added' | 'gap'>();
        if (event.type === 'gap') expectTypeOf(event).toEqualTypeOf<GapEvent>();
      }
      for await (const event of manager.events()) expectTypeOf(event).toEqualTypeOf<SessionEvent>();
    });
  });

  it('values are JSON and what is received is read-only', () => {
    checked(async () => {
      const session = createSessionManager().session('a');
      expectTypeOf(await session.context.get('k')).toEqualTypeOf<Json | undefined>();
      // @ts-expect-error: a function is no JSON
      await session.context.put('k', () => {});
      // @ts-expect-error: a Date is no JSON
      await session.context.put('k', new Date());
      // @ts-expect-error: no such role
      await session.send('robot', 'x');
      const info = await session.info();
      expectTypeOf(info).toEqualTypeOf<SessionInfo>();
      // @ts-expect-error: read-only
      info.status = 'active';
    });
  });

  it('an error code is one of a closed set', () => {
    checked((error: unknown = undefined) => {
      if (isSessionError(error)) expectTypeOf(error.code).toEqualTypeOf<SessionErrorCode>();
    });
  });
});
