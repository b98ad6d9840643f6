/** The end of a run: everything comes to rest, and nothing is left over. */
import { perform, quiesce } from './commands.ts';
import { checkLinearizable } from './history.ts';
import { checkInstant, checkTurn } from './invariants.ts';
import { turn } from './ports.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** Longer than every timeout of the runs together. */
const MOST_ROUNDS = 60;
const ROUND_MS = 250;

export async function comeToRest(world: World): Promise<void> {
  if (world.closed) await perform(world, { do: 'reopen' });
  await quiesce(world);
  for (let round = 0; round < MOST_ROUNDS && isBusy(world); round += 1) {
    world.clock.advance(ROUND_MS);
    await quiesce(world);
    checkInstant(world);
  }
  await checkTurn(world);
  checkSettled(world);
  for (const id of new Set(world.ledger.operations.map((operation) => operation.id))) {
    checkLinearizable(world, id);
  }
  await closeForGood(world);
}

function isBusy({ ledger, model }: World): boolean {
  return ledger.unsettled().length > 0 || [...model.live.values()].some(({ status }) => isBetween(status));
}

function isBetween(status: string): boolean {
  return status !== 'active' && status !== 'idle';
}

function checkSettled(world: World): void {
  const [first] = world.ledger.unsettled();
  if (first) throw new Violation(11, `${first.call.kind} ${first.id} never settled`);
  const { pending } = world.manager.stats();
  if (pending !== 0) throw new Violation(11, `stats() counts ${pending} pending calls at rest`);
  for (const { id, status } of world.model.live.values()) {
    if (isBetween(status)) throw new Violation(12, `${id} is still ${status} at rest`);
  }
  const { idleAfterMs, terminateAfterMs } = world.settings.config;
  const { deadlines } = world.manager.stats();
  const timed = idleAfterMs !== undefined || terminateAfterMs !== undefined;
  const most = timed ? world.model.live.size * 2 : 0;
  if (deadlines > most) {
    throw new Violation(14, `${deadlines} deadlines for ${world.model.live.size} sessions at rest`);
  }
}

/** After `close` every call is refused, every stream has ended, and nothing is held. */
async function closeForGood(world: World): Promise<void> {
  const streams = world.openWatches(true);
  world.close();
  await world.settleClosed();
  for (const stream of streams) {
    if (!stream.ended) throw new Violation(10, `${stream.name} goes on after close`);
  }
  const { listeners, streams: open, deadlines } = world.manager.stats();
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
