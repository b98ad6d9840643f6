/** What must hold at the instant a call settles, before anything else can happen. */
import type { SessionEvent } from '../../events/types.ts';
import type { Listed } from './history.ts';
import type { Operation, Origin } from './ledger.ts';
import { versionOf } from './ports.ts';
import { isWrite } from './spec.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

export function checkSettled(world: World, operation: Operation): void {
  const { call, outcome, generation, lostAt } = operation;
  if (!outcome || lostAt !== undefined || generation !== world.generation) return;
  if (outcome.ok) noteActivity(world, operation);
  if (outcome.ok && operation.origin) checkOrigin(world, operation, operation.origin);
  if (call.kind === 'dispatch' && call.act !== 'own') world.agents.settle(operation);
  if (!outcome.ok) checkRefusal(world, operation, outcome.code);
  else if (call.kind === 'terminate') checkTerminated(world, operation);
  else if (call.kind === 'kill') checkKilled(world, operation);
  else if (call.kind === 'create' || call.kind === 'restore') checkCreated(world, operation);
  else if (call.kind === 'getOrCreate') checkRunning(world, operation);
  else if (call.kind === 'send') checkMessage(world, operation);
  else if (call.kind === 'readFile') checkFresh(world, operation, call.path);
  else if (call.kind === 'list') checkListed(world, outcome.value as readonly Listed[]);
}

/** What changes the runs' own agent. */
const CHANGING: readonly string[] = ['emit', 'write', 'job'];

/** A write counts as activity even when it makes no fact, and then only its own process knows. */
function noteActivity({ model, clock }: World, { id, call, generation, beganAtMs }: Operation): void {
  const life = model.live.get(id);
  if (!life || !(isWrite(call.kind) || call.kind === 'dispatch')) return;
  life.heardAtMs = clock.now();
  // With where its agent is then the time of a dispatch is stored.
  const stored = call.kind === 'dispatch' && CHANGING.includes(call.act);
  if (beganAtMs > life.used.atMs) life.used = { atMs: beganAtMs, generation, stored };
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

/** What a send resolves with is the message that was told, all of it. */
function checkMessage({ messages }: World, { id, text, call, inside, message }: Operation): void {
  // A key may bring a message of before a restore, of which nobody was told in this run.
  if (call.kind === 'send' && call.key !== null) return;
  const isTold = messages.has(`${id} ${JSON.stringify(message)}`);
  if (!isTold || message?.role !== (inside ? 'assistant' : 'user'))
    throw new Violation(
      6,
      `send ${id} "${text}" resolved with ${JSON.stringify(message)}, which nobody was told of`,
    );
}

/** What comes from the disk is what the disk held at some instant of the call. */
function checkFresh({ disk }: World, { id, began, outcome }: Operation, path: string): void {
  const version = outcome?.ok && typeof outcome.value === 'string' ? versionOf(outcome.value) : undefined;
  const least = disk.versionAt(path, began);
  if (version !== undefined && version < least)
    throw new Violation(
      4,
      `${path} of ${id} is read as of version ${version}, the disk had ${least} at the call`,
    );
}

/** Each once, in the order of creation. */
function checkListed({ setAside }: World, listed: readonly Listed[]): void {
  listed.forEach(({ id, seq, status }, n) => {
    if (seq <= (listed[n - 1]?.seq ?? 0)) throw new Violation(4, `${id} is listed out of order`);
    if (status === 'terminated') throw new Violation(4, `${id} is listed, which is terminated`);
    if (setAside.has(id)) throw new Violation(16, `${id} is listed, and cannot be read`);
  });
}

function checkTerminated(world: World, operation: Operation): void {
  const begun = since(world, operation).some(({ type }) => type === 'session_created');
  if (world.medium.sessions.has(operation.id) && !begun && !isBeginning(world, operation.id))
    throw new Violation(8, `terminate ${operation.id} resolved while it is stored`);
  const older = world.model.live.get(operation.id);
  if (older && !begun) {
    throw new Violation(8, `terminate ${operation.id} resolved while it is ${older.status}`);
  }
}

/** Stored already, and not told yet. */
export function isBeginning({ ledger }: World, id: string): boolean {
  return ledger
    .unsettled()
    .some(({ id: begun, call }) => begun === id && ['create', 'getOrCreate', 'restore'].includes(call.kind));
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
function checkRefusal(
  { settings, model, ledger, slow }: World,
  { call, id, began }: Operation,
  code: string,
): void {
  if (code !== 'LIMIT_EXCEEDED') return;
  const endedSince = model.trace.filter(
    ({ event, moment }) => event.type === 'session_terminated' && moment > began,
  );
  const beginning = ledger.operations.filter(
    ({ id: other, call: made, lostAt, outcome, ended = Number.POSITIVE_INFINITY }) =>
      ['create', 'getOrCreate', 'restore'].includes(made.kind) &&
      other !== id &&
      lostAt === undefined &&
      ended > began &&
      outcome?.ok !== true &&
      !model.live.has(other),
  );
  // With a slow store those count too that are on their way, and may still fail.
  const onTheirWay = slow ? beginning.length : 0;
  const most = model.live.size + endedSince.length + onTheirWay;
  if (settings.maxSessions === null || most < settings.maxSessions) {
    throw new Violation(4, `${call.kind} ${id} was refused at ${most} of ${settings.maxSessions} sessions`);
  }
}
