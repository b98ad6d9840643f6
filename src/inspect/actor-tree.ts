import type { AnyActorRef } from 'xstate';
import { childrenOf, isActor } from '../session/agent-children.ts';
import { AgentTimers } from '../session/agent-timers.ts';
import { isOver } from '../session/agent-tree.ts';
import { kindOf } from './actor-kind.ts';
import { logicOf } from './charts.ts';
import type { Definitions } from './definitions.ts';
import type { ActorNode, DeadlineView } from './protocol.ts';

/** Actors shown of one tree. */
const MAX_ACTORS = 1000;

/** What an actor is called, and its parent, if that is in the tree. */
interface Named {
  readonly name: string;
  readonly parent?: string;
}
export type ActorTree = ReadonlyMap<AnyActorRef, Named>;

/** An actor and all below it, parents first. */
export function treeOf(root: AnyActorRef, name: string): ActorTree {
  const tree = new Map<AnyActorRef, Named>([[root, { name }]]);
  // A map gives what is added while it is walked.
  for (const [actor, { name: parent }] of tree)
    for (const child of Object.values(childrenOf(actor.getSnapshot()))) {
      if (tree.size >= MAX_ACTORS) return tree;
      if (isActor(child) && !tree.has(child)) tree.set(child, { name: `${parent}/${child.id}`, parent });
    }
  return tree;
}

export function nodesOf(tree: ActorTree, definitions: Definitions): ActorNode[] {
  return [...tree].map(([actor, { name, parent }]) => {
    const logic = logicOf(actor);
    const definition = definitions.nameOf(logic);
    return {
      actor: name,
      ...(definition !== undefined && { definition }),
      id: actor.id,
      kind: kindOf(logic),
      status: statusOf(actor),
      ...(parent !== undefined && { parent }),
    };
  });
}

/** An actor of some logic that was stopped says `active` for ever. */
function statusOf(actor: AnyActorRef): string {
  const { status = 'active' } = (actor.getSnapshot() ?? {}) as { status?: string };
  return status === 'active' && isOver(actor) ? 'stopped' : status;
}

/** The delayed events that these actors wait for, `after` included. */
export function timersOf(tree: ActorTree): DeadlineView[] {
  const root = tree.keys().next().value;
  if (!root || !(root.system.scheduler instanceof AgentTimers)) return [];
  const timers = root.system.scheduler;
  return [...tree].flatMap(([source, { name: actor }]) =>
    [...timers.of(source)]
      .filter(({ dueAt }) => Number.isFinite(dueAt))
      .map(({ event, dueAt }) => ({ name: event.type, dueAt, actor })),
  );
}
