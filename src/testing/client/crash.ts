/** The end of a process, by `close` or by death, and the next one on what it left. */
import { toEvent } from '../../events/face.ts';
import type { Fact } from '../../session/facts.ts';
import type { JournalRecord } from '../../store/port.ts';
import { TestClock, turn } from './ports.ts';
import type { Command } from './scenario.ts';
import { Violation } from './violation.ts';
import { adopt } from './witness.ts';
import type { World } from './world.ts';

/** The process dies: what it was told is all that anybody knows, what it wrote is all that is left. */
export async function crash(
  world: World,
  { landed, haunts }: Extract<Command, { do: 'crash' }>,
): Promise<void> {
  if (world.down) return;
  const { process, clock, ledger, model } = world;
  const unanswered = ledger.unsettled();
  process.connection.cut(landed);
  process.phase = 'dead';
  ledger.freeze();
  if (world.medium.inFlight > 0) await world.medium.answered();
  adoptUntold(world);
  model.note('crashed process');
  ledger.lose(unanswered);
  // Work in flight was activity as long as it lasted.
  for (const { id } of unanswered) {
    const life = model.live.get(id);
    if (life) life.heardAtMs = clock.now();
  }
  world.uncertain.clear();
  for (const watch of world.watches) {
    if (watch.generation !== world.generation) continue;
    watch.until ??= model.trace.length;
    watch.ended = true;
  }
  world.dead.push(process);
  if (haunts) world.haunted.push(clock);
  world.clock = new TestClock(clock.now());
}

/**
 * What is in the store and was told to nobody has happened all the same. It has its cause in a call that was
 * under way, as all that happens.
 */
export function adoptUntold(world: World): void {
  const untold = untoldOf(world);
  world.unsure = false;
  if (untold.length === 0) return;
  world.model.note('found what nobody was told');
  for (const fact of untold) adopt(world, toEvent(fact as Fact));
  const lost = [...world.uncertain].filter(({ outcome }) => outcome?.ok !== true);
  world.ledger.lose(lost);
  world.uncertain.clear();
}

function untoldOf({ medium, model }: World): JournalRecord[] {
  const isTold = ({ type }: JournalRecord) => type !== 'agent_saved';
  return [...medium.facts.values()].filter((fact) => fact.seq > model.newestSeq && isTold(fact));
}

export async function recover(world: World, spoils: string | null = null): Promise<void> {
  if (!world.down) return;
  await checkStored(world);
  if (spoils !== null) spoil(world, spoils);
  await world.reopen();
}

/** What cannot be read is set aside under its id, and everything else comes back. */
function spoil({ medium, model, ledger, setAside }: World, id: string): void {
  if (!model.live.has(id)) return;
  model.note('set aside');
  medium.spoilt.add(id);
  model.live.delete(id);
  setAside.set(id, ledger.moment());
}

export async function reopen(world: World): Promise<void> {
  if (world.down) return recover(world);
  world.close();
  await settleClosed(world);
  await world.reopen();
}

/** Closing needs nobody's help but the store's: no hook, no reader, no clock. */
export async function settleClosed(world: World): Promise<void> {
  await world.withStore(world.process.closing ?? Promise.resolve());
  await turn();
  await turn();
  const [untold] = untoldOf(world);
  if (untold && !world.unsure)
    throw new Violation(10, `${untold.type} ${untold.seq} was stored, and close told nobody`);
  adoptUntold(world);
  const open = world.ledger.unsettled().filter((operation) => !operation.inside);
  const [first] = open;
  if (first) throw new Violation(11, `close left ${first.call.kind} ${first.id} unsettled`);
  const [agent] = world.roster.ids();
  if (agent !== undefined) throw new Violation(3, `the agent of ${agent} outlives its manager`);
  if (world.clock.timers > 0) throw new Violation(14, `close left ${world.clock.timers} timers`);
  await checkStored(world);
}

/** 8 and 16: what is stored is what is registered, no less and no more. */
async function checkStored(world: World): Promise<void> {
  if (!world.subject.abilities.store) return;
  const stored = (await world.medium.look()).map(({ head }) => `${head.id} ${head.status}`).sort();
  const registered = [...world.model.live.values()].map(({ id, status }) => `${id} ${status}`).sort();
  if (JSON.stringify(stored) !== JSON.stringify(registered)) {
    throw new Violation(8, `stored are [${stored}], registered are [${registered}]`);
  }
}

/** 15: a process that has lost the store settles all the same; what it was asked hangs for ever no more than it. */
export async function layToRest(world: World): Promise<void> {
  for (const { manager } of world.dead) await world.withStore(manager.close());
  await turn();
  for (const { call, id, inside, lostAt, late, outcome } of world.ledger.operations) {
    if (lostAt !== undefined && !late && !outcome && !inside)
      throw new Violation(15, `${call.kind} ${id}, under way in a crash, never settled`);
  }
}
