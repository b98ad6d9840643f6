import type { SavedSession, SessionClient, TerminationReason } from 'chartroom';
import { isTrouble } from './copies.ts';
import { counted } from './counted.ts';
import { openReasons } from './reasons.ts';
import { createValue, type Value } from './value.ts';

/** A session that has ended without anybody terminating it. There is a copy to recover it from. */
export interface Fallen extends SavedSession {
  /** Undefined when no page was open that could tell. */
  readonly reason: TerminationReason | undefined;
}

export interface FallenSessions extends Value<readonly Fallen[]> {
  /** To be called when a copy was deleted, which no event tells of. */
  look(): Promise<void>;
}

/** Those that are in trouble: their copy is there, and they are not. */
export function watchFallen(client: SessionClient<never>): FallenSessions {
  const fallen = createValue<readonly Fallen[]>([]);
  const reasons = openReasons();
  let asked = 0;
  const look = async () => {
    asked += 1;
    const own = asked;
    const [saved, live] = await Promise.all([client.listSavedSessions(), client.listSessions()]);
    // What was asked later knows more.
    if (own !== asked) return;
    const alive = new Set(live.map(({ id }) => id));
    const next = saved.filter(({ id }) => !alive.has(id));
    const over = fallen.get().filter((before) => !next.some(({ id }) => id === before.id));
    for (const { id } of over) reasons.forget(id);
    fallen.set(next.map((copy) => ({ ...copy, reason: reasons.of(copy.id) })));
  };
  client.subscribeToAllSessions(
    (event) => {
      if (event.type === 'session_terminated') {
        if (!isTrouble(event.reason)) return;
        reasons.keep(event.sessionId, event.reason);
      }
      look().catch(() => {});
    },
    { types: ['session_terminated', 'session_created'] },
  );
  look().catch(() => {});
  return { get: fallen.get, subscribe: fallen.subscribe, look };
}

/** “Cedar was killed.” */
export function fateOf(reason: TerminationReason | undefined): string {
  if (reason === 'killed') return 'was killed';
  if (reason === 'crashed') return 'has crashed';
  if (reason === undefined) return 'ended before this page was opened';
  return `ended: ${reason}`;
}

/** What is kept of one that has fallen, and how the others are. */
export function keptOf(held: { messages: number; files: number; others: number }): string {
  const calm = held.others > 0 ? 'No other session has noticed. ' : '';
  const kept = [
    ...(held.messages > 0 ? [counted(held.messages, 'message')] : []),
    ...(held.files > 0 ? [counted(held.files, 'file')] : []),
  ];
  return (
    calm +
    (kept.length > 0
      ? `What it held is kept: ${kept.join(' and ')}.`
      : 'It has no message and no file to keep.')
  );
}
