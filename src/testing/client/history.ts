/** The history of one id, as the linearizability search wants it: its calls and the changes that befell it. */
import type { SessionEvent } from '../../events/types.ts';
import { applyForeign } from './foreign.ts';
import { describeOperation, type Operation } from './ledger.ts';
import { type Entry, linearize } from './linearizable.ts';
import type { Seen } from './model.ts';
import { ABSENT, applyCall, applyChange, type Bounds, type Change, ORDERED, type State } from './spec.ts';
import { writesItself } from './subject.ts';
import { put, take, takesTwoSteps } from './two-steps.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** A failure shows the end of the history; the trace file has all of it. */
const TOLD = 20;

export function checkLinearizable(world: World, id: string): void {
  // Without a store nobody knows what the user's own code wrote.
  if (writesItself(world.subject) && !world.subject.abilities.store) return;
  const entries = historyOf(world, id);
  const verdict = linearize(entries, ABSENT);
  if (verdict.ok === 'skipped') world.model.note('linearizability skipped');
  if (verdict.ok !== false) return;
  const told = [...entries].sort((a, b) => a.began - b.began).map(({ name }) => name);
  throw new Violation(
    21,
    `no order explains "${verdict.stuckAt.trim()}":\n  ${told.slice(-TOLD).join('\n  ')}`,
  );
}

export function historyOf(world: World, id: string): Entry<State>[] {
  const calls = world.ledger.operations
    .filter(({ outcome, lostAt }) => outcome !== undefined || lostAt !== undefined)
    .flatMap((operation) => {
      if (operation.call.kind === 'list') return listEntry(operation, id);
      if (operation.call.kind === 'listSaved') return savedEntry(operation, id);
      return operation.id === id ? callEntries(operation, boundsOf(world, operation)) : [];
    });
  const bounds = boundsOf(world, { began: 0, ended: 0 });
  const changes = world.model.trace
    .filter(({ event }) => event.sessionId === id)
    .flatMap((seen) => [...changeEntry(seen), ...foreignEntry(world, seen, bounds)]);
  const until = world.setAside.get(id) ?? Number.POSITIVE_INFINITY;
  const recoveries = world.reopenings.map((moment) => entryOf('recovered', moment));
  return [...calls, ...changes, ...recoveries].filter(({ began }) => began < until);
}

function boundsOf(world: World, { began, ended }: Pick<Operation, 'began' | 'ended'>): Bounds {
  const { config, files } = world.settings;
  const { maxMessages = 1000, maxTokens = 100_000, maxFiles = 50 } = config;
  const refused = world.refusedSince(began, ended);
  const everRefused = world.refusedSince(0, ended);
  const foreign = writesItself(world.subject);
  return {
    maxMessages,
    maxTokens,
    maxFiles,
    readsDisk: files,
    slow: world.slow,
    refused,
    everRefused,
    foreign,
  };
}

function callEntries(operation: Operation, bounds: Bounds): Entry<State>[] {
  const { began, ended, lostAt, call, inside, outcome } = operation;
  const span = { began, ended: lostAt ?? ended ?? Number.POSITIVE_INFINITY };
  const name = describeOperation(operation);
  if (bounds.slow && takesTwoSteps(operation))
    return [
      { name: `${name}, taken`, ...span, ordered: false, apply: (state) => take(state, operation) },
      { name: `${name}, put`, ...span, ordered: false, apply: (state) => put(state, operation) },
    ];
  // What was refused and is there all the same comes to light after all that was done without it.
  const took = outcome?.ok === true || (lostAt !== undefined && outcome === undefined);
  const ordered = !inside && took && ORDERED.has(call.kind);
  return [{ name, ...span, ordered, apply: (state) => applyCall(state, operation, bounds) }];
}

/** A listing shows each session as it is at some instant: there, with its messages, or not. */
function listEntry(operation: Operation, id: string): Entry<State>[] {
  const { began, ended = Number.POSITIVE_INFINITY, outcome } = operation;
  if (!outcome?.ok) return [];
  const listed = (outcome.value as readonly Listed[]).find((each) => each.id === id);
  const apply = (state: State): State[] => {
    if (state.phase === 'down') return [state];
    const here = state.phase !== 'absent';
    if (!listed) return here ? [] : [state];
    return here && state.messages.length === listed.messageCount ? [state] : [];
  };
  const shown = listed ? `${listed.messageCount} messages` : 'absent';
  return [{ name: `${describeOperation(operation)}: ${id} ${shown}`, began, ended, ordered: false, apply }];
}

/** A listing of the saved ones has each that is saved at some instant. */
function savedEntry(operation: Operation, id: string): Entry<State>[] {
  const { began, ended = Number.POSITIVE_INFINITY, outcome } = operation;
  if (!outcome?.ok) return [];
  const isListed = (outcome.value as readonly string[]).includes(id);
  const apply = (state: State): State[] => ((state.saved !== null) === isListed ? [state] : []);
  const name = `${describeOperation(operation)}: ${id} ${isListed ? 'saved' : 'not saved'}`;
  return [{ name, began, ended, ordered: false, apply }];
}

export interface Listed {
  readonly id: string;
  readonly seq: number;
  readonly status: string;
  readonly messageCount: number;
}

function changeEntry({ event, moment }: Seen): Entry<State>[] {
  const change = changeOf(event);
  return change === undefined ? [] : [entryOf(change, moment)];
}

/** A change took effect just before it was told: nothing else began or ended in between. */
function entryOf(change: Change, moment: number): Entry<State> {
  return {
    name: `   ${change} [${moment}]`,
    began: moment - 0.5,
    ended: moment,
    ordered: false,
    apply: (state) => [applyChange(state, change)],
  };
}

function foreignEntry({ foreign, medium }: World, { event, moment }: Seen, bounds: Bounds): Entry<State>[] {
  const fact = foreign.has(event.seq) ? medium.facts.get(event.seq) : undefined;
  if (!fact) return [];
  const apply = (state: State) => [applyForeign(state, fact, bounds)];
  const name = `   own code: ${event.type} [${moment}]`;
  return [{ name, began: moment - 0.5, ended: moment, ordered: false, apply }];
}

function changeOf(event: SessionEvent): Change | undefined {
  if (event.type === 'session_terminated') return 'gone';
  if (event.type !== 'session_status' || event.status === 'idle') return undefined;
  return event.status === 'terminated' ? 'down' : event.status;
}
