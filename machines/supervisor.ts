import {
  type ActorLogic,
  type ActorScope,
  type AnyActorLogic,
  type AnyActorRef,
  createActor,
  type EventObject,
  type Snapshot,
} from 'xstate';
import type { ManagerEvent, SessionChartInput } from './events.ts';
import { sessionMachine } from './session.ts';

/** Start a session's chart. `snapshot` restores one that was already under way. */
export interface SpawnCommand {
  readonly type: 'supervisor.spawn';
  readonly id: string;
  readonly input: SessionChartInput;
  readonly snapshot?: Snapshot<unknown>;
}
/** Stop a session's chart where it stands. */
export interface StopCommand {
  readonly type: 'supervisor.stop';
  readonly id: string;
}
export type SupervisorCommand = SpawnCommand | StopCommand;

/** The children are in a `Map` that changes in place; `version` counts its changes. */
export type SupervisorSnapshot = Snapshot<undefined> & {
  readonly sessions: ReadonlyMap<string, AnyActorRef>;
  readonly version: number;
};

export interface SupervisorEffects {
  /** The chart of `id` has been created and will start now. */
  spawned(id: string, ref: AnyActorRef): void;
}

type Scope = ActorScope<SupervisorSnapshot, EventObject>;
type ChildEvent = EventObject & { readonly actorId: string; readonly error?: unknown };

/**
 * Spawns and stops session actors at a constant cost. A machine cannot: XState copies its whole `children`
 * object on every spawn and stop, and keys it by strings, `__proto__` included.
 */
export function createSupervisor(
  session: AnyActorLogic,
  effects?: SupervisorEffects,
): ActorLogic<SupervisorSnapshot, EventObject, undefined> {
  const sessionsOf = (snapshot: SupervisorSnapshot) => snapshot.sessions as Map<string, AnyActorRef>;

  function spawn(sessions: Map<string, AnyActorRef>, command: SpawnCommand, scope: Scope) {
    const stale = sessions.get(command.id);
    if (stale) scope.stopChild(stale);
    const ref = createActor(session, {
      id: command.id,
      src: 'session',
      parent: scope.self,
      input: command.input,
      ...(command.snapshot && { snapshot: command.snapshot }),
    });
    sessions.set(command.id, ref);
    effects?.spawned(command.id, ref);
    scope.defer(() => ref.start());
  }

  function stop(sessions: Map<string, AnyActorRef>, id: string, scope: Scope) {
    const ref = sessions.get(id);
    if (!ref) return;
    sessions.delete(id);
    scope.stopChild(ref);
  }

  /** The id may by now name a younger incarnation, which is alive and stays. */
  function forget(sessions: Map<string, AnyActorRef>, id: string) {
    if (sessions.get(id)?.getSnapshot().status !== 'active') sessions.delete(id);
  }

  return {
    getInitialSnapshot: () => ({
      status: 'active',
      output: undefined,
      error: undefined,
      sessions: new Map(),
      version: 0,
    }),
    transition(snapshot, event, scope) {
      const sessions = sessionsOf(snapshot);
      const type = event.type;
      if (type === 'supervisor.spawn') spawn(sessions, event as unknown as SpawnCommand, scope);
      else if (type === 'supervisor.stop') stop(sessions, (event as unknown as StopCommand).id, scope);
      else if (type === 'xstate.stop') {
        for (const ref of sessions.values()) scope.stopChild(ref);
        sessions.clear();
      } else if (type.startsWith('xstate.done.actor.')) forget(sessions, (event as ChildEvent).actorId);
      else if (type.startsWith('xstate.error.actor.')) {
        const { actorId, error } = event as ChildEvent;
        forget(sessions, actorId);
        tellParent(scope, { type: 'session.failed', id: actorId, error });
      } else return snapshot;
      return { ...snapshot, version: snapshot.version + 1 };
    },
    getPersistedSnapshot: (snapshot) => snapshot,
  };
}

/** The one use of XState's internal relay: it keeps the sender in inspection, which `send` does not. */
function tellParent(scope: Scope, event: ManagerEvent): void {
  // Internal to XState and absent from its types; a test fails loudly when it goes.
  const self = scope.self as unknown as { readonly _parent?: AnyActorRef };
  const system = scope.system as unknown as {
    _relay(source: unknown, target: AnyActorRef, event: EventObject): void;
  };
  if (self._parent) system._relay(scope.self, self._parent, event);
}

/** The supervisor of plain session charts, without effects: for drawings and tests. */
export const supervisorLogic: ReturnType<typeof createSupervisor> = createSupervisor(sessionMachine);
