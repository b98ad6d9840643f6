import type { TerminationReason } from 'chartroom';
import { recall, remember } from './recall.ts';

/** Where the browser keeps why a session has fallen: its copy was made before, and does not know. */
const FELL = 'workspace.fell.';

/** Why sessions have fallen, also where that was before this page was opened. */
export interface Reasons {
  of(sessionId: string): TerminationReason | undefined;
  keep(sessionId: string, reason: TerminationReason): void;
  forget(sessionId: string): void;
}

/** A browser that keeps nothing knows them as long as the page is open. */
export function openReasons(): Reasons {
  const known = new Map<string, TerminationReason>();
  return {
    of: (id) => known.get(id) ?? (recall(FELL + id) as TerminationReason | undefined),
    keep(id, reason) {
      known.set(id, reason);
      remember(FELL + id, reason);
    },
    forget(id) {
      known.delete(id);
      remember(FELL + id, undefined);
    },
  };
}
