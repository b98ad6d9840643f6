import { asyncDispose } from '../../dispose.ts';
import type { FactQuery, JournalRecord, SavedSessions, SessionStore, StoreLease } from '../../store/port.ts';
import { ContractError, show, textOf } from './assertions.ts';
import { rules } from './rules.ts';

/**
 * More than any case asks, each fact read included. No timer ends a case whose store answers at once and for ever,
 * since the event loop does not go on meanwhile.
 */
const MAX_CALLS = 20_000;

const METHODS = ['append', 'counts', 'head', 'heads', 'load', 'putSnapshot', 'remove', 'facts'] as const;
const SAVED_METHODS = ['put', 'get', 'list', 'ids', 'delete'] as const;

/** Put into words only when somebody asks: a batch may be large. */
interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

const inWords = ({ name, args }: Call) => `${name}(${args.map(show).join(', ')})`;

/** A store whose calls are known while they last, whose leases are given back at the end, whatever happens. */
export class WatchedStore implements SessionStore {
  readonly #store: SessionStore;
  readonly #inFlight = new Set<Call>();
  readonly #failedIn = new WeakMap<object, Call>();
  /** Those that nobody has given back yet. */
  readonly #leases = new Set<StoreLease>();
  #calls = 0;
  #over = false;

  constructor(store: SessionStore) {
    this.#store = store;
  }

  /** The calls that have not settled yet, the oldest first. */
  get inFlight(): readonly string[] {
    return [...this.#inFlight].map(inWords);
  }

  /** The call that failed with this error, if it was one of the store's. */
  failedIn(error: unknown): string | undefined {
    const call = typeof error === 'object' && error !== null ? this.#failedIn.get(error) : undefined;
    return call && inWords(call);
  }

  async open(options: { owner: string }): Promise<StoreLease> {
    const lease = await this.#call({ name: 'open', args: [options] }, () => this.#store.open(options));
    const missing = missingFrom(lease);
    if (typeof lease?.[asyncDispose] === 'function') this.#leases.add(lease);
    // It came when the case had been given up: nobody else would give it back.
    if (this.#over) await this.release();
    if (missing.length > 0)
      throw new ContractError(`the lease that \`open\` gave has no ${missing.join(', no ')}`, {
        rule: rules.lease,
      });
    return this.#watchedLease(lease);
  }

  /** Gives back what is still held, every lease of it though one fails. Nothing can be called any more. */
  async release(): Promise<void> {
    this.#over = true;
    const held = [...this.#leases];
    const outcomes = await Promise.allSettled(held.map((lease) => this.#giveBack(lease)));
    const failed = outcomes.find((each) => each.status === 'rejected');
    if (failed)
      throw new ContractError(`giving the lease back failed with ${textOf(failed.reason)}`, {
        cause: failed.reason,
        rule: rules.givenBack,
      });
  }

  #watchedLease(lease: StoreLease): StoreLease {
    const call = <R>(name: string, args: readonly unknown[], act: () => R): R => {
      this.#count(name);
      return this.#call({ name, args }, act);
    };
    const saved: SavedSessions = {
      put: (document) => call('saved.put', [document], () => lease.saved.put(document)),
      get: (id) => call('saved.get', [id], () => lease.saved.get(id)),
      list: () => call('saved.list', [], () => lease.saved.list()),
      ids: () => call('saved.ids', [], () => lease.saved.ids()),
      delete: (id) => call('saved.delete', [id], () => lease.saved.delete(id)),
    };
    return {
      epoch: lease.epoch,
      ...(lease.volatile !== undefined && { volatile: lease.volatile }),
      get lastSeq() {
        return lease.lastSeq;
      },
      get cutSeq() {
        return lease.cutSeq;
      },
      append: (records) => call('append', [records], () => lease.append(records)),
      counts: () => call('counts', [], () => lease.counts()),
      head: (id) => call('head', [id], () => lease.head(id)),
      heads: (...query) => call('heads', query, () => lease.heads(...query)),
      load: (id) => call('load', [id], () => lease.load(id)),
      putSnapshot: (id, snapshot) =>
        call('putSnapshot', [id, snapshot], () => lease.putSnapshot(id, snapshot)),
      remove: (id) => call('remove', [id], () => lease.remove(id)),
      facts: (query) =>
        this.#watchedFacts(
          query,
          call('facts', [query], () => lease.facts(query)),
        ),
      saved,
      [asyncDispose]: () => this.#giveBack(lease),
    };
  }

  async *#watchedFacts(
    query: FactQuery,
    facts: AsyncIterable<JournalRecord> | Iterable<JournalRecord>,
  ): AsyncGenerator<JournalRecord, void> {
    const iterator = iteratorOf(facts);
    let ended = false;
    try {
      while (true) {
        this.#count('facts().next');
        const next = await this.#call({ name: 'facts().next', args: [query] }, () => iterator.next());
        ended = next.done === true;
        if (next.done) return;
        yield next.value;
      }
    } finally {
      if (!ended) await this.#call({ name: 'facts().return', args: [query] }, () => iterator.return?.());
    }
  }

  #count(name: string): void {
    if (this.#over) throw new Error('The case is over.');
    this.#calls += 1;
    if (this.#calls > MAX_CALLS)
      throw new ContractError(`no end after ${MAX_CALLS} calls, the last of them ${name}`, {
        rule: rules.settles,
      });
  }

  async #giveBack(lease: StoreLease): Promise<void> {
    await this.#call({ name: '[Symbol.asyncDispose]', args: [] }, () => lease[asyncDispose]());
    this.#leases.delete(lease);
  }

  /** Answers at once when the store does. */
  #call<R>(call: Call, act: () => R): R {
    try {
      const answer = act();
      return isPromise(answer) ? (this.#settled(call, answer) as R) : answer;
    } catch (error) {
      this.#note(error, call);
      throw error;
    }
  }

  #settled<T>(call: Call, answer: PromiseLike<T>): Promise<T> {
    this.#inFlight.add(call);
    const settled = (async () => {
      try {
        return await answer;
      } catch (error) {
        this.#note(error, call);
        throw error;
      } finally {
        this.#inFlight.delete(call);
      }
    })();
    // A case that has failed waits for none of its other calls: what they reject with is no news to anybody.
    settled.catch(() => {});
    return settled;
  }

  #note(error: unknown, call: Call): void {
    if (typeof error === 'object' && error !== null && !this.#failedIn.has(error))
      this.#failedIn.set(error, call);
  }
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

function iteratorOf(
  facts: AsyncIterable<JournalRecord> | Iterable<JournalRecord>,
): AsyncIterator<JournalRecord> | Iterator<JournalRecord> {
  if (typeof facts === 'object' && facts !== null) {
    if (Symbol.asyncIterator in facts) return facts[Symbol.asyncIterator]();
    if (Symbol.iterator in facts) return facts[Symbol.iterator]();
  }
  throw new ContractError(`\`facts\` must give an iterable or an async iterable, and gave ${show(facts)}`, {
    rule: rules.lease,
  });
}

/** What a lease must have and has not, in words. */
function missingFrom(lease: Partial<StoreLease> | undefined): string[] {
  const has = (object: object | undefined, key: PropertyKey, type: string) =>
    typeof object === 'object' && object !== null && typeof Reflect.get(object, key) === type;
  return [
    ...METHODS.filter((name) => !has(lease, name, 'function')).map((name) => `method ${name}`),
    ...SAVED_METHODS.filter((name) => !has(lease?.saved, name, 'function')).map(
      (name) => `method saved.${name}`,
    ),
    ...(has(lease, asyncDispose, 'function') ? [] : ['method [Symbol.asyncDispose]']),
    ...(['epoch', 'lastSeq', 'cutSeq'] as const)
      .filter((name) => !has(lease, name, 'number'))
      .map((name) => `number ${name}`),
    ...(lease?.volatile === undefined || typeof lease.volatile === 'boolean'
      ? []
      : ['true or false for volatile']),
  ];
}
