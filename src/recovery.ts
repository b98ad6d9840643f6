import type { RecoveryReport } from './data.ts';
import type { Engine } from './engine.ts';
import { toErrorInfo } from './error-info.ts';
import { restoredChart } from './session/charts.ts';
import { SessionEntry } from './session/entry.ts';
import type { Lifecycle } from './session/lifecycle.ts';
import { recoverState } from './session/recover.ts';
import type { SessionState } from './session/state.ts';
import type { StoreLease } from './store/port.ts';

/** Brings every stored session back as it was; one that cannot be read is reported and stays in the store. */
export async function recoverSessions(
  engine: Engine,
  lifecycle: Lifecycle,
  lease: StoreLease,
): Promise<RecoveryReport> {
  const quarantined: Array<{ id: string; reason: string }> = [];
  const states: SessionState[] = [];
  for await (const id of lease.ids()) {
    try {
      states.push(recoverState(id, await lease.load(id)));
    } catch (error) {
      quarantined.push(Object.freeze({ id, reason: toErrorInfo(error).message }));
    }
  }
  states.sort((a, b) => a.seq - b.seq);
  for (const state of states) revive(engine, lifecycle, state);
  return Object.freeze({ recovered: states.length, quarantined: Object.freeze(quarantined) });
}

function revive(engine: Engine, lifecycle: Lifecycle, state: SessionState): void {
  const { status } = state;
  const entry = new SessionEntry(state, Date.parse(state.lastActivityAt));
  engine.registry.add(entry);
  engine.supervise(restoredChart(state));
  // A restored chart does not run its entry effects again: what was half done is taken up here.
  if (status === 'initializing') lifecycle.initialize(entry);
  else if (status === 'terminating') lifecycle.resumeEnd(entry);
  else lifecycle.watchInactivity(entry);
}
