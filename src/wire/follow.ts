import type { SessionClient, Unsubscribe } from '../client.ts';
import { engineOf } from '../engine-of.ts';
import { replay, tellPast } from '../events/cursor.ts';
import type { SessionEvent } from '../events/types.ts';

export interface Following {
  readonly unsubscribe: Unsubscribe;
  /** Resolves when what has been is told; undefined where there was nothing. */
  readonly caughtUp: Promise<void> | undefined;
}

/**
 * Tells what has been after a cursor, then what comes, without a gap or a repeat, as a subscription does; and tells
 * when it is up to date, which a subscription does not. Throws `MANAGER_CLOSED`.
 */
export function followEvents(
  manager: SessionClient<never>,
  from: number,
  tell: (event: SessionEvent) => void,
): Following {
  const { journal, guard } = engineOf(manager);
  const behind = from < journal.publishedSeq;
  let after = behind ? Number.POSITIVE_INFINITY : from;
  let live = true;
  const drop = manager.subscribeToAllSessions((event) => {
    if (event.seq > after) tell(event);
  });
  const goLive = (cursor: number) => {
    after = cursor;
  };
  const catchUp = () => {
    const past = replay(journal, { from, sessionId: undefined, types: undefined }, goLive);
    return tellPast(journal, past, from, { guard, isThere: () => live, tell, goLive });
  };
  const unsubscribe = () => {
    live = false;
    drop();
  };
  return { unsubscribe, caughtUp: behind ? catchUp() : undefined };
}
