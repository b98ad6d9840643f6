/** What must hold after every step. Nothing here asks the engine for what the test can count itself. */
import type { SessionInfo, SessionStatus } from '../../data.ts';
import { textOf } from './foreign.ts';
import { ownerOf } from './ledger.ts';
import type { Life } from './model.ts';
import { checkAborted, checkOutcomes, checkSendOrder } from './outcomes.ts';
import { checkOwnInvariants } from './own-invariants.ts';
import { isBeginning } from './settlement.ts';
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
  if (world.down) return;
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
  for (const watch of world.watches) checkWatch(watch, world.model.trace, world.process.phase === 'ready');
  checkBystander(world);
  if (world.closed || world.process.phase !== 'ready') return;
  checkAgents(world);
  checkStats(world);
  await world.medium.undisturbed(() => checkShown(world));
}

/** A look-up of a session that sleeps wakes it, and waits for a store that is slow. */
async function checkShown(world: World): Promise<void> {
  const { asleep } = world;
  if (asleep > 0) world.model.note('asleep');
  const { poisoned } = world.process.connection;
  if (asleep > 0 && (poisoned || world.medium.kind !== 'memory' || !world.still)) return;
  const infos = await checkListing(world);
  await checkOwnInvariants(world, infos);
  if (asleep > 0 && !world.settings.curious) checkDeadlines(world, infos);
  else await checkLookups(world, infos);
}

function checkAgents(world: World): void {
  const { roster, model, settings, hurt, still, asleep } = world;
  let missing = 0;
  for (const life of model.live.values()) {
    const count = roster.count(life.id);
    const running = RUNNING.includes(life.status);
    if (!running && count > 0) throw new Violation(3, `${life.id} is ${life.status} and has a live agent`);
    const again = settings.restart === 'permanent' && roster.completed.has(life.id);
    // One that sleeps finds out when it is woken.
    if (running && again && still && !hurt && asleep === 0)
      throw new Violation(9, `${life.id} goes on without its agent, which is permanent`);
    const due = settings.agent && running && !roster.completed.has(life.id);
    if (due && count !== 1) missing += 1;
  }
  // What its agent did may be on its way to the store; one that could not be stored is asked for again.
  // At rest what was refused has been asked for again.
  if (missing > asleep && still && (!hurt || world.atRest))
    throw new Violation(3, `${missing} sessions are awake without their agents`);
  const alive = roster.ids().reduce((sum, id) => sum + roster.count(id), 0);
  const awake = model.live.size - asleep;
  if (alive > awake && still && !hurt)
    throw new Violation(3, `${alive} agents are alive in ${awake} sessions`);
}

function checkStats(world: World): void {
  const { model, stats } = world;
  if (!stats) return;
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
  const streams = world.openWatches(true);
  // Of one whose reader is held up the last event may be on its way.
  const least = streams.filter(({ waiting }) => !waiting).length;
  if (stats.streams < least || stats.streams > streams.length)
    throw new Violation(14, `stats() counts ${stats.streams} streams, ${streams.length} are open`);
  const timed = world.clock.timers > 0;
  // An agent of the user's may have timers of its own.
  const fits = world.subject.agent ? timed || stats.deadlines === 0 : timed === stats.deadlines > 0;
  if (!fits) {
    throw new Violation(14, `${stats.deadlines} deadlines on ${world.clock.timers} timers`);
  }
}

export async function checkListing(world: World): Promise<readonly SessionInfo[]> {
  const { manager, model } = world;
  const listed = await world.withStore(manager.listSessions());
  const between = [...model.live.values()]
    .filter(({ status }) => status === 'terminated')
    .map(({ id }) => id);
  const seen = listed.map(({ id }) => id).filter((id) => !between.includes(id));
  const expected = [...model.live.keys()].filter((id) => !between.includes(id));
  if (JSON.stringify(seen) !== JSON.stringify(expected)) {
    throw new Violation(4, `listed are [${seen}], registered are [${expected}]`);
  }
  return listed;
}

export function checkDeadlines(world: World, listed: readonly SessionInfo[]): void {
  for (const info of listed) {
    const life = world.model.live.get(info.id);
    if (life) checkActivity(world, life, info);
  }
}

export async function checkLookups(world: World, listed: readonly SessionInfo[]): Promise<void> {
  const { model } = world;
  for (const info of listed) {
    const life = model.live.get(info.id);
    if (life && life.status !== 'terminated') await checkSession(world, life, info);
  }
  for (const life of model.ended) {
    const { id } = life;
    if (world.seenGone.has(life) || world.setAside.has(id)) continue;
    if (model.live.has(id) || isBeginning(world, id)) continue;
    await checkGone(world, life.id);
    world.seenGone.add(life);
  }
}

async function checkSession(world: World, life: Life, info: SessionInfo): Promise<void> {
  const began = world.ledger.moment();
  const session = world.manager.session(life.id);
  const looking = Promise.all([
    session.info(),
    session.context.history(),
    session.context.activeFiles(),
    session.context.keys(),
  ]);
  const found = await world.withStore(looking.catch((error: unknown) => ({ error })));
  // One that sleeps was woken by this, and what was due meanwhile is due now.
  if (world.model.trace.some(({ event, moment }) => event.sessionId === life.id && moment > began)) return;
  if ('error' in found) throw found.error;
  const [asked, history, files, keys] = found;
  if (JSON.stringify(asked) !== JSON.stringify(info))
    throw new Violation(
      4,
      `two look-ups of ${life.id} differ: ${JSON.stringify(info)}, then ${JSON.stringify(asked)}`,
    );
  const expected = { id: life.id, status: life.status, seq: life.createdSeq, restarts: life.restarts };
  const { id, status, seq, restarts } = info;
  if (JSON.stringify({ id, status, seq, restarts }) !== JSON.stringify(expected)) {
    throw new Violation(
      4,
      `${JSON.stringify({ id, status, seq, restarts })}, not ${JSON.stringify(expected)}`,
    );
  }
  const messages = history.map(({ content }) => textOf(content));
  const paths = files.map(({ path }) => path);
  for (const text of messages)
    if (ownerOf(text) !== life.id && !world.foreignTexts.has(text))
      throw new Violation(5, `${life.id} holds ${text}`);
  if (keys.length > 0 || world.valued.has(life.id)) await world.ask(life.id, { kind: 'values' });
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
  if (new Set(history.map((message) => message.id)).size < history.length)
    throw new Violation(6, `two messages of ${life.id} have one id: ${history.map((message) => message.id)}`);
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
  // What is due may be on its way to the store; one that was refused is looked at again, some time.
  if (info.activeTasks > 0 || !world.still || (world.hurt && !world.atRest)) return;
  // What took its time to be stored counts from when it was.
  const heard = Math.min(since, now - life.heardAtMs);
  if (life.status === 'active' && idleAfterMs !== undefined && heard >= idleAfterMs) {
    throw new Violation(12, `${life.id} is still active after ${heard} ms without activity`);
  }
  const over = terminateAfterMs !== undefined && heard >= terminateAfterMs;
  if (over && RUNNING.includes(life.status)) {
    throw new Violation(12, `${life.id} is still ${life.status} after ${heard} ms without activity`);
  }
}

async function checkGone(world: World, id: string): Promise<void> {
  const asked = world.manager.getSessionInfo(id).then(
    (info) => info.status,
    (error: { code?: string }) => error.code,
  );
  const found = await world.withStore(asked);
  if (found !== 'SESSION_NOT_FOUND') throw new Violation(8, `${id} is gone, a look-up says ${found}`);
}

function checkFrozen(value: unknown, name: string): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Object.isFrozen(value)) throw new Violation(5, `the ${name} that a caller received is not frozen`);
  for (const each of Object.values(value)) checkFrozen(each, name);
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
