/** The user's agent, watched: whose agents live, which of them have failed or completed. */
import type { AnyActorLogic, AnyActorRef, Snapshot } from 'xstate';
import type { AgentInput } from '../../options.ts';
import { boundIterations, isMachine } from '../../session/agent.ts';
import type { Process } from './process.ts';

/**
 * The same logic, of which the run is told what becomes of each of its actors. It inherits from the user's, so that
 * whoever looks at it, a machine's own methods among them, finds what it would have found.
 */
export function watchedAgent(logic: AnyActorLogic, process: Process): AnyActorLogic {
  const { roster } = process;
  const sessions = new WeakMap<object, string>();
  // The engine would bound a copy, which has lost what is watched here.
  const own = isMachine(logic) ? boundIterations(logic) : logic;

  const leave = (self: object): string | undefined => {
    const id = sessions.get(self);
    if (id !== undefined) roster.leave(id, self);
    return id;
  };
  const took = <S extends Snapshot<unknown>>(self: object, snapshot: S): S => {
    const id = snapshot.status === 'active' ? undefined : leave(self);
    if (id === undefined) return snapshot;
    if (snapshot.status === 'done') roster.complete(id);
    if (snapshot.status !== 'stopped') roster.fault(id);
    return snapshot;
  };
  /** Not when it is started: logic with a `start` of its own keeps its session awake, and this may have none. */
  const entering = <S extends Snapshot<unknown>>(self: object, snapshot: S): S => {
    const id = sessions.get(self);
    if (id !== undefined && snapshot.status === 'active') roster.enter(id, self);
    return snapshot;
  };
  const guarded = <S extends Snapshot<unknown>>(self: object, run: () => S): S => {
    try {
      return took(self, run());
    } catch (error) {
      const id = leave(self);
      if (id !== undefined) roster.fault(id);
      throw error;
    }
  };
  return Object.create(own, {
    getInitialSnapshot: {
      value: (scope: Scope, input: AgentInput) => {
        sessions.set(scope.self, input.session.id);
        return guarded(scope.self, () => entering(scope.self, own.getInitialSnapshot(scope as never, input)));
      },
    },
    restoreSnapshot: {
      value: (snapshot: Snapshot<unknown>, scope: Scope) => {
        // An agent that comes back is given no input; its parent is the session.
        const id = scope.self._parent?.id;
        if (id !== undefined) sessions.set(scope.self, id);
        return guarded(scope.self, () =>
          entering(scope.self, own.restoreSnapshot?.(snapshot, scope as never) ?? snapshot),
        );
      },
    },
    transition: {
      value: (snapshot: never, event: { type: string }, scope: Scope) =>
        guarded(scope.self, () => {
          // Logic that has nothing to clean up may not say that it has been stopped.
          if (event.type === 'xstate.stop') leave(scope.self);
          return own.transition(snapshot, event, scope as never);
        }),
    },
  }) as AnyActorLogic;
}

interface Scope {
  readonly self: AnyActorRef;
}
