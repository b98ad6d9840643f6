import { onAbort } from '../abort.ts';
import type { Engine } from '../engine.ts';
import type { Turn } from '../journal.ts';
import type { Parked, SessionEntry } from './entry.ts';

/** Writes that wait in `initializing`, in call order. */

export function park<R>(
  engine: Engine,
  entry: SessionEntry,
  turn: Pick<Turn, 'decide' | 'stacks'>,
  signal: AbortSignal | undefined,
): Promise<R> {
  return new Promise<R>((resolve, reject) => {
    const forget = onAbort(signal, (error) => {
      entry.parked?.splice(entry.parked.indexOf(parked), 1);
      engine.waiting.parked -= 1;
      reject(error);
    });
    const session = entry.state.id;
    const parked: Parked = { ...turn, session, resolve: resolve as Parked['resolve'], reject, forget };
    entry.parked ??= [];
    entry.parked.push(parked);
    engine.waiting.parked += 1;
  });
}

/** The session is active: what waited goes before all that was asked later. */
export function unpark(engine: Engine, entry: SessionEntry): void {
  if (entry.parked) engine.journal.resume(takeParked(engine, entry));
}

/** The session will not be active any more. */
export function rejectParked(engine: Engine, entry: SessionEntry, error: unknown): void {
  for (const { reject } of takeParked(engine, entry)) reject(error);
}

function takeParked(engine: Engine, entry: SessionEntry): Parked[] {
  const { parked = [] } = entry;
  entry.parked = undefined;
  engine.waiting.parked -= parked.length;
  for (const { forget } of parked) forget();
  return parked;
}
