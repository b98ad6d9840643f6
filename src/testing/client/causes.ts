/**
 * Nothing happens to a session that nobody asked of it: every event has its cause in a call on that very id that
 * is under way, in its own agent or hook, or in the clock.
 */
import type { SessionEvent } from '../../events/types.ts';
import { takeForeign } from './foreign.ts';
import type { Operation } from './ledger.ts';
import type { Life } from './model.ts';
import type { CallKind } from './scenario.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

type Status = Extract<SessionEvent, { type: 'session_status' }>;

/** To be asked before the model takes the event in. */
export function checkCause(world: World, event: SessionEvent): void {
  if (event.type === 'gap' || hasCause(world, event) || takeForeign(world, event)) return;
  const what = event.type === 'session_status' ? `${event.status} (${event.reason})` : event.type;
  const { abilities, agent, hooks } = world.subject;
  const unknown = !(agent || hooks || (abilities.agent && abilities.hooks));
  const hint = 'Give an agent and hooks of your own to verifyClient, so that the run knows of them.';
  throw new Violation(
    5,
    `${what} of ${event.sessionId}, which nobody asked for${unknown ? `. ${hint}` : ''}`,
  );
}

function hasCause(world: World, event: SessionEvent): boolean {
  const asked = (kinds: readonly CallKind[], fits?: (operation: Operation) => boolean): boolean =>
    [...world.ledger.unsettled(), ...world.uncertain].some(
      (operation) =>
        operation.id === event.sessionId &&
        kinds.includes(operation.call.kind) &&
        (fits?.(operation) ?? true),
    );
  switch (event.type) {
    case 'session_created':
      return asked(['create', 'getOrCreate', 'restore']);
    case 'session_status':
      return statusHasCause(world, event, (kind) => asked([kind]));
    case 'conversation_added':
      return asked(['send'], ({ text }) => text === event.message.content);
    case 'conversation_cleared':
      return asked(['clear']);
    case 'file_added':
      return asked(['addFile'], ({ call }) => 'path' in call && call.path === event.path);
    case 'file_removed':
      return (
        asked(['removeFile'], ({ call }) => 'path' in call && call.path === event.path) ||
        (asked(['addFile']) && isOldestOfTooMany(world, event))
      );
    case 'context_updated':
      return asked(['updateIndex', 'removeFile']);
    case 'working_context_updated':
      return (
        asked(['delete'], ({ call }) => 'key' in call && call.key === event.key) ||
        asked(
          ['put'],
          ({ call, text }) => 'key' in call && call.key === event.key && wrote(world, event, text),
        )
      );
    default:
      return true;
  }
}

/** Over the limit the file that was added first goes. */
function isOldestOfTooMany(
  { model, settings }: World,
  event: Extract<SessionEvent, { type: 'file_removed' }>,
): boolean {
  const { maxFiles = 50 } = settings.config;
  const contents = model.live.get(event.sessionId)?.contents ?? [];
  return contents.some(({ files }) => files.length >= maxFiles && files[0] === event.path);
}

/** As far as the store knows. */
function wrote({ medium }: World, { seq }: SessionEvent, text: string): boolean {
  const { value } = (medium.facts.get(seq)?.payload ?? {}) as { readonly value?: unknown };
  return value === undefined || value === text;
}

function statusHasCause(world: World, event: Status, asked: (kind: CallKind) => boolean): boolean {
  const { status, previousStatus, reason, sessionId: id } = event;
  const { idleAfterMs, terminateAfterMs } = world.settings.config;
  const life = world.model.live.get(id);
  if (status === 'idle') return isInactive(world, event, idleAfterMs) && !isAtWork(world, event);
  const begins = status === 'terminating' || (status === 'terminated' && previousStatus === 'initializing');
  if (!begins) return true;
  switch (reason) {
    case 'normal':
      return asked('terminate');
    case 'killed':
      return asked('kill') || (life !== undefined && wasKilled(world, life));
    case 'idle':
      return isInactive(world, event, terminateAfterMs);
    case 'crashed':
      return world.roster.takeFault(id);
    default:
      return true;
  }
}

/** The kill that announced a restart has settled; the old incarnation is over once the pause before it is. */
function wasKilled(world: World, { id, restarting = 0 }: Life): boolean {
  return world.ledger.operations.some(
    ({ call, id: killed, began, ended = Number.POSITIVE_INFINITY }) =>
      call.kind === 'kill' && killed === id && began < restarting && restarting < ended,
  );
}

/** Its agent has heard of a dispatch that is still under way. */
function isAtWork(world: World, { sessionId: id, at }: Status): boolean {
  const origin = world.originOf(id);
  return world.ledger
    .unsettled()
    .some(
      (operation) =>
        operation.id === id &&
        operation.call.kind === 'dispatch' &&
        operation.beganAtMs < Date.parse(at) &&
        world.agents.hasHeard(operation.n, origin),
    );
}

function isInactive(world: World, { sessionId: id, at }: Status, afterMs: number | undefined): boolean {
  const life = world.model.live.get(id);
  if (!life || afterMs === undefined) return false;
  // A dispatch makes no event, and counts all the same while anybody knows of it; not once this was decided.
  const { atMs, generation, stored } = life.used;
  const counts = (stored || generation === world.generation) && atMs < Date.parse(at);
  const used = counts ? atMs : 0;
  return world.clock.now() - Math.max(Date.parse(life.lastActivityAt), used) >= afterMs;
}
