/** What must hold after every step. Nothing here asks the engine for what the test can count itself. */
import type { SessionInfo, SessionStatus } from '../../src/data.ts';
import { FAILURES } from './calls.ts';
import { type Operation, ownerOf } from './ledger.ts';
import type { Life } from './model.ts';
import { INVALID_IDS } from './scenario.ts';
import { Violation } from './violation.ts';
import { checkWatch } from './watch.ts';
import type { World } from './world.ts';

const RUNNING: readonly SessionStatus[] = ['active', 'idle'];

/** In the middle of a turn: only what is true at every instant. */
export function checkInstant(world: World): void {
  const [violation] = world.violations;
  if (violation) throw violation;
  const { maxSessions } = world.settings;
  const { size } = world.model.live;
  if (maxSessions !== null && size > maxSessions) {
    throw new Violation(4, `${size} sessions are registered, ${maxSessions} are allowed`);
  }
  for (const id of world.roster.ids()) {
    if (world.roster.count(id) > 1) throw new Violation(3, `${id} has ${world.roster.count(id)} live agents`);
    if (!world.model.live.has(id)) throw new Violation(3, `an agent of ${id} is alive, which is gone`);
  }
}

/** After a turn of the event loop, when all that needs neither gate nor clock has run. */
export async function checkTurn(world: World): Promise<void> {
  checkInstant(world);
  checkOutcomes(world);
  checkSendOrder(world);
  checkAborted(world);
  for (const watch of world.watches) checkWatch(watch, world.model.trace);
  checkBystander(world);
  if (world.closed) return;
  checkAgents(world);
  checkStats(world);
  await checkLookups(world);
}

function checkAgents({ roster, model, settings }: World): void {
  for (const life of model.live.values()) {
    const count = roster.count(life.id);
    const running = RUNNING.includes(life.status);
    if (!running && count > 0) throw new Violation(3, `${life.id} is ${life.status} and has a live agent`);
    const again = settings.restart === 'permanent' && roster.completed.has(life.id);
    if (running && again) throw new Violation(9, `${life.id} goes on without its agent, which is permanent`);
    const due = settings.agent && running && !roster.completed.has(life.id);
    if (due && count !== 1) throw new Violation(3, `${life.id} is ${life.status} without its agent`);
  }
}

function checkStats(world: World): void {
  const { manager, model } = world;
  const stats = manager.stats();
  const counts = model.counts();
  for (const status of ['initializing', 'active', 'idle', 'terminating'] as const) {
    const expected = counts[status];
    if (stats.sessions[status] !== expected) {
      throw new Violation(
        4,
        `stats() counts ${stats.sessions[status]} ${status}, the events say ${expected}`,
      );
    }
  }
  if (stats.listeners !== world.listeners) {
    throw new Violation(14, `stats() counts ${stats.listeners} listeners, ${world.listeners} are subscribed`);
  }
  const streams = world.openWatches(true).length;
  if (stats.streams !== streams) {
    throw new Violation(14, `stats() counts ${stats.streams} streams, ${streams} are open`);
  }
  const timed = world.clock.timers > 0;
  if (timed !== stats.deadlines > 0) {
    throw new Violation(14, `${stats.deadlines} deadlines on ${world.clock.timers} timers`);
  }
}

async function checkLookups(world: World): Promise<void> {
  const { manager, model } = world;
  const listed = await manager.listSessions();
  const between = [...model.live.values()]
    .filter(({ status }) => status === 'terminated')
    .map(({ id }) => id);
  const seen = listed.map(({ id }) => id).filter((id) => !between.includes(id));
  const expected = [...model.live.keys()].filter((id) => !between.includes(id));
  if (JSON.stringify(seen) !== JSON.stringify(expected)) {
    throw new Violation(4, `listed are [${seen}], registered are [${expected}]`);
  }
  for (const info of listed) {
    const life = model.live.get(info.id);
    if (life && !between.includes(life.id)) await checkSession(world, life, info);
  }
  for (const { id } of model.ended) if (!model.live.has(id)) await checkGone(world, id);
}

async function checkSession(world: World, life: Life, info: SessionInfo): Promise<void> {
  const session = world.manager.session(life.id);
  const [asked, history, files, keys] = await Promise.all([
    session.info(),
    session.context.history(),
    session.context.activeFiles(),
    session.context.keys(),
  ]);
  if (JSON.stringify(asked) !== JSON.stringify(info))
    throw new Violation(4, `two look-ups of ${life.id} differ`);
  const expected = { id: life.id, status: life.status, seq: life.createdSeq, restarts: life.restarts };
  const { id, status, seq, restarts } = info;
  if (JSON.stringify({ id, status, seq, restarts }) !== JSON.stringify(expected)) {
    throw new Violation(
      4,
      `${JSON.stringify({ id, status, seq, restarts })}, not ${JSON.stringify(expected)}`,
    );
  }
  const messages = history.map(({ content }) => String(content));
  const paths = files.map(({ path }) => path);
  for (const text of messages)
    if (ownerOf(text) !== life.id) throw new Violation(5, `${life.id} holds ${text}`);
  if (keys.length > 0) await world.ask(life.id, { kind: 'values' });
  if (world.indexed.has(life.id)) await world.ask(life.id, { kind: 'fileIndex' });
  const { maxFiles = 50 } = world.settings.config;
  if (paths.length > maxFiles) throw new Violation(6, `${life.id} has ${paths.length} of ${maxFiles} files`);
  const fitting = life.contents.filter(
    (contents) =>
      JSON.stringify(contents.messages) === JSON.stringify(messages) &&
      JSON.stringify(contents.files) === JSON.stringify(paths),
  );
  if (fitting.length === 0) {
    const held = JSON.stringify({ messages, files: paths });
    throw new Violation(
      6,
      `${life.id} holds ${held}, the events say ${JSON.stringify(life.contents.slice(0, 3))}`,
    );
  }
  life.contents = fitting.slice(0, 1);
  if (info.messageCount !== messages.length || info.activeFileCount !== paths.length) {
    throw new Violation(4, `the counts in info of ${life.id} are not those of its contents`);
  }
  checkFrozen(info, `info of ${life.id}`);
  for (const message of history) checkFrozen(message, `history of ${life.id}`);
  checkActivity(world, life, info);
}

/** A deadline that has passed has been kept. */
function checkActivity(world: World, life: Life, info: SessionInfo): void {
  const { idleAfterMs, terminateAfterMs } = world.settings.config;
  const now = world.clock.now();
  // A session that has just become active has its time before it, whatever it did before a restart.
  const { activeSince } = life;
  const since = now - Date.parse(info.lastActivityAt > activeSince ? info.lastActivityAt : activeSince);
  if (info.lastActivityAt < life.lastActivityAt) {
    throw new Violation(
      4,
      `${life.id} was last active ${info.lastActivityAt}, the events say ${life.lastActivityAt}`,
    );
  }
  if (life.status === 'idle' && (idleAfterMs === undefined || since < idleAfterMs)) {
    throw new Violation(4, `${life.id} is idle after ${since} ms`);
  }
  if (info.activeTasks > 0) return;
  if (life.status === 'active' && idleAfterMs !== undefined && since >= idleAfterMs) {
    throw new Violation(12, `${life.id} is still active after ${since} ms without activity`);
  }
  const over = terminateAfterMs !== undefined && since >= terminateAfterMs;
  if (over && RUNNING.includes(life.status)) {
    throw new Violation(12, `${life.id} is still ${life.status} after ${since} ms without activity`);
  }
}

async function checkGone(world: World, id: string): Promise<void> {
  const found = await world.manager.getSessionInfo(id).then(
    (info) => info.status,
    (error: { code?: string }) => error.code,
  );
  if (found !== 'SESSION_NOT_FOUND') throw new Violation(8, `${id} is gone, a look-up says ${found}`);
}

function checkFrozen(value: unknown, name: string): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Object.isFrozen(value)) throw new Violation(5, `the ${name} that a caller received is not frozen`);
  for (const each of Object.values(value)) checkFrozen(each, name);
}

/** Failures are typed and belong to the call; what was refused left no trace. */
function checkOutcomes(world: World): void {
  for (const operation of world.ledger.operations) {
    const { call, id, outcome, generation } = operation;
    if (!outcome) continue;
    const invalid = INVALID_IDS.includes(id) && call.kind !== 'close' && call.kind !== 'listSaved';
    if (outcome.ok) {
      if (invalid) throw new Violation(23, `${call.kind} took the id ${JSON.stringify(id)}`);
      continue;
    }
    const closed = outcome.code === 'MANAGER_CLOSED';
    const maker = operation.origin?.generation ?? generation;
    if (closed && (maker < world.generation || world.closed)) continue;
    const allowed = invalid ? ['INVALID_SESSION_ID'] : FAILURES[call.kind];
    const unasked = outcome.code === 'ABORTED' && !operation.abort.signal.aborted;
    if (unasked || !(allowed as readonly string[]).includes(outcome.code)) {
      throw new Violation(23, `${call.kind} ${id} failed with ${outcome.code}: ${outcome.message}`);
    }
    if (call.kind === 'send' && added(world, operation) !== undefined) {
      throw new Violation(7, `send ${id} "${operation.text}" was added and refused with ${outcome.code}`);
    }
  }
}

/** An aborted call is over at once; a terminate only until the session is terminating. */
function checkAborted({ ledger }: World): void {
  for (const { call, id, abort } of ledger.unsettled()) {
    if (abort.signal.aborted && (call.kind === 'create' || call.kind === 'send')) {
      throw new Violation(11, `${call.kind} ${id} was aborted and goes on`);
    }
  }
}

/** Sends on one session take effect in call order, before its end, and each once. */
function checkSendOrder(world: World): void {
  const newest = new Map<string, number>();
  for (const operation of world.ledger.operations) {
    const { call, outcome, id, text } = operation;
    if (call.kind !== 'send' || !outcome?.ok) continue;
    const seq = added(world, operation);
    if (seq === undefined) {
      if (outcome.value === text) throw new Violation(6, `send ${id} "${text}" was acknowledged, not added`);
      continue;
    }
    if (call.key !== null && outcome.value !== text) {
      throw new Violation(6, `send ${id} "${text}" was added, its key answered "${outcome.value}"`);
    }
    if (operation.inside) continue;
    if (seq < (newest.get(id) ?? 0)) throw new Violation(6, `send ${id} "${text}" overtook a later one`);
    newest.set(id, seq);
  }
}

/** The cursor of the event that a send brought, which must be one, in a session that runs. */
function added(world: World, { id, text }: Operation): number | undefined {
  const found = world.additions.get(text) ?? [];
  const [first] = found;
  if (!first) return undefined;
  if (found.length > 1) throw new Violation(6, `"${text}" was added ${found.length} times`);
  if (first.sessionId !== id) throw new Violation(5, `"${text}" was added to ${first.sessionId}`);
  if (!RUNNING.includes(first.status) && !first.inside) {
    throw new Violation(7, `"${text}" was added while ${id} was ${first.status}`);
  }
  return first.seq;
}

/** One registered after a listener that always throws sees the same. */
function checkBystander({ bystander, model }: World): void {
  if (bystander.length !== model.trace.length) {
    throw new Violation(
      10,
      `${bystander.length} of ${model.trace.length} events got past a listener that throws`,
    );
  }
  const different = model.trace.findIndex(({ event }, index) => bystander[index]?.seq !== event.seq);
  if (different >= 0) throw new Violation(10, `event ${different} differs for a later listener`);
}
