import type { AnyActorRef } from 'xstate';
import { actorsBelow } from './agent-children.ts';

/**
 * Stops whatever runs below an agent. When a machine errors its children keep running, and nobody can stop them
 * through it any more; so an errored child is passed through. The event is what a parent would have sent.
 */
export function stopOrphans(agent: AnyActorRef): void {
  for (const child of actorsBelow(agent))
    if (child.getSnapshot().status === 'active') child.send({ type: 'xstate.stop' });
    else stopOrphans(child);
}
