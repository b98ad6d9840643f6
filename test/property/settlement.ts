/** What must hold at the instant a call settles, before anything else can happen. */
import type { SessionEvent } from '../../src/events/types.ts';
import type { Operation, Origin } from './ledger.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

export function checkSettled(world: World, operation: Operation): void {
  const { call, outcome, generation } = operation;
  if (!outcome || generation !== world.generation) return;
  if (outcome.ok && operation.origin) checkOrigin(world, operation, operation.origin);
  if (!outcome.ok) checkRefusal(world, operation, outcome.code);
  else if (call.kind === 'terminate') checkTerminated(world, operation);
  else if (call.kind === 'kill') checkKilled(world, operation);
  else if (call.kind === 'create' || call.kind === 'restore') checkCreated(world, operation);
  else if (call.kind === 'getOrCreate') checkRunning(world, operation);
}

/** What has happened to the session since the call began. */
function since({ model }: World, { id, began }: Operation): SessionEvent[] {
  return model.trace
    .filter(({ event, moment }) => moment > began && event.sessionId === id)
    .map(({ event }) => event);
}

/** What is left of a hook or an agent writes nothing into the incarnation after its own. */
function checkOrigin(
  world: World,
  { id, text, began }: Operation,
  { life, restarts, generation }: Origin,
): void {
  const over = life.endedAt < began || life.restartedAt.filter((at) => at < began).length > restarts;
  if (over || generation !== world.generation) {
    throw new Violation(5, `${text} was written from inside an incarnation of ${id} that is over`);
  }
}

function checkTerminated(world: World, operation: Operation): void {
  const older = world.model.live.get(operation.id);
  if (older && !since(world, operation).some(({ type }) => type === 'session_created')) {
    throw new Violation(8, `terminate ${operation.id} resolved while it is ${older.status}`);
  }
}

/** Gone, or about to start again. */
function checkKilled(world: World, operation: Operation): void {
  const life = world.model.live.get(operation.id);
  const over = since(world, operation).some(
    (event) => event.type === 'session_status' && event.status === 'terminated',
  );
  if (life && life.restarting === undefined && !over) {
    throw new Violation(8, `kill ${operation.id} resolved while it is ${life.status}`);
  }
}

function checkCreated(world: World, operation: Operation): void {
  const active = since(world, operation).some(
    (event) => event.type === 'session_status' && event.status === 'active',
  );
  if (!active) {
    throw new Violation(1, `${operation.call.kind} ${operation.id} resolved before it was active`);
  }
}

function checkRunning(world: World, operation: Operation): void {
  const running: readonly unknown[] = ['active', 'idle'];
  const ran = since(world, operation).some(
    (event) =>
      event.type === 'session_status' &&
      (running.includes(event.status) || running.includes(event.previousStatus)),
  );
  const status = world.model.live.get(operation.id)?.status;
  if (!ran && !running.includes(status)) {
    throw new Violation(1, `getOrCreate ${operation.id} resolved while it is ${status}`);
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
