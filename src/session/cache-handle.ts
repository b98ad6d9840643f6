import type { Admission } from '../admission.ts';
import { checkOptions } from '../check.ts';
import type { SessionCache } from '../client.ts';
import type { Json, JsonObject } from '../data.ts';
import { copyJson, copyJsonObject } from '../json.ts';
import type { Late } from '../late.ts';
import type { CacheScope } from './cache.ts';
import type { SessionEntry } from './entry.ts';
import type { HandleHost, Scope } from './host.ts';
import type { Perform } from './operations.ts';

/** A cache as its users see it. Checks and copies at once, so that what they change afterwards has no effect. */
abstract class CacheFace implements SessionCache {
  protected readonly host: HandleHost;

  constructor(host: HandleHost) {
    this.host = host;
  }

  protected abstract change(call: (cache: CacheScope) => void): Promise<void>;
  protected abstract look<R>(call: (cache: CacheScope) => R): Promise<R>;
  /** The call may wait for the file source. */
  protected abstract lookSlowly<R>(call: (cache: CacheScope) => Promise<R>): Promise<R>;

  async cacheFile(path: string, content: string, options?: { metadata?: JsonObject; mtimeMs?: number }) {
    this.host.checkOpen();
    const { metadata, ...rest } = checkOptions(options, 'options', ['metadata', 'mtimeMs']);
    const copy =
      metadata === undefined ? rest : { ...rest, metadata: copyJsonObject(metadata, 'options.metadata') };
    return this.change((cache) => cache.cacheFile(path, content, copy));
  }

  getFile(path: string) {
    return this.lookSlowly((cache) => cache.getFile(path));
  }

  async cacheAnalysis(path: string, kind: string, result: Json) {
    this.host.checkOpen();
    const copy = copyJson(result, 'result');
    return this.change((cache) => cache.cacheAnalysis(path, kind, copy));
  }

  getAnalysis(path: string, kind: string) {
    return this.look((cache) => cache.getAnalysis(path, kind));
  }

  invalidateFile(path: string) {
    return this.change((cache) => cache.invalidateFile(path));
  }

  clear() {
    return this.change((cache) => cache.clear());
  }

  stats() {
    return this.look((cache) => cache.stats());
  }
}

/** A session's cache, through its manager. Nothing in it is journaled. */
export class CacheHandle extends CacheFace {
  readonly #id: string;
  readonly #scope: Scope | undefined;

  constructor(host: HandleHost, id: string, scope?: Scope) {
    super(host);
    this.#id = id;
    this.#scope = scope;
  }

  protected look<R>(call: (cache: CacheScope) => R): Promise<R> {
    return this.#read((read) => this.host.admit(read), call);
  }

  protected lookSlowly<R>(call: (cache: CacheScope) => Promise<R>): Promise<R> {
    return this.#read((read) => this.host.admitSlow(read), call);
  }

  #read<R>(
    admit: (read: () => R | Promise<R>) => Promise<R>,
    call: (cache: CacheScope) => R | Promise<R>,
  ): Promise<R> {
    const { operations } = this.host;
    this.host.prepare(operations.newCache);
    return admit(() => operations.read(this.#id, (entry) => call(operations.cacheOf(entry)), this.#scope));
  }

  protected change(call: (cache: CacheScope) => void): Promise<void> {
    const { operations } = this.host;
    this.host.prepare(operations.newCache);
    const perform: Perform<void> = (entry: SessionEntry, batch) => {
      const act = () => call(operations.cacheOf(entry));
      // It wakes its session: a cache is in no store, and must not change when that is refused.
      return batch.facts.length > 0 ? operations.afterwards(entry, batch, act) : act();
    };
    return this.host.admitWrite(() => operations.write(this.#id, perform, { scope: this.#scope }));
  }
}

/** The manager's own cache, shared by all who ask for it. */
export class GlobalCache extends CacheFace {
  readonly #new: Late<() => CacheScope>;
  /** It needs nothing of the store, so it never waits for recovery: only until there is a cache. */
  readonly #admission: Admission;
  #scope: CacheScope | undefined;

  constructor(host: HandleHost, admission: Admission) {
    super(host);
    this.#new = host.operations.newCache;
    this.#admission = admission;
    admission.open();
  }

  protected change(call: (cache: CacheScope) => void): Promise<void> {
    return this.look(call);
  }

  protected look<R>(call: (cache: CacheScope) => R | Promise<R>): Promise<R> {
    if (!this.#new.part) this.#admission.hold(this.#new.load());
    const checkOpen = () => this.host.checkOpen();
    return this.#admission.enter(() => call(this.#cache()), checkOpen);
  }

  /** Once it is let in, it stands behind the calls that wait for the cache. */
  protected lookSlowly<R>(call: (cache: CacheScope) => Promise<R>): Promise<R> {
    return this.host.admitSlow(() => this.look(call));
  }

  #cache(): CacheScope {
    this.#scope ??= this.#new.get()();
    return this.#scope;
  }
}
