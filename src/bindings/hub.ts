import type { ListFilter, SessionClient } from '../client.ts';
import type { SessionEvent } from '../events/types.ts';
import { SessionFeed } from './feed.ts';
import { SessionList } from './list.ts';

/**
 * Nobody's id: a stream of its events ends when the client does, and says nothing before that, unless somebody takes
 * the name. A subscription ends without a word.
 */
const NOBODY = 'chartroom.bindings';

/** Something that looks at a client. */
export interface Looking {
  /** All that is known may be stale. */
  resync(): void;
}

/** What all that look at one client share, for as long as anybody looks. */
export class Hub {
  readonly #client: SessionClient;
  readonly #lists = new Map<string, SessionList>();
  readonly #feeds = new Map<string, SessionFeed>();
  readonly #looking = new Set<Looking>();
  #stream: AsyncIterableIterator<unknown> | undefined;

  constructor(client: SessionClient) {
    this.#client = client;
  }

  /** Undefined while nobody looks at it. */
  list(key: string): SessionList | undefined {
    return this.#lists.get(key);
  }

  feed(id: string): SessionFeed | undefined {
    return this.#feeds.get(id);
  }

  /** The one that is looked at, or a new one, which is kept from when it is. */
  listOf(key: string, filter: ListFilter | undefined): SessionList {
    return this.#lists.get(key) ?? new SessionList(this.#host(this.#lists, key), filter);
  }

  feedOf(id: string): SessionFeed {
    return this.#feeds.get(id) ?? new SessionFeed(this.#host(this.#feeds, id), id);
  }

  #host<T extends Looking>(kept: Map<string, T>, key: string) {
    return {
      client: this.#client,
      began: (looking: T) => {
        kept.set(key, looking);
        this.#looking.add(looking);
        if (this.#looking.size === 1) void this.#awaitEnd();
      },
      ended: (looking: T) => {
        kept.delete(key);
        this.#looking.delete(looking);
        if (this.#looking.size === 0) this.#letGo();
      },
    };
  }

  #letGo(): void {
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.return?.().catch(() => {});
  }

  async #awaitEnd(): Promise<void> {
    let stream: AsyncIterableIterator<SessionEvent> | undefined;
    let isNamesake = false;
    try {
      stream = this.#client.events({ sessionId: NOBODY, types: ['session_terminated'] });
      this.#stream = stream;
      for await (const { type } of stream) isNamesake ||= type === 'session_terminated';
    } catch {
      // Whoever looks is told by what it asks.
    }
    if (this.#stream !== stream || stream === undefined) return;
    if (isNamesake) return this.#awaitEnd();
    this.#stream = undefined;
    for (const looking of [...this.#looking]) looking.resync();
  }
}

const hubs = new WeakMap<SessionClient, Hub>();

export function hubOf(client: SessionClient): Hub {
  let hub = hubs.get(client);
  if (!hub) {
    hub = new Hub(client);
    hubs.set(client, hub);
  }
  return hub;
}
