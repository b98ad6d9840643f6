/** The end of a run: everything comes to rest, and nothing is left over. */
import { quiesce } from './commands.ts';
import { layToRest, reopen, settleClosed } from './crash.ts';
import { checkDisk, foldAll } from './durable.ts';
import { checkLinearizable } from './history.ts';
import { checkDeadlines, checkInstant, checkListing, checkLookups, checkTurn } from './invariants.ts';
import { turn } from './ports.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** Longer than every timeout of the runs together. */
const MOST_ROUNDS = 60;
const ROUND_MS = 250;
/** After which what the store refused has been tried again. */
const RETRY_ROUNDS = 8;

export async function comeToRest(world: World): Promise<void> {
  world.medium.heal();
  if (world.closed) await reopen(world);
  await quiesce(world);
  if (world.process.phase === 'refused' || world.process.connection.poisoned) await reopen(world);
  await settle(world);
  if (world.hurt && isBusy(world)) await takeUpAgain(world);
  world.atRest = !isRestless(world);
  if (!world.atRest) return;
  // A deadline wakes whom it is due for, before anybody looks.
  checkDeadlines(world, await checkListing(world));
  await wakeAll(world);
}

/** One that sleeps may find that something was due meanwhile. */
async function wakeAll(world: World): Promise<void> {
  for (const id of world.model.live.keys()) world.call(id, { kind: 'info' });
  await settle(world);
}

export async function checkAtRest(world: World): Promise<void> {
  await checkTurn(world);
  if (!world.atRest) {
    world.model.note('never came to rest');
    await closeForGood(world);
    return;
  }
  const listed = await checkListing(world);
  await checkLookups(world, listed);
  if (world.subject.abilities.store) await checkDisk(world);
  // Who slept was woken by these look-ups, and is taken up again behind their answers.
  await quiesce(world);
  checkSettled(world);
  for (const id of new Set(world.ledger.operations.map((operation) => operation.id))) {
    checkLinearizable(world, id);
  }
  await closeForGood(world);
  // An agent that comes back may go on at once.
  if (world.subject.abilities.store && !world.subject.agent) await checkIdempotent(world);
  await layToRest(world);
  checkInstant(world);
}

async function settle(world: World): Promise<void> {
  await quiesce(world);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (!isBusy(world) && !(world.hurt && round < RETRY_ROUNDS)) return;
    world.advance(ROUND_MS);
    await quiesce(world);
    checkInstant(world);
  }
}

/** What the store refused may be tried again: an end by asking for it, all else by opening the store again. */
async function takeUpAgain(world: World): Promise<void> {
  for (const { id, status } of world.model.live.values())
    if (status === 'terminating') world.call(id, { kind: 'terminate', timeoutMs: null });
  await settle(world);
  const [stuck] = [...world.model.live.values()].filter(({ status }) => status === 'terminating');
  if (stuck) throw new Violation(12, `${stuck.id} is terminating, and terminating it again does not help`);
  if (!isBusy(world)) return;
  world.model.note('reopened because a start was refused');
  await reopen(world);
  await settle(world);
}

/** An agent of the user's may fail or complete again and again, and be restarted each time, for ever. */
function isRestless(world: World): boolean {
  return world.subject.agent !== undefined && world.settings.restart !== 'temporary' && isBusy(world);
}

function isBusy({ ledger, model, process }: World): boolean {
  const { phase } = process;
  return (
    phase === 'opening' ||
    ledger.unsettled().length > 0 ||
    [...model.live.values()].some(({ status }) => isBetween(status))
  );
}

function isBetween(status: string): boolean {
  return status !== 'active' && status !== 'idle';
}

function checkSettled(world: World): void {
  const [first] = world.ledger.unsettled();
  if (first) throw new Violation(11, `${first.call.kind} ${first.id} never settled`);
  const { pending = 0, deadlines = 0 } = world.stats ?? {};
  if (pending !== 0) throw new Violation(11, `stats() counts ${pending} pending calls at rest`);
  for (const { id, status } of world.model.live.values()) {
    if (isBetween(status)) throw new Violation(12, `${id} is still ${status} at rest`);
  }
  const { idleAfterMs, terminateAfterMs } = world.settings.config;
  const timed = idleAfterMs !== undefined || terminateAfterMs !== undefined;
  const most = timed ? world.model.live.size * 2 + 1 : 0;
  if (deadlines > most) {
    throw new Violation(14, `${deadlines} deadlines for ${world.model.live.size} sessions at rest`);
  }
}

/** After `close` every call is refused, every stream has ended, and nothing is held. */
async function closeForGood(world: World): Promise<void> {
  world.tape.begin('close, then ask for a and terminate it');
  const streams = world.openWatches(true);
  world.close();
  await settleClosed(world);
  for (const stream of streams) {
    if (!stream.ended && !stream.waiting) throw new Violation(10, `${stream.name} goes on after close`);
  }
  const { listeners = 0, streams: open = 0, deadlines = 0 } = world.stats ?? {};
  if (listeners + open + deadlines > 0) {
    throw new Violation(14, `after close: ${listeners} listeners, ${open} streams, ${deadlines} deadlines`);
  }
  world.call('a', { kind: 'info' });
  world.call('a', { kind: 'terminate', timeoutMs: null });
  await turn();
  const refused = world.ledger.operations.slice(-2);
  for (const { call, outcome } of refused) {
    if (outcome?.ok !== false || outcome.code !== 'MANAGER_CLOSED') {
      throw new Violation(11, `${call.kind} after close: ${JSON.stringify(outcome)}`);
    }
  }
  checkInstant(world);
}

/** 17: of sessions at rest a recovery changes nothing, nor does a second one. */
async function checkIdempotent(world: World): Promise<void> {
  world.tape.begin('recover twice');
  // Activity that makes no fact, and with it the putting off of a deadline, is not stored.
  await reopen(world);
  await settle(world);
  world.close();
  await settleClosed(world);
  const before = JSON.stringify(await foldAll(world));
  for (let time = 1; time <= 2; time += 1) {
    const facts = toldIn(world);
    await reopen(world);
    await quiesce(world);
    world.close();
    await settleClosed(world);
    const more = toldIn(world) - facts;
    if (more > 0) throw new Violation(17, `recovery ${time} of sessions at rest tells of ${more} events`);
    const after = JSON.stringify(await foldAll(world));
    if (after !== before)
      throw new Violation(17, `recovery ${time} of sessions at rest: ${after}, not ${before}`);
  }
}

/** An agent that comes back is written down again. */
function toldIn({ medium }: World): number {
  return [...medium.facts.values()].filter(({ type }) => type !== 'agent_saved').length;
}
