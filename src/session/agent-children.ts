import type { AnyActorRef, Snapshot } from 'xstate';

/** What an actor has for children, by their ids. Logic may give no snapshot at all, and one with `children` of another kind. */
export function childrenOf(snapshot: Snapshot<unknown> | undefined): Readonly<Record<string, unknown>> {
  return (snapshot as { children?: Record<string, unknown> } | undefined)?.children ?? {};
}

/** By shape, as XState itself tells them. */
export function isActor(value: unknown): value is AnyActorRef {
  return (
    typeof value === 'object' && value !== null && 'sessionId' in value && 'send' in value && 'ref' in value
  );
}

/** The actors that an agent has for children; a logic without children has none. */
export function actorsBelow(agent: AnyActorRef): AnyActorRef[] {
  return Object.values(childrenOf(agent.getSnapshot())).filter(isActor);
}
