import { checkOptions } from '../check.ts';
import type { SessionCache } from '../client.ts';
import type { Json, JsonObject } from '../data.ts';
import { copyJson, copyJsonObject } from '../json.ts';
import type { CacheScope } from './cache.ts';
import type { SessionEntry } from './entry.ts';
import type { HandleHost, Scope } from './host.ts';
import type { Perform } from './operations.ts';

/** A session's cache, through its manager. Nothing in it is journaled. */
export class CacheHandle implements SessionCache {
  readonly #host: HandleHost;
  readonly #id: string;
  readonly #scope: Scope | undefined;

  constructor(host: HandleHost, id: string, scope?: Scope) {
    this.#host = host;
    this.#id = id;
    this.#scope = scope;
  }

  async cacheFile(path: string, content: string, options?: { metadata?: JsonObject; mtimeMs?: number }) {
    this.#host.checkOpen();
    const { metadata, ...rest } = checkOptions(options, 'options', ['metadata', 'mtimeMs']);
    const copy =
      metadata === undefined ? rest : { ...rest, metadata: copyJsonObject(metadata, 'options.metadata') };
    return this.#write((cache) => cache.cacheFile(path, content, copy));
  }

  getFile(path: string) {
    const { operations } = this.#host;
    const view = (entry: SessionEntry) => operations.cacheOf(entry).getFile(path);
    return this.#host.admitSlow(() => operations.read(this.#id, view, this.#scope));
  }

  async cacheAnalysis(path: string, kind: string, result: Json): Promise<void> {
    this.#host.checkOpen();
    const copy = copyJson(result, 'result');
    return this.#write((cache) => cache.cacheAnalysis(path, kind, copy));
  }

  getAnalysis(path: string, kind: string) {
    return this.#read((cache) => cache.getAnalysis(path, kind));
  }

  invalidateFile(path: string) {
    return this.#write((cache) => cache.invalidateFile(path));
  }

  clear() {
    return this.#write((cache) => cache.clear());
  }

  stats() {
    return this.#read((cache) => cache.stats());
  }

  #read<R>(view: (cache: CacheScope) => R): Promise<R> {
    const { operations } = this.#host;
    return this.#host.admit(() =>
      operations.read(this.#id, (entry) => view(operations.cacheOf(entry)), this.#scope),
    );
  }

  #write(change: (cache: CacheScope) => void): Promise<void> {
    const { operations } = this.#host;
    const perform: Perform<void> = (entry, batch) => {
      const act = () => change(operations.cacheOf(entry));
      // It wakes its session: a cache is in no store, and must not change when that is refused.
      return batch.facts.length > 0 ? operations.afterwards(entry, batch, act) : act();
    };
    return this.#host.admitWrite(() => operations.write(this.#id, perform, { scope: this.#scope }));
  }
}

/** The manager's own cache, shared by all who ask for it. */
export class GlobalCache implements SessionCache {
  readonly #host: HandleHost;
  readonly #scope: CacheScope;

  constructor(host: HandleHost, scope: CacheScope) {
    this.#host = host;
    this.#scope = scope;
  }

  cacheFile(path: string, content: string, options?: { metadata?: JsonObject; mtimeMs?: number }) {
    return this.#ask((scope) => scope.cacheFile(path, content, options));
  }

  getFile(path: string) {
    return this.#host.admitSlow(() => this.#scope.getFile(path));
  }

  cacheAnalysis(path: string, kind: string, result: Json) {
    return this.#ask((scope) => scope.cacheAnalysis(path, kind, result));
  }

  getAnalysis(path: string, kind: string) {
    return this.#ask((scope) => scope.getAnalysis(path, kind));
  }

  invalidateFile(path: string) {
    return this.#ask((scope) => scope.invalidateFile(path));
  }

  clear() {
    return this.#ask((scope) => scope.clear());
  }

  stats() {
    return this.#ask((scope) => scope.stats());
  }

  /** It needs nothing of the store, so it never waits for recovery. */
  async #ask<R>(call: (scope: CacheScope) => R | Promise<R>): Promise<R> {
    this.#host.checkOpen();
    return call(this.#scope);
  }
}
