/** The user's own invariants, asked after every turn of the event loop. */
import type { SessionClient } from '../../client.ts';
import type { SessionInfo } from '../../data.ts';
import type { PublishedEvent } from '../../events/types.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** A run as it stands. */
export interface Observation {
  readonly client: SessionClient;
  /** Every session that is there, in creation order. */
  readonly sessions: readonly SessionInfo[];
  /** Everything that was published since the run began, oldest first. */
  readonly events: readonly PublishedEvent[];
}

/** An invariant holds when it gives anything but `false`; one that throws is broken, and its message says how. */
export async function checkOwnInvariants(world: World, sessions: readonly SessionInfo[]): Promise<void> {
  const entries = Object.entries(world.subject.invariants);
  if (entries.length === 0) return;
  const events = world.model.trace.map(({ event }) => event as PublishedEvent);
  const observed: Observation = { client: world.manager as SessionClient, sessions, events };
  for (const [name, holds] of entries) {
    const verdict = await world.withStore(Promise.resolve(ask(name, holds, observed)));
    const seen = sessions.map(({ id, status }) => `${id} (${status})`).join(', ') || 'no session';
    if (verdict === false) throw new Violation(name, `it does not hold of ${seen}`);
  }
}

async function ask(name: string, holds: (seen: Observation) => unknown, seen: Observation): Promise<unknown> {
  try {
    return await holds(seen);
  } catch (error) {
    throw new Violation(name, error instanceof Error ? error.message : String(error), error);
  }
}
