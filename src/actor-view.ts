import type {
  ActorSystem,
  AnyActorRef,
  EventObject,
  Observer,
  Snapshot,
  StateValue,
  Subscription,
} from 'xstate';
import type { Guard } from './guard.ts';

/** What can be seen of the manager's chart. It holds no reference to an actor, so nobody can send to one. */
export interface ActorViewSnapshot {
  readonly status: Snapshot<unknown>['status'];
  readonly value: StateValue;
  readonly context: unknown;
  readonly output: unknown;
  readonly error: unknown;
  matches(value: string): boolean;
}

/** A read-only view of an actor: commands go through the client. */
export interface ActorView {
  readonly id: string;
  readonly sessionId: string;
  readonly system: ActorSystem<never>;
  getSnapshot(): ActorViewSnapshot;
  subscribe(
    observer: Partial<Observer<ActorViewSnapshot>> | ((snapshot: ActorViewSnapshot) => void),
  ): Subscription;
  on(type: string, handler: (event: EventObject) => void): Subscription;
}

export function viewOf(actor: AnyActorRef, guard: Guard): ActorView {
  return Object.freeze({
    id: actor.id,
    sessionId: actor.sessionId,
    system: actor.system as unknown as ActorSystem<never>,
    getSnapshot: () => snapshotView(actor.getSnapshot()),
    subscribe: (observer) => {
      const { next, error, complete } = typeof observer === 'function' ? { next: observer } : observer;
      return actor.subscribe({
        next: (snapshot) => next && guard.notify('an observer', next, snapshotView(snapshot)),
        // An error without an observer for it would end the process.
        error: (reason) => error && guard.notify('an observer', error, reason),
        complete: () => complete && guard.notify('an observer', () => complete(), undefined),
      });
    },
    on: (type, handler) => actor.on(type, (event) => guard.notify('an observer', handler, event)),
  } satisfies ActorView);
}

function snapshotView(snapshot: ActorViewSnapshot): ActorViewSnapshot {
  const { status, value, context, output, error } = snapshot;
  return Object.freeze({ status, value, context, output, error, matches: (test) => value === test });
}
