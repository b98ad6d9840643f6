import { describe, it } from 'vitest';
import { indexedDbStore } from '../../src/store/indexeddb.ts';
import { verifyStore } from '../../src/testing/store/verify-store.ts';
import { useDatabases } from '../store/indexeddb/stage.ts';

const newName = useDatabases();

describe('indexedDbStore', () => {
  const cases = verifyStore(() => indexedDbStore(newName(), { fallback: 'none' }), {
    retaining: (retainEvents) => indexedDbStore(newName(), { retainEvents, fallback: 'none' }),
  });
  for (const { title, run } of cases) it(title, run);
});
