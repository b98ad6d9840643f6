/** Stores that break a promise each. The checker must notice every one. */
import type { JournalRecord, SessionStore, StoreLease } from '../../src/store/port.ts';

type Lie = (lease: StoreLease) => Partial<StoreLease>;

export const lies: Readonly<Record<string, Lie>> = {};

/** The store with a lie told over it; with none, itself. */
export function lying(store: SessionStore, name: string | undefined): SessionStore {
  if (name === undefined) return store;
  const lie = lies[name];
  if (!lie) throw new Error(`there is no lie "${name}"`);
  return {
    async open(options) {
      const lease = await store.open(options);
      const replaced = lie(lease);
      return new Proxy(lease, {
        get(target, key) {
          if (key in replaced) return Reflect.get(replaced, key);
          const value: unknown = Reflect.get(target, key, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
    },
  };
}
export type { JournalRecord };
