import { describe } from './check.ts';
import type { RecoveryReport } from './data.ts';
import type { Engine } from './engine.ts';
import { toErrorInfo } from './error-info.ts';
import { SessionError } from './errors.ts';
import type { Activity } from './session/activity.ts';
import { restoredChart } from './session/charts.ts';
import { SessionEntry } from './session/entry.ts';
import type { Lifecycle } from './session/lifecycle.ts';
import { recoverState } from './session/recover.ts';
import type { SessionState } from './session/state.ts';
import type { StoreLease } from './store/port.ts';

const REVIVABLE: ReadonlySet<string> = new Set(['initializing', 'active', 'idle', 'terminating']);

/** Brings every stored session back as it was; one that cannot be read is reported and stays in the store. */
export async function recoverSessions(
  engine: Engine,
  lifecycle: Lifecycle,
  activity: Activity,
  lease: StoreLease,
  isClosing: () => boolean,
): Promise<RecoveryReport> {
  const quarantined: Array<{ id: string; reason: string }> = [];
  const states: SessionState[] = [];
  for await (const id of lease.ids()) {
    if (isClosing()) break;
    try {
      states.push(revivable(recoverState(id, await lease.load(id))));
    } catch (error) {
      const reason = toErrorInfo(error).message;
      engine.registry.quarantined.set(id, reason);
      quarantined.push(Object.freeze({ id, reason }));
    }
  }
  states.sort((a, b) => a.seq - b.seq);
  if (isClosing()) return Object.freeze({ recovered: 0, quarantined: Object.freeze(quarantined) });
  for (const state of states) revive(engine, lifecycle, activity, state);
  return Object.freeze({ recovered: states.length, quarantined: Object.freeze(quarantined) });
}

/** Nothing is brought to life that had ended, or that only a newer version would know how to go on with. */
function revivable(state: SessionState): SessionState {
  if (REVIVABLE.has(state.status)) return state;
  const message = `Session "${state.id}" is stored with ${describe(state.status)} as its status, and cannot go on from there.`;
  throw new SessionError('STORE_CORRUPT', message, { sessionId: state.id });
}

function revive(engine: Engine, lifecycle: Lifecycle, activity: Activity, state: SessionState): void {
  const { status } = state;
  const entry = new SessionEntry(state, Date.parse(state.lastActivityAt));
  engine.registry.add(entry);
  engine.supervise(restoredChart(state.id, status));
  // A restored chart does not run its entry effects again: what was half done is taken up here.
  if (status === 'terminating' || (status === 'initializing' && state.restarting)) lifecycle.resumeEnd(entry);
  else if (status === 'initializing') lifecycle.initialize(entry);
  else activity.watch(entry);
}
