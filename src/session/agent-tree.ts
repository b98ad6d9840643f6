import { type AnyActorLogic, type AnyActorRef, isMachineSnapshot, type Snapshot } from 'xstate';
import { childrenOf, isActor } from './agent-children.ts';

/** XState's `ProcessingStatus.Stopped`. */
const STOPPED = 2;

/** Where an actor of an agent is: the ids of its children from the agent down. The agent itself is at `[]`. */
export type ActorPath = readonly string[];

/** The agent and every actor below it, each after its parent. An actor that has gone from its parent is in none. */
export function treeOf(agent: AnyActorRef): Map<AnyActorRef, ActorPath> {
  const tree = new Map<AnyActorRef, ActorPath>([[agent, Object.freeze([])]]);
  for (const [actor, path] of tree)
    for (const [id, child] of Object.entries(childrenOf(actor.getSnapshot())))
      if (isActor(child) && !tree.has(child)) tree.set(child, Object.freeze([...path, id]));
  return tree;
}

/**
 * Whether anything is under way in the agent that its snapshot cannot hold: a promise, a callback, an observable,
 * or logic of the user's own with a `start`. Each begins again when its snapshot is restored.
 */
export function isAtWork(tree: ReadonlyMap<AnyActorRef, ActorPath>): boolean {
  for (const actor of tree.keys()) {
    const snapshot = actor.getSnapshot() as Snapshot<unknown> | undefined;
    if (snapshot?.status === 'active' && !isMachineSnapshot(snapshot) && startsAnew(actor)) return true;
  }
  return false;
}

/** Whether it takes no events any more. */
export function isOver(actor: AnyActorRef): boolean {
  // Internal to XState: an actor of `fromTransition` that was stopped says `active` for ever.
  const { _processingStatus } = actor as AnyActorRef & { readonly _processingStatus?: number };
  return _processingStatus === STOPPED || (actor.getSnapshot() as Snapshot<unknown>).status !== 'active';
}

/** How a person calls the actor. */
export function nameOf(path: ActorPath): string {
  return path.length === 0 ? 'the agent' : `its child ${path.map((id) => JSON.stringify(id)).join(' → ')}`;
}

/** The logic is a member of every actor, but not of the type of a reference. */
function startsAnew(actor: AnyActorRef): boolean {
  return (actor as AnyActorRef & { readonly logic: AnyActorLogic }).logic.start !== undefined;
}
