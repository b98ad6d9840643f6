import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createSessionManager, type SessionManager } from '../../src/index.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { turns, until } from '../support/turns.ts';
import { clientContract } from './client.ts';

const folder = mkdtempSync(join(tmpdir(), 'chartroom-contract-'));
const managers: Array<SessionManager<never>> = [];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Nothing waits for the disk any more, and what that had in store has been heard. The disk sets no limit of turns. */
async function settle(): Promise<void> {
  await turns();
  await until(() => managers.every((manager) => manager.stats().pending === 0), Number.POSITIVE_INFINITY);
  await turns();
}

clientContract(
  'the session manager on an SQLite file',
  (options) => {
    const store = sqliteStore(join(folder, `${managers.length}.db`), { retainEvents: 10_000 });
    const manager = createSessionManager({ store, ...options });
    managers.push(manager);
    return manager;
  },
  settle,
  // Those that move a clock by hand are held on the store that takes its time in turns, not in milliseconds.
  ['idempotency', 'saved sessions'],
);
