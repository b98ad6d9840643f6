import { memoryStore } from '../../src/store/memory.ts';
import type { SessionStore, StoreLease } from '../../src/store/port.ts';
import { deferred } from './deferred-store.ts';

export interface MortalStore extends SessionStore {
  /** The owner's process dies: nothing of it reaches the store any more, and the next owner finds what is there. */
  crash(): Promise<void>;
}

/** A durable store that takes its time, whose owner can die at any moment. */
export function mortalStore(under: SessionStore = memoryStore()): MortalStore {
  let current: StoreLease | undefined;
  return {
    async open(options) {
      current = await under.open(options);
      return deferred(current);
    },
    async crash() {
      await current?.[Symbol.asyncDispose]();
    },
  };
}
