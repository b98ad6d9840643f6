import { createValue, type Value } from './value.ts';

/** More than this nobody reads. */
const MAX = 5;

/** What a person is told until they dismiss it. */
export interface Notices extends Value<readonly string[]> {
  add(...texts: readonly string[]): void;
  dismiss(): void;
}

export function createNotices(): Notices {
  const { get, set, subscribe } = createValue<readonly string[]>([]);
  return {
    get,
    subscribe,
    add(...texts) {
      const all = [...get(), ...texts];
      const more = all.length - MAX;
      set(more > 0 ? [...all.slice(0, MAX - 1), `And ${more + 1} more.`] : all);
    },
    dismiss: () => set([]),
  };
}
