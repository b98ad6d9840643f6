/** What each call may end with, and what its end says of what it did. */
import type { SessionStatus } from '../../data.ts';
import { FAILURES } from './calls.ts';
import type { Operation, Outcome } from './ledger.ts';
import { type CallKind, INVALID_IDS } from './scenario.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

const RUNNING: readonly SessionStatus[] = ['active', 'idle'];
const OF_NO_SESSION: readonly CallKind[] = ['close', 'listSaved', 'list'];
/** They have no need of the session. */
const OF_THE_SHELF: readonly CallKind[] = ['deleteSaved', ...OF_NO_SESSION];
const TOLD_OF_SET_ASIDE: readonly string[] = [
  'STORE_CORRUPT',
  'DUPLICATE_SESSION',
  'MANAGER_CLOSED',
  'STORE_FAILED',
  'SESSION_NOT_FOUND',
  'OVERLOADED',
  'ABORTED',
  'LIMIT_EXCEEDED',
  'INVALID_ARGUMENT',
];

/** Failures are typed and belong to the call; what was refused left no trace. */
export function checkOutcomes(world: World): void {
  for (const operation of world.ledger.operations) {
    const { call, id, outcome, lostAt } = operation;
    if (!outcome || lostAt !== undefined) continue;
    checkOutcome(world, operation, outcome);
    if (outcome.ok || call.kind !== 'send' || world.uncertain.has(operation)) continue;
    if (added(world, operation) !== undefined)
      throw new Violation(7, `send ${id} "${operation.text}" was added and refused with ${outcome.code}`);
  }
}

function checkOutcome(world: World, operation: Operation, outcome: Outcome): void {
  const { call, id, generation, began } = operation;
  if (began > (world.setAside.get(id) ?? Number.POSITIVE_INFINITY) && !OF_THE_SHELF.includes(call.kind)) {
    checkSetAside(operation, outcome);
    return;
  }
  const invalid = INVALID_IDS.includes(id) && !OF_NO_SESSION.includes(call.kind);
  if (outcome.ok) {
    if (invalid) throw new Violation(23, `${call.kind} took the id ${JSON.stringify(id)}`);
    return;
  }
  const closed = outcome.code === 'MANAGER_CLOSED';
  const maker = operation.origin?.generation ?? generation;
  if (closed && (maker < world.generation || world.closed)) return;
  const allowed = invalid ? ['INVALID_SESSION_ID'] : FAILURES[call.kind];
  const unasked = outcome.code === 'ABORTED' && !operation.abort.signal.aborted;
  if (outcome.code === 'STORE_FAILED' && mayFail(world, operation)) return;
  if (unasked || !(allowed as readonly string[]).includes(outcome.code)) {
    throw new Violation(23, `${call.kind} ${id} failed with ${outcome.code}: ${outcome.message}`);
  }
}

/** Nothing is read of a session that cannot be read, and nothing is written over it. */
function checkSetAside({ call, id }: Operation, outcome: Outcome): void {
  if (!outcome.ok && TOLD_OF_SET_ASIDE.includes(outcome.code)) return;
  const said = outcome.ok ? JSON.stringify(outcome.value) : outcome.code;
  throw new Violation(16, `${id} cannot be read, and ${call.kind} says ${said}`);
}

/** The store refused something meanwhile, or did not open at all. */
function mayFail(world: World, { began, ended, generation, call, id }: Operation): boolean {
  // A terminate that finds another under way is answered with it.
  const joined = world.ledger.operations.filter(
    (other) =>
      call.kind === 'terminate' &&
      other.call.kind === 'terminate' &&
      other.id === id &&
      (other.ended ?? ended ?? 0) > began,
  );
  const since = Math.min(began, ...joined.map((other) => other.began));
  return world.unopened.has(generation) || world.refusedSince(since, ended);
}

/** An aborted call is over at once; a terminate only until the session is terminating. */
export function checkAborted({ ledger, slow }: World): void {
  // What is on its way to a slow store comes to its end there.
  if (slow) return;
  for (const { call, id, abort } of ledger.unsettled()) {
    if (abort.signal.aborted && (call.kind === 'create' || call.kind === 'send')) {
      throw new Violation(11, `${call.kind} ${id} was aborted and goes on`);
    }
  }
}

/** Sends on one session take effect in call order, before its end, and each once. */
export function checkSendOrder(world: World): void {
  const newest = new Map<string, number>();
  for (const operation of world.ledger.operations) {
    const { call, outcome, id, text, lostAt } = operation;
    if (call.kind !== 'send' || (!outcome?.ok && lostAt === undefined)) continue;
    const seq = added(world, operation);
    if (seq === undefined) {
      if (outcome?.ok && outcome.value === text)
        throw new Violation(6, `send ${id} "${text}" was acknowledged, not added`);
      continue;
    }
    if (call.key !== null && outcome?.ok && outcome.value !== text) {
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
