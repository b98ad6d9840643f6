import type { Clock } from '../../src/clock.ts';
import type { SessionManager } from '../../src/index.ts';
import type { Channel, Locks, Platform } from '../../src/tabs/platform.ts';
import { type ShareOptions, shareOver } from '../../src/tabs/share-sessions.ts';
import type { SharedSessions } from '../../src/tabs/shared-tab.ts';
import { testClock } from './clock.ts';
import { keptLog } from './log.ts';
import { Network } from './wire.ts';

interface Waiting {
  readonly tab: object;
  readonly grant: () => void;
}

/** Tabs of one origin in one process: the locks and channels they share, which a tab that crashes leaves at once. */
export class World {
  readonly network = new Network();
  readonly clock = testClock();
  /** The first of each name holds the lock. */
  readonly #locks = new Map<string, Waiting[]>();
  readonly #channels = new Map<string, Set<{ channel: Channel; tab: object }>>();
  /** Of those that have not crashed. */
  readonly #alive = new Set<object>();

  /** A tab of its own; what its platform is made of may be taken away from it. */
  tab<TAgentEvent = never>(
    create: () => SessionManager<TAgentEvent> | Promise<SessionManager<TAgentEvent>>,
    {
      name = 'rooms',
      clock = this.clock as Clock,
      ...options
    }: ShareOptions & { name?: string; clock?: Clock } = {},
  ) {
    const log = keptLog();
    const page = this.page(clock);
    const shared: SharedSessions<TAgentEvent> = shareOver(() => page.platform, name, create, {
      logger: log.logger,
      ...options,
    });
    return { shared, lines: log.lines, ...page };
  }

  /** What a page has of the world. */
  page(clock: Clock = this.clock) {
    const tab = {};
    this.#alive.add(tab);
    const cached = { hidden: () => {}, shown: () => {} };
    const platform: Platform = {
      locks: this.#locksOf(tab),
      channel: (name) => this.#open(name, tab),
      clock,
      onCached: (hidden, shown) => {
        Object.assign(cached, { hidden, shown });
        return () => Object.assign(cached, { hidden: () => {}, shown: () => {} });
      },
    };
    return {
      platform,
      /** The tab is gone from one moment to the next: nothing it does is heard, its locks are free. */
      crash: () => this.#crash(tab),
      hide: () => cached.hidden(),
      show: () => cached.shown(),
    };
  }

  /** Who holds a lock or waits for it, in all. */
  get locks(): number {
    return [...this.#locks.values()].reduce((count, waiting) => count + waiting.length, 0);
  }

  get channels(): number {
    return [...this.#channels.values()].reduce((count, open) => count + open.size, 0);
  }

  /** Of the channels that have ever been opened. */
  get names(): string[] {
    return [...this.#channels.keys()];
  }

  quiet(): Promise<void> {
    return this.network.quiet();
  }

  /** Says something on a channel, as a stranger would. */
  shout(name: string, message: unknown): void {
    this.#open(name, this.#stranger()).post(message);
  }

  #stranger(): object {
    const tab = {};
    this.#alive.add(tab);
    return tab;
  }

  #locksOf(tab: object): Locks {
    return {
      request: (name, signal, held) =>
        new Promise((resolve, reject) => {
          if (!this.#alive.has(tab)) return;
          const queue = this.#locks.get(name) ?? [];
          this.#locks.set(name, queue);
          let granted = false;
          const leave = () => {
            const first = queue[0] === waiting;
            if (queue.includes(waiting)) queue.splice(queue.indexOf(waiting), 1);
            if (first) queue[0]?.grant();
          };
          const grant = () =>
            setImmediate(() => {
              if (!queue.includes(waiting) || granted) return;
              granted = true;
              const done = held();
              done.then(leave, leave);
              done.then(resolve, reject);
            });
          const waiting: Waiting = { tab, grant };
          const abort = () => {
            if (granted) return;
            leave();
            reject(new DOMException('aborted', 'AbortError'));
          };
          if (signal.aborted) return abort();
          signal.addEventListener('abort', abort);
          if (queue.push(waiting) === 1) grant();
        }),
    };
  }

  #open(name: string, tab: object): Channel {
    const open = this.#channels.get(name) ?? new Set();
    this.#channels.set(name, open);
    const channel: Channel = {
      onMessage: undefined,
      post: (message) => {
        if (!open.has(entry)) return;
        for (const other of open)
          if (other !== entry)
            this.network.carry(message, (clone) => open.has(other) && other.channel.onMessage?.(clone));
      },
      close: () => open.delete(entry),
    };
    const entry = { channel, tab };
    if (this.#alive.has(tab)) open.add(entry);
    return channel;
  }

  #crash(tab: object): void {
    this.#alive.delete(tab);
    for (const open of this.#channels.values())
      for (const entry of open) if (entry.tab === tab) open.delete(entry);
    for (const queue of this.#locks.values()) {
      const first = queue[0];
      for (const waiting of queue.filter((each) => each.tab === tab)) queue.splice(queue.indexOf(waiting), 1);
      if (first !== queue[0]) queue[0]?.grant();
    }
  }
}
