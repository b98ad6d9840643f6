import { memoryStore } from '../../src/store/memory.ts';
import type { SessionStore, StoreLease } from '../../src/store/port.ts';

/** A memory store whose leases have some parts replaced; `under` is the store itself, which has its own lock. */
export function wrappedStore(
  replace: (lease: StoreLease) => Partial<StoreLease>,
  under = memoryStore(),
): SessionStore & { readonly under: SessionStore } {
  return {
    under,
    async open(options) {
      const lease = await under.open(options);
      const replaced = replace(lease);
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
