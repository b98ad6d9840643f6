import type { SessionManager } from 'chartroom';
import type { LibrarianEvent } from 'chartroom/agents/librarian';
import { inspectSessions } from 'chartroom/inspect';

/** The page in which all sessions can be watched, live. */
export interface Inspector {
  /** Undefined when it could not be served. */
  readonly url: string | undefined;
  /** What to tell whoever has started this. */
  readonly text: string;
  close(): Promise<void>;
}

/** The job does not depend on it: what keeps it from being served is said, and the job goes on. */
export async function openInspector(
  manager: SessionManager<LibrarianEvent>,
  open: boolean,
): Promise<Inspector> {
  try {
    const { url, close } = await inspectSessions(manager, { open });
    return { url, text: `Watch them: ${url}`, close };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { url: undefined, text: `There is no inspector: ${reason}`, close: async () => {} };
  }
}
