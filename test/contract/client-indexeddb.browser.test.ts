import { createSessionManager } from '../../src/index.ts';
import { indexedDbStore } from '../../src/store/indexeddb.ts';
import { useDatabases } from '../store/indexeddb/stage.ts';
import { Traffic } from '../support/traffic.ts';
import { countTurnsWithout } from '../support/turns.ts';
import { clientContract } from './client.ts';

const newName = useDatabases();
const traffic = new Traffic();

// The disk sets no limit of turns, and no clock is asked.
countTurnsWithout(() => traffic.underWay);

clientContract('the session manager on IndexedDB', (options) => {
  const store = indexedDbStore(newName(), { retainEvents: 10_000, fallback: 'none' });
  return createSessionManager({ store: traffic.through(store), ...options });
});
