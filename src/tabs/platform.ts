import type { Unsubscribe } from '../client.ts';
import type { Clock } from '../clock.ts';

/** What tabs of one origin share, and what a page is told of its own life: as ports, so that a test can have many tabs. */
export interface Platform {
  readonly locks: Locks;
  /** Opens a channel: what is posted reaches everybody else who has one of that name, in order. */
  channel(name: string): Channel;
  readonly clock: Clock;
  /** The page goes into the back-forward cache, and comes back out of it. */
  onCached(hidden: () => void, shown: () => void): Unsubscribe;
}

export interface Locks {
  /**
   * Waits its turn for the lock, which is then held until what `held` returns has settled, or the tab is gone.
   * Rejects when `signal` fires before that.
   */
  request(name: string, signal: AbortSignal, held: () => Promise<void>): Promise<void>;
}

export interface Channel {
  post(message: unknown): void;
  onMessage: ((message: unknown) => void) | undefined;
  /** Nothing is posted or heard any more. */
  close(): void;
}
