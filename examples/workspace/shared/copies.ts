import { isSessionError, type SessionClient } from 'chartroom';

/**
 * Keeps a saved copy of each session, as it is after every message and file: one that is killed, or crashes, can be
 * recovered from it. A session that was terminated is not to come back, and its copy goes.
 */
export function keepCopies(client: SessionClient<never>, forget: (sessionId: string) => Promise<void>): void {
  client.subscribeToAllSessions(({ sessionId }) => quietly(client.saveSession(sessionId)), {
    types: ['session_created', 'conversation_added', 'file_added', 'file_removed'],
  });
  client.subscribeToAllSessions(
    ({ sessionId, reason }) => {
      if (isTrouble(reason)) return;
      quietly(client.deleteSavedSession(sessionId));
      quietly(forget(sessionId));
    },
    { types: ['session_terminated'] },
  );
}

/** Whether nobody wanted the end that a session had. */
export function isTrouble(reason: string): boolean {
  return reason !== 'normal' && reason !== 'closed' && reason !== 'init_failed';
}

/** The session may be gone by now; that the storage refuses is told by the state of the store. */
async function quietly(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isSessionError(error)) console.warn('A saved copy could not be kept:', error);
  }
}
