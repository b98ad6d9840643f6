import type { TerminationReason } from 'chartroom';

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
    of: (id) =>
      known.get(id) ??
      (quietly(() => localStorage.getItem(FELL + id)) as TerminationReason | null | undefined) ??
      undefined,
    keep(id, reason) {
      known.set(id, reason);
      quietly(() => localStorage.setItem(FELL + id, reason));
    },
    forget(id) {
      known.delete(id);
      quietly(() => localStorage.removeItem(FELL + id));
    },
  };
}

function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
