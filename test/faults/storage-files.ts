/** Stores in files of their own, and managers over them that are closed when the test is over. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach } from 'vitest';
import type { SessionEvent } from '../../src/events/types.ts';
import { createSessionManager, isSessionError } from '../../src/index.ts';
import type { SessionManager } from '../../src/manager.ts';
import type { SessionManagerOptions } from '../../src/options.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';

const managers: SessionManager[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(managers.splice(0).map((manager) => manager.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** The path of a store that does not exist yet, alone in its folder. */
export function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chartroom-faults-'));
  folders.push(folder);
  return join(folder, 'store.db');
}

export function open(options: SessionManagerOptions): SessionManager {
  const manager = createSessionManager({ logger: () => {}, ...options });
  managers.push(manager);
  return manager;
}

export const openFile = (file: string, options: SessionManagerOptions = {}): SessionManager =>
  open({ store: sqliteStore(file), ...options });

/** Runs statements on a file that no store has open. */
export function alter(file: string, change: (database: Database.Database) => void): void {
  const database = new Database(file);
  try {
    change(database);
  } finally {
    database.close();
  }
}

/** What a session holds, or the code of the error that looking at it gives. */
export async function contentOf(manager: SessionManager, id: string): Promise<unknown> {
  try {
    const { messages } = await manager.session(id).snapshot();
    return messages.map(({ content }) => content);
  } catch (error) {
    if (isSessionError(error)) return error.code;
    throw error;
  }
}

/** Resolves with the next event of this kind. */
export function nextEvent<T extends SessionEvent['type']>(
  manager: SessionManager,
  type: T,
): Promise<Extract<SessionEvent, { type: T }>> {
  return new Promise((resolve) => {
    const stop = manager.subscribeToAllSessions(
      (event) => {
        stop();
        resolve(event as Extract<SessionEvent, { type: T }>);
      },
      { types: [type] },
    );
  });
}
