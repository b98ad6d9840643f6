import type { ActorScope, AnyActorLogic, AnyActorRef, EventObject, Snapshot } from 'xstate';

/** Takes part in a run in the place of an actor that would act by itself, until a step has it do something. */
export interface StandIn {
  /** As `options.actors` calls it. */
  readonly name: string;
  readonly ref: AnyActorRef;
}

/** What a step can have a stand-in do. */
export type StandInEvent =
  | { readonly type: 'chartroom.resolve'; readonly output: unknown }
  | { readonly type: 'chartroom.reject'; readonly error: unknown }
  | { readonly type: 'chartroom.next'; readonly value: unknown };

/** The actor that a run needs has neither logic that can be explored nor an entry in `options.actors`. */
export class UnprovidedActor extends Error {
  override readonly name = 'UnprovidedActor';
  readonly actor: string;

  constructor(actor: string) {
    super(`Nothing was said of the actor "${actor}".`);
    this.actor = actor;
  }
}

type Scope = ActorScope<Snapshot<unknown>, EventObject>;
type System = Scope['system'];

const casts = new WeakMap<System, StandIn[]>();
const standIns = new WeakSet<object>();

/** Where the stand-ins of a system are listed, from when they start until they end. */
export function enlist(system: System, cast: StandIn[]): void {
  casts.set(system, cast);
}

export function isStandIn(logic: unknown): boolean {
  return typeof logic === 'object' && logic !== null && standIns.has(logic);
}

/** Logic that does nothing by itself, is persisted and restored like a promise, and does what a step says. */
export function standInFor(name: string): AnyActorLogic {
  const leave = ({ self, system }: Scope) => {
    const cast = casts.get(system);
    const index = cast?.findIndex(({ ref }) => ref === self) ?? -1;
    if (index >= 0) cast?.splice(index, 1);
  };
  const logic: AnyActorLogic = {
    getInitialSnapshot: (_scope: Scope, input: unknown) => ({
      status: 'active',
      output: undefined,
      error: undefined,
      context: undefined,
      input,
    }),
    restoreSnapshot: (snapshot: Snapshot<unknown>) => snapshot,
    getPersistedSnapshot: (snapshot: Snapshot<unknown>) => snapshot,
    start(snapshot: Snapshot<unknown>, { self, system }: Scope) {
      if (snapshot.status === 'active') casts.get(system)?.push({ name, ref: self });
    },
    transition(snapshot: Snapshot<unknown>, event: EventObject, scope: Scope) {
      if (snapshot.status !== 'active') return snapshot;
      const told = event as unknown as StandInEvent | { readonly type: 'xstate.stop' };
      switch (told.type) {
        case 'chartroom.resolve':
          leave(scope);
          return { ...snapshot, status: 'done', output: told.output, input: undefined };
        case 'chartroom.reject':
          leave(scope);
          return { ...snapshot, status: 'error', error: told.error, input: undefined };
        case 'chartroom.next':
          return { ...snapshot, context: told.value };
        case 'xstate.stop':
          leave(scope);
          return { ...snapshot, status: 'stopped', input: undefined };
        default:
          return snapshot;
      }
    },
  } as unknown as AnyActorLogic;
  standIns.add(logic);
  return logic;
}

/** Fails as soon as it is made: for actors that may never be, but must not run unprovided. */
export function unprovided(name: string): AnyActorLogic {
  const refuse = () => {
    throw new UnprovidedActor(name);
  };
  const logic = {
    getInitialSnapshot: refuse,
    restoreSnapshot: refuse,
    getPersistedSnapshot: (snapshot: unknown) => snapshot,
    transition: refuse,
  } as unknown as AnyActorLogic;
  standIns.add(logic);
  return logic;
}
