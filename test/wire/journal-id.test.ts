import { createSessionManager, memoryStore } from 'chartroom';
import { expect, it } from 'vitest';
import { engineOf } from '../../src/engine-of.ts';
import { journalId } from '../../src/wire/journal-id.ts';
import { deferredStore } from '../support/deferred-store.ts';

async function idOver(store = memoryStore()): Promise<string> {
  await using rooms = createSessionManager({ store });
  await rooms.ready;
  return journalId(engineOf(rooms));
}

it('is another one for each store that is in memory only', async () => {
  expect(await idOver()).not.toBe(await idOver());
});

it('is the same for the next manager of the same store', async () => {
  const store = memoryStore();
  expect(await idOver(store)).toBe(await idOver(store));
});

it('is the same for every store that lasts', async () => {
  // This one does not say that it is volatile.
  expect(await idOver(deferredStore())).toBe(await idOver(deferredStore()));
});
