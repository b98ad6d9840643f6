/** What must hold at the instant a call settles, before anything else can happen. */
import type { Operation } from './ledger.ts';
import type { Seen } from './model.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

export function checkSettled(world: World, operation: Operation): void {
  const { call, id, outcome, began, generation } = operation;
  if (generation !== world.generation) return;
  if (outcome?.ok === false) checkRefusal(world, operation, outcome.code);
  if (!outcome?.ok) return;
  const since = (fits: (event: Seen['event']) => boolean): boolean =>
    world.model.trace.some(({ event, moment }) => moment > began && event.sessionId === id && fits(event));
  if (call.kind === 'terminate') {
    const older = world.model.live.get(id);
    if (older && !since((event) => event.type === 'session_created')) {
      throw new Violation(8, `terminate ${id} resolved while it is ${older.status}`);
    }
  }
  if (call.kind === 'create' || call.kind === 'restore') {
    if (!since((event) => event.type === 'session_status' && event.status === 'active')) {
      throw new Violation(1, `${call.kind} ${id} resolved before it was active`);
    }
  }
}

/** A limit refuses only while it is reached. */
function checkRefusal({ settings, model }: World, { call, id, began }: Operation, code: string): void {
  if (code !== 'LIMIT_EXCEEDED') return;
  const endedSince = model.trace.filter(
    ({ event, moment }) => event.type === 'session_terminated' && moment > began,
  );
  const most = model.live.size + endedSince.length;
  if (settings.maxSessions === null || most < settings.maxSessions) {
    throw new Violation(4, `${call.kind} ${id} was refused at ${most} of ${settings.maxSessions} sessions`);
  }
}
