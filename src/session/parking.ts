import { onAbort } from '../abort.ts';
import type { Engine } from '../engine.ts';
import { SessionError, type SessionErrorCode } from '../errors.ts';
import type { Turn } from '../turns.ts';
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
      entry.parked?.delete(parked);
      engine.waiting.parked -= 1;
      reject(error);
    });
    const session = entry.state.id;
    const parked: Parked = { ...turn, session, resolve: resolve as Parked['resolve'], reject, forget };
    entry.parked ??= new Set();
    entry.parked.add(parked);
    engine.waiting.parked += 1;
  });
}

/** The session is active: what waited goes before all that was asked later. */
export function unpark(engine: Engine, entry: SessionEntry): void {
  if (entry.parked) engine.journal.resume(takeParked(engine, entry));
}

/** It did not become active: its creation fails for that reason, and what waited for it because the start did. */
export function refuseStart(engine: Engine, entry: SessionEntry, failure: SessionError | undefined): void {
  const { id } = entry.state;
  const ended = (code: SessionErrorCode) =>
    new SessionError(code, `Session "${id}" ended before it was active.`, { sessionId: id, cause: failure });
  const error = failure ?? ended('SESSION_TERMINATED');
  const wasEnded = error.code === 'SESSION_TERMINATED';
  rejectParked(engine, entry, wasEnded ? error : ended('INITIALIZE_FAILED'));
  entry.creation?.reject(error);
  entry.creation = undefined;
}

/** The session will not be active any more. */
export function rejectParked(engine: Engine, entry: SessionEntry, error: unknown): void {
  for (const { reject } of takeParked(engine, entry)) reject(error);
}

function takeParked(engine: Engine, entry: SessionEntry): Parked[] {
  const parked = [...(entry.parked ?? [])];
  entry.parked = undefined;
  engine.waiting.parked -= parked.length;
  for (const { forget } of parked) forget();
  return parked;
}
