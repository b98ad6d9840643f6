import { engineOf } from '../../src/engine-of.ts';
import { createSessionManager, type SessionManager } from '../../src/index.ts';
import { Inspection, type InspectionOptions, type ViewerConnection } from '../../src/inspect/inspection.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { testClock } from './clock.ts';
import { type FakeViewer, fakeViewer } from './fake-viewer.ts';
import { keptLog } from './log.ts';
import { turns } from './turns.ts';

/** Between two turns of an inspection. */
export const TURN_MS = 100;

/** A manager and an inspection of it, each with a clock of its own. */
export function inspectionOf(
  managed: SessionManagerOptions<never> = {},
  options: Omit<InspectionOptions, 'clock'> = {},
) {
  const clock = testClock(Date.UTC(2026, 0, 1));
  const { lines, logger } = keptLog();
  const manager: SessionManager = createSessionManager({ clock, logger, ...managed });
  const ticks = testClock();
  const inspection = new Inspection(manager, { ...options, clock: ticks });
  return {
    manager,
    engine: engineOf(manager),
    /** What the engine logged. */
    lines,
    /** The engine's. */
    clock,
    /** The inspection's. */
    ticks,
    inspection,
    /** Lets the inspection have so many turns. */
    async tick(count = 1): Promise<void> {
      for (let n = 0; n < count; n += 1) await ticks.advance(TURN_MS);
    },
    async connect(): Promise<FakeViewer & ViewerConnection> {
      const viewer = fakeViewer();
      const connection = inspection.connect(viewer.channel);
      await turns(2);
      // Its properties are read and written, so that it is extended and not copied.
      return Object.assign(viewer, connection);
    },
  };
}
