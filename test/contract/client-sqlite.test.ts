import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createSessionManager } from '../../src/index.ts';
import { sqliteStore } from '../../src/store/sqlite.ts';
import { clientContract } from './client.ts';

const folder = mkdtempSync(join(tmpdir(), 'chartroom-contract-'));
let files = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

clientContract(
  'the session manager on an SQLite file',
  (options) => {
    files += 1;
    return createSessionManager({
      store: sqliteStore(join(folder, `${files}.db`), { retainEvents: 10_000 }),
      ...options,
    });
  },
  () => new Promise((resolve) => setTimeout(resolve, 500)),
  // Those that move a clock by hand are held on the store that takes its time in turns, not in milliseconds.
  ['idempotency', 'saved sessions'],
);
