/** The history of one id, as the linearizability search wants it: its calls and the changes that befell it. */
import type { SessionEvent } from '../../src/events/types.ts';
import { describeOperation, type Operation } from './ledger.ts';
import { type Entry, linearize } from './linearizable.ts';
import type { Seen } from './model.ts';
import type { Settings } from './scenario.ts';
import { ABSENT, applyCall, applyChange, type Bounds, type Change, type State } from './spec.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** These take effect in call order on one session. */
const WRITES = new Set(['send', 'put', 'delete', 'clear', 'addFile', 'removeFile', 'updateIndex']);

/** A failure shows the end of the history; the trace file has all of it. */
const TOLD = 20;

export function checkLinearizable(world: World, id: string): void {
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
  const bounds = boundsOf(world.settings);
  const calls = world.ledger.operations
    .filter((operation) => operation.id === id && operation.outcome !== undefined)
    .map((operation) => callEntry(operation, bounds));
  const changes = world.model.trace
    .filter(({ event }) => event.sessionId === id)
    .flatMap((seen) => changeEntry(seen));
  const recoveries = world.reopenings.map((moment) => entryOf('recovered', moment));
  return [...calls, ...changes, ...recoveries];
}

function boundsOf({ config, files }: Settings): Bounds {
  const { maxMessages = 1000, maxTokens = 100_000, maxFiles = 50 } = config;
  return { maxMessages, maxTokens, maxFiles, readsDisk: files };
}

function callEntry(operation: Operation, bounds: Bounds): Entry<State> {
  return {
    name: describeOperation(operation),
    began: operation.began,
    ended: operation.ended ?? Number.POSITIVE_INFINITY,
    ordered: !operation.inside && operation.outcome?.ok === true && WRITES.has(operation.call.kind),
    apply: (state) => applyCall(state, operation, bounds),
  };
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

function changeOf(event: SessionEvent): Change | undefined {
  if (event.type === 'session_terminated') return 'gone';
  if (event.type !== 'session_status' || event.status === 'idle') return undefined;
  return event.status === 'terminated' ? 'down' : event.status;
}
