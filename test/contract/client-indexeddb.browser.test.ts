import { beforeAll } from 'vitest';
import { createSessionManager } from '../../src/index.ts';
import { later } from '../../src/later.ts';
import { indexedDbStore } from '../../src/store/indexeddb.ts';
import { useDatabases } from '../store/indexeddb/stage.ts';
import { Traffic } from '../support/traffic.ts';
import { countTurnsWithout } from '../support/turns.ts';
import { clientContract } from './client.ts';

const newName = useDatabases();
const traffic = new Traffic();

// The disk sets no limit of turns, and no clock is asked.
countTurnsWithout(() => traffic.underWay);

// Nor do the parts that are loaded later: a page takes its time for an import, the second one of a file too.
beforeAll(async () => {
  for (const [name, load] of Object.entries(later)) {
    const part = await load();
    Object.assign(later, { [name]: async () => part });
  }
});

clientContract('the session manager on IndexedDB', (options) => {
  const store = indexedDbStore(newName(), { retainEvents: 10_000, fallback: 'none' });
  return createSessionManager({ store: traffic.through(store), ...options });
});
