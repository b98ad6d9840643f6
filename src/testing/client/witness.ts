/** What a process tells its listeners, taken into the model and held against all that is known at that instant. */
import type { SessionStatus } from '../../data.ts';
import type { SessionEvent } from '../../events/types.ts';
import { checkCause } from './causes.ts';
import { textOf } from './foreign.ts';
import { checkHooks } from './hooks.ts';
import type { Process } from './process.ts';
import { react } from './reactions.ts';
import { asObject } from './tape.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** Listeners that are added to each manager: the observer, one that always throws, one after it. */
export const STANDING_LISTENERS = 3;

/** One `conversation_added`, and where its session stood. */
export interface Addition {
  readonly seq: number;
  readonly sessionId: string;
  readonly status: SessionStatus;
  /** Written by a hook or an agent. */
  readonly inside: boolean;
}

/** Nothing that a dead process tells counts. */
export function listen(world: World, process: Process): void {
  const { manager } = process;
  const hear = (event: SessionEvent) =>
    world.watchFor(() => {
      world.deliveries.check(event, 0);
      observe(world, event, process, true);
    });
  manager.subscribeToAllSessions((event) => process.dead || hear(event));
  manager.subscribeToAllSessions(() => {
    throw new Error('a listener that always throws');
  });
  manager.subscribeToAllSessions((event) => {
    if (process.dead) return;
    world.bystander.push(event);
    react(world, event);
  });
}

/** An event that nobody was told of, because the process ended between the write and the telling. */
export function adopt(world: World, event: SessionEvent): void {
  observe(world, event, world.process, false);
  world.bystander.push(event);
}

function observe(world: World, event: SessionEvent, process: Process, told: boolean): void {
  const { model, medium, ledger, clock } = world;
  if (event.type === 'session_created') world.forgetStarts(event.sessionId);
  if (event.type !== 'gap' && world.subject.abilities.store && !medium.facts.has(event.seq))
    throw new Violation(16, `${event.type} ${event.seq} is told, and not in the store`);
  world.tape.write({ kind: 'event', event: asObject(event) });
  if (event.type === 'session_status' || event.type === 'session_created') drawChart(world, event);
  checkCause(world, event);
  checkHooks(world, event);
  const before = JSON.stringify(model.counts());
  model.observe(event, ledger.moment(), process.generation, clock.now());
  if (begins(event)) process.roster.renew(event.sessionId);
  if (told && !world.closed && process.phase === 'ready') checkShown(world, event, before);
  if (event.type === 'conversation_added') noteAddition(world, event);
  rememberForSaves(world, event.sessionId);
}

/** The first event of an incarnation. */
function begins(event: SessionEvent): event is ChartEvent {
  return (
    event.type === 'session_created' || (event.type === 'session_status' && event.status === 'initializing')
  );
}

/** Where the session's chart is once this is told. */
function drawChart({ tape }: World, event: ChartEvent): void {
  const status = event.type === 'session_created' ? 'initializing' : event.status;
  tape.write({
    kind: 'snapshot',
    definition: 'session',
    actor: event.sessionId,
    value: status === 'active' || status === 'idle' ? { running: status } : status,
    status: status === 'terminated' ? 'done' : 'active',
  });
}

type ChartEvent = Extract<SessionEvent, { type: 'session_status' | 'session_created' }>;

/** When an event is delivered, a look-up shows its effect: never what was before it. */
function checkShown({ model, stats }: World, event: SessionEvent, before: string): void {
  const after = JSON.stringify(model.counts());
  const found = JSON.stringify(stats?.sessions);
  // A restart that fails and the next one are one decision, which leaves the counts as they were.
  const again = model.live.get(event.sessionId ?? '')?.restarting !== undefined;
  if (before !== after && found === before && !again) {
    throw new Violation(10, `${event.type} ${event.seq} is told, and stats() still says ${before}`);
  }
}

function noteAddition(
  { model, ledger, additions, messages, foreign }: World,
  { message, sessionId, seq }: Extract<SessionEvent, { type: 'conversation_added' }>,
): void {
  const text = textOf(message.content);
  const status = model.live.get(sessionId)?.status ?? 'terminated';
  const inside =
    foreign.has(seq) || ledger.operations.some((operation) => operation.text === text && operation.inside);
  messages.add(`${sessionId} ${JSON.stringify(message)}`);
  additions.set(text, [...(additions.get(text) ?? []), { seq, sessionId, status, inside }]);
}

function rememberForSaves({ model, ledger }: World, id: string | undefined): void {
  if (id === undefined) return;
  const saving = ledger.unsettled().some(({ call, id: saved }) => call.kind === 'save' && saved === id);
  if (saving) model.remember(id);
}
