import type { SessionConfig, SessionStatus, TerminationReason } from '../../src/data.ts';
import type { Fact, FactPayloads, FactType } from '../../src/session/facts.ts';
import { defaults } from '../../src/settings.ts';

export const AT = '2026-01-01T00:00:00.000Z';

interface Stamp {
  readonly seq: number;
  readonly sessionId?: string;
  readonly sessionSeq?: number;
  readonly at?: string;
}

/** One fact; without a `sessionSeq`, as if its session had the store to itself. */
export function factOf<T extends FactType>(
  { seq, sessionId = 'a', sessionSeq = seq, at = AT }: Stamp,
  type: T,
  payload: FactPayloads[T],
): Fact {
  return { seq, sessionId, sessionSeq, at, type, payload } as Fact;
}

/** A fact without a tale: what an event of it is about does not matter. */
export function anyFact(seq: number, sessionId = 'a'): Fact {
  return factOf({ seq, sessionId }, 'file_added', { path: `f${seq}` });
}

const NOTHING = Object.freeze({});

/** As the engine makes it: all that callers will see of it is frozen. */
export function createdFact(stamp: Stamp, config: Partial<SessionConfig> = {}): Fact {
  const merged = Object.freeze({ ...defaults.sessionDefaults, ...config });
  const payload = { metadata: NOTHING, llmConfig: NOTHING, config: merged };
  return factOf(stamp, 'session_created', payload);
}

export function statusFact(
  stamp: Stamp,
  status: SessionStatus,
  previousStatus: SessionStatus,
  reason?: TerminationReason,
): Fact {
  return factOf(stamp, 'session_status', { status, previousStatus, ...(reason && { reason }) });
}
