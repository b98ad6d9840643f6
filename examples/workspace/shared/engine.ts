import { createSessionManager, type SessionStore } from 'chartroom';
import { keepCopies } from './copies.ts';
import { deskLibrarian } from './desk-librarian.ts';
import type { FileShelf } from './file-shelf.ts';

/** The engine of the workspace: sessions in `store`, a librarian in each, their files on the shelf. */
export function openEngine(store: SessionStore, shelf: FileShelf) {
  const sessions = createSessionManager({
    store,
    agent: deskLibrarian,
    files: shelf.source,
    // Nobody restarts what was killed: that is left to the person at the workspace.
    supervision: { restart: 'temporary' },
    sessionDefaults: { idleAfterMs: 20_000, maxFiles: 500 },
  });
  keepCopies(sessions, (id) => shelf.clear(id));
  sessions.subscribeToAllSessions(
    ({ sessionId, path }) => {
      shelf.remove(sessionId, path).catch(() => {});
    },
    { types: ['file_removed'] },
  );
  return sessions;
}
