import type { SessionEvent } from '../../src/events/types.ts';

/** A listener that always throws, and how often it was called. */
export function throwingListener(): { readonly listener: (event: SessionEvent) => void; calls: number } {
  const state = {
    calls: 0,
    listener: () => {
      state.calls++;
      throw new Error('this listener always throws');
    },
  };
  return state;
}

/** A listener whose promise always rejects. */
export function rejectingListener(): { readonly listener: (event: SessionEvent) => void; calls: number } {
  const state = {
    calls: 0,
    listener: (): Promise<void> => {
      state.calls++;
      return Promise.reject(new Error('this listener always rejects'));
    },
  };
  return state;
}
