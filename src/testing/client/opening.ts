/** What becomes of a process that opens: its client is ready, or has not got at the store. */
import type { Process } from './process.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** What was known when a client was opened. */
export interface Opening {
  readonly unreadable: readonly string[];
  readonly stored: number;
  readonly opened: number;
}

export function awaitReady(world: World, process: Process, { unreadable, stored, opened }: Opening): void {
  const { ready } = process.manager;
  if (!ready) {
    process.phase = 'ready';
    return;
  }
  ready.then(
    ({ recovered, quarantined }) => {
      if (process.phase !== 'opening') return;
      process.phase = 'ready';
      const lost = JSON.stringify(quarantined.map(({ id }) => id).sort());
      if (recovered === stored && lost === JSON.stringify(unreadable)) return;
      world.fail(
        new Violation(16, `${recovered} of ${stored} sessions are recovered, in quarantine: ${lost}`),
      );
    },
    (error) => {
      if (process.phase !== 'opening') return;
      process.phase = 'refused';
      world.unopened.add(process.generation);
      // One that is being closed tells what is under way until it has closed.
      if (process.closing) return;
      for (const watch of [...world.openWatches(true), ...world.openWatches(false)])
        watch.until = world.model.trace.length;
      if (world.refusedSince(opened)) return;
      world.fail(new Violation(16, `the store does not open: ${String(error)}`));
    },
  );
}
