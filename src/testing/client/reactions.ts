/** What a listener does from inside a delivery: such calls are queued, never recursive. */
import type { SessionEvent } from '../../events/types.ts';
import type { Call, Plan, Reaction } from './scenario.ts';
import type { World } from './world.ts';

export const PLAIN_PLAN: Plan = { initialize: 'ok', again: 'ok', cleanup: 'ok', brittle: 0 };
/** So that a reaction to its own effect comes to an end. */
const MOST_REACTIONS = 4;

const REACTIONS: Readonly<Record<Exclude<Reaction, 'none'>, { readonly to: string; readonly call: Call }>> = {
  'send on active': { to: 'active', call: { kind: 'send', key: null, tokens: 1 } },
  'terminate on terminating': { to: 'terminating', call: { kind: 'terminate', timeoutMs: null } },
  'create on terminated': { to: 'session_terminated', call: { kind: 'create', plan: PLAIN_PLAN } },
  'kill on crash': { to: 'session_crashed', call: { kind: 'kill' } },
};

export function react(world: World, event: SessionEvent): void {
  const { reaction } = world.settings;
  if (reaction === 'none' || event.type === 'gap' || world.closed) return;
  const { to, call } = REACTIONS[reaction];
  const what = event.type === 'session_status' ? event.status : event.type;
  if (what !== to || world.reactions >= MOST_REACTIONS) return;
  world.reactions += 1;
  world.call(event.sessionId, call);
}
