/** Stores that are wrong about who owns them. */
import { asyncDispose } from '../../../src/dispose.ts';
import { SessionError } from '../../../src/errors.ts';
import { memoryStore } from '../../../src/store/memory.ts';
import type { SessionStore } from '../../../src/store/port.ts';
import { turns } from '../../support/turns.ts';
import { brokenStore, replaced } from './broken-store.ts';

export interface WrongStore {
  readonly what: string;
  readonly create: () => SessionStore;
}

export const wrongOpens: readonly WrongStore[] = [
  {
    what: 'does not say who has it',
    create() {
      const store = memoryStore();
      return { open: () => store.open({ owner: 'somebody' }) };
    },
  },
  {
    what: 'lets in who comes while another is on the way in',
    create() {
      const store = memoryStore();
      let owned = false;
      let lease: ReturnType<typeof store.open> | undefined;
      return {
        async open(options) {
          if (owned) return store.open(options);
          await turns(1);
          owned = true;
          lease ??= store.open(options);
          return replaced(await lease, {
            async [asyncDispose]() {
              owned = false;
              const held = await lease;
              lease = undefined;
              await held?.[asyncDispose]();
            },
          });
        },
      };
    },
  },
  {
    what: 'fences its owner with an open that it refuses',
    create() {
      const store = memoryStore();
      let refusals = 0;
      return {
        async open(options) {
          try {
            const lease = await store.open(options);
            return replaced(lease, {
              append(records) {
                if (refusals > 0) throw new SessionError('STORE_LOCKED', 'There is a new owner.');
                lease.append(records);
              },
            });
          } catch (error) {
            refusals += 1;
            throw error;
          }
        },
      };
    },
  },
  {
    what: 'lets whoever gives a lease back twice free the one of another',
    create() {
      const store = memoryStore();
      let current: Awaited<ReturnType<SessionStore['open']>> | undefined;
      return {
        async open(options) {
          const lease = await store.open(options);
          current = lease;
          return replaced(lease, {
            async [asyncDispose]() {
              await current?.[asyncDispose]();
            },
          });
        },
      };
    },
  },
  {
    what: 'forgets facts after five owners',
    create: () =>
      brokenStore(
        { what: '', parts: () => ({ load: async () => ({ records: [] }), facts: () => [] }) },
        { fromOwner: 6 },
      ),
  },
];
