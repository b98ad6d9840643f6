import type { SessionStore, StoreLease } from '../../src/store/port.ts';
import { importSaved, importSession } from '../../src/store/transfer.ts';
import { wrappedStore } from '../support/wrapped-store.ts';
import { documentOf, type Loose } from './documents.ts';

/** What is done to the answers of a lease: each gets a copy to change, or gives another. */
export interface Spoil {
  load?(stored: Loose, id: string): unknown;
  head?(head: Loose): unknown;
  saved?(document: Loose): unknown;
}

const copy = (value: unknown): Loose => JSON.parse(JSON.stringify(value));

function spoiledBy<T>(spoil: ((answer: Loose) => unknown) | undefined, answer: T): T {
  const own = copy(answer);
  return (spoil?.(own) ?? own) as T;
}

/** A lease on a store with the sessions `ada`, `bob` and `eve` and the saved `ada`, whose answers are spoiled. */
export async function spoiledLease(spoil: Spoil = {}): Promise<StoreLease> {
  const store: SessionStore = wrappedStore((lease) => ({
    async load(id) {
      return spoiledBy((stored) => spoil.load?.(stored, id), await lease.load(id));
    },
    async head(id) {
      const head = await lease.head(id);
      return head && spoiledBy(spoil.head, head);
    },
    async heads(query) {
      return (await lease.heads(query)).map((head) => spoiledBy(spoil.head, head));
    },
    saved: {
      put: (document) => lease.saved.put(document),
      get: async (id) => {
        const document = await lease.saved.get(id);
        return document && spoiledBy(spoil.saved, document);
      },
      list: async () => (await lease.saved.list()).map((document) => spoiledBy(spoil.saved, document)),
      ids: () => lease.saved.ids(),
      delete: (id) => lease.saved.delete(id),
    },
  }));
  const lease = await store.open({ owner: 'test' });
  for (const id of ['ada', 'bob', 'eve']) await importSession(lease, documentOf(id));
  await importSaved(lease, documentOf());
  return lease;
}
