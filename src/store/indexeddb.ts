import { checkFunction, checkInteger, checkOptions, checkString, invalidArgument } from '../check.ts';
import type { Unsubscribe } from '../client.ts';
import { asStoreError } from '../error-info.ts';
import { steps } from './indexeddb/format.ts';
import { locked } from './indexeddb/lock.ts';
import { Unavailable } from './indexeddb/opening.ts';
import { openDurable } from './indexeddb/ownership.ts';
import { CLOSED, OPENING, StateTopic, type StoreState, type StoreStateListener } from './indexeddb/state.ts';
import { Contents, MemoryLease, RETAIN_EVENTS as RETAIN_IN_MEMORY } from './memory.ts';
import type { SessionStore, StoreLease } from './port.ts';

export type { StoreState, StoreStateListener } from './indexeddb/state.ts';

export interface IndexedDbStoreOptions {
  /** Events kept for cursors, over all sessions. Default 100,000. What a live session needs is always kept. */
  retainEvents?: number;
  /** Milliseconds that events are kept for cursors, measured against the newest one. Default without limit. */
  retainMs?: number;
  /**
   * What happens where the browser gives no durable store: no IndexedDB (a private window, a sandboxed frame), no
   * Web Locks, no room to open it, or another tab that does not let go of an older format. `memory`: sessions go on
   * in memory alone, and {@link IndexedDbStore.state} says so. `none`: `open` rejects `STORE_FAILED`. Default
   * `memory`.
   */
  fallback?: 'memory' | 'none';
  /** How long another tab may keep the store from opening, in milliseconds. Default 10,000. */
  blockedMs?: number;
}

/** A store that tells what becomes of what is written. */
export interface IndexedDbStore extends SessionStore {
  /** The same object until it changes. */
  readonly state: StoreState;
  /** Calls the listener with each new state, beginning with the next. */
  subscribe(listener: StoreStateListener): Unsubscribe;
}

const RETAIN_EVENTS = 100_000;
const BLOCKED_MS = 10_000;
/** The longest time that a timer can be set to. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Sessions in a database of the browser, for as long as the user keeps this site's data: an acknowledged change
 * outlives a reload, a tab that is killed and a browser that crashes. Runs in a page and in a worker, and needs the
 * package `idb` 8.
 *
 * One owner at a time, over all tabs of the site; it holds a Web Lock that the browser frees when its tab dies. `open`
 * rejects `STORE_LOCKED` while another owns it, `STORE_VERSION` for a database of a newer chartroom, `STORE_CORRUPT`
 * for one that is none of ours, and leaves those as they are. Where there is no database to be had, it goes on in
 * memory: see {@link IndexedDbStoreOptions.fallback}; when nobody has subscribed by then, it says so with
 * `console.warn`. Once in memory, a store stays there until the page is loaded again.
 *
 * A full quota rejects a write with `STORE_FAILED` (`details.full`) and changes nothing. When another tab upgrades or
 * deletes the database, or the browser takes it away, every call rejects `STORE_FAILED` until the page is reloaded.
 *
 * Each row carries a checksum. `load` and `saved.get` reject `STORE_CORRUPT` for what does not match, and so does
 * `facts` when it is asked for that session alone; among the facts of all sessions, and in `saved.list`, it is left
 * out.
 *
 * @param name of the database, as the browser's own tools show it; `indexedDB.deleteDatabase(name)` removes it
 */
export function indexedDbStore(name: string, options?: IndexedDbStoreOptions): IndexedDbStore {
  checkString(name, 'name', { min: 1 });
  const {
    retainEvents,
    retainMs,
    fallback = 'memory',
    blockedMs = BLOCKED_MS,
  } = checkOptions(options, 'options', ['retainEvents', 'retainMs', 'fallback', 'blockedMs']);
  if (retainEvents !== undefined) checkInteger(retainEvents, 'options.retainEvents', { min: 0 });
  if (retainMs !== undefined) checkInteger(retainMs, 'options.retainMs', { min: 0 });
  checkInteger(blockedMs, 'options.blockedMs', { min: 0, max: MAX_TIMEOUT_MS });
  if (fallback !== 'memory' && fallback !== 'none')
    throw invalidArgument('options.fallback', "'memory' or 'none'", fallback);

  const topic = new StateTopic();
  let owner: string | undefined;
  let memory: { readonly contents: Contents; readonly reason: Unavailable; epoch: number } | undefined;
  const released = () => {
    owner = undefined;
    topic.announce(CLOSED);
  };
  const request = {
    name,
    blockedMs,
    steps,
    retainEvents: retainEvents ?? RETAIN_EVENTS,
    retainMs: retainMs ?? Number.POSITIVE_INFINITY,
  };

  async function open(request_: { owner: string }): Promise<StoreLease> {
    if (owner !== undefined) throw locked(name, owner);
    owner = request_.owner;
    topic.announce(OPENING);
    if (memory) return openMemory(memory);
    try {
      return await openDurable({ ...request, owner }, topic, released);
    } catch (error) {
      if (error instanceof Unavailable && fallback === 'memory') {
        if (!topic.isHeard) console.warn(`chartroom: sessions are kept in memory only. ${error.message}`);
        memory = { contents: new Contents(retainEvents ?? RETAIN_IN_MEMORY), reason: error, epoch: 0 };
        return openMemory(memory);
      }
      const reason = asStoreError(error, `The store "${name}" did not open`);
      owner = undefined;
      topic.announce({ is: 'refused', reason });
      throw reason;
    }
  }

  function openMemory(kept: NonNullable<typeof memory>): StoreLease {
    kept.epoch += 1;
    topic.announce({ is: 'memory', reason: kept.reason });
    return new MemoryLease(kept.contents, kept.epoch, released);
  }

  return {
    open,
    get state() {
      return topic.state;
    },
    subscribe: (listener) => {
      checkFunction(listener, 'listener');
      return topic.subscribe(listener);
    },
  };
}
