import type { RecoveryReport } from './data.ts';
import type { Engine } from './engine.ts';
import type { Activity } from './session/activity.ts';
import { restoredChart } from './session/charts.ts';
import { SessionEntry } from './session/entry.ts';
import type { Lifecycle } from './session/lifecycle.ts';
import { isRevivable, notRevivable, withoutFacts } from './session/recover.ts';
import type { Sleep } from './session/sleep.ts';
import type { SessionState } from './session/state.ts';
import { isRunning } from './session/status.ts';
import { isTrouble } from './session/stored-sessions.ts';
import type { SessionHead } from './store/port.ts';
import type { Stored } from './stored.ts';

/** A store of no more sessions than these is read through, so that the report names every one that is damaged. */
const READ_THROUGH = 1000;

/** What sessions come back to. */
export interface RevivalParts {
  readonly engine: Engine;
  readonly lifecycle: Lifecycle;
  readonly activity: Activity;
  readonly sleep: Sleep;
}

/**
 * Takes up what the store holds. Only what is half done, or due, comes back by itself, found by an index; every
 * other session stays in the store until it is touched.
 */
export async function recoverSessions(
  { dormant, registry, agents }: Engine,
  { sessions, sleep }: Pick<Stored, 'sessions' | 'sleep'>,
  isClosing: () => boolean,
): Promise<RecoveryReport> {
  const stored = dormant.size;
  const strange = Object.keys(dormant.counts).filter((status) => !isRevivable(status));
  if (strange.length > 0) await walk(sessions.heads({ status: strange }), isClosing, setAside);
  if (stored <= READ_THROUGH) await walk(sessions.heads(), isClosing, readThrough);
  if (!isClosing()) await sleep.wakeDue();
  const quarantined = [...registry.quarantined].map(([id, reason]) => Object.freeze({ id, reason }));
  const recovered = isClosing() ? 0 : stored - quarantined.length;
  const lost = agents.part?.report() ?? [];
  return Object.freeze({
    recovered,
    quarantined: Object.freeze(quarantined),
    ...(lost.length > 0 && { lost }),
  });

  /** Nothing is brought to life that had ended, or that only a newer version would know how to go on with. */
  function setAside({ id, status }: SessionHead): void {
    sessions.quarantine(id, status, notRevivable(id, status));
  }

  async function readThrough({ id, status }: SessionHead): Promise<void> {
    if (registry.quarantined.has(id)) return;
    try {
      if (!(await sessions.read(id))) throw withoutFacts(id);
    } catch (error) {
      if (isTrouble(error)) throw error;
      sessions.quarantine(id, status, error);
    }
  }
}

async function walk(
  pages: AsyncIterable<readonly SessionHead[]>,
  isClosing: () => boolean,
  visit: (head: SessionHead) => void | Promise<void>,
): Promise<void> {
  for await (const page of pages) {
    if (isClosing()) return;
    await Promise.all(page.map(visit));
  }
}

/** Brings a session to life as it was stored; `unsnapshotted`: facts since its snapshot. */
export function revive(parts: RevivalParts, state: SessionState, unsnapshotted: number): SessionEntry {
  const { engine, lifecycle, activity, sleep } = parts;
  const { id, status } = state;
  const entry = new SessionEntry(state, Date.parse(state.lastActivityAt));
  entry.cache = sleep.over(id);
  entry.unsnapshotted = unsnapshotted;
  engine.registry.add(entry);
  engine.supervise(
    restoredChart(id, status, isRunning(entry) ? engine.agents.part?.revived(state) : undefined),
  );
  // A restored chart does not run its entry effects again: what was half done is taken up here.
  if (status === 'terminating' || (status === 'initializing' && state.restarting)) lifecycle.resumeEnd(entry);
  else if (status === 'initializing') lifecycle.initialize(entry);
  else activity.resume(entry);
  return entry;
}
