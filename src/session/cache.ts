import { checkKey, checkOptions, checkPath, checkString, invalidArgument } from '../check.ts';
import type { CachedFile, CacheStats, Json, JsonObject } from '../data.ts';
import { SessionError } from '../errors.ts';
import { copyJson, copyJsonObject, jsonBytes, utf8Length } from '../json.ts';
import type { FileSource, FileStat } from '../options.ts';
import { contentOf, statOf } from './file-source.ts';

export interface CacheOptions {
  readonly maxBytes: number;
  readonly files?: FileSource | undefined;
  now(): number;
  isoNow(): string;
}

export interface CachedAnalysis {
  readonly result: Json;
  /** ISO 8601. */
  readonly cachedAt: string;
}

interface FileEntry {
  readonly path: string;
  readonly kind?: undefined;
  readonly bytes: number;
  readonly file: CachedFile;
  /** Read from the file source, so the source may take it back; what a caller put in stays as it is. */
  readonly loaded: boolean;
}
interface AnalysisEntry {
  readonly path: string;
  readonly kind: string;
  readonly bytes: number;
  readonly analysis: CachedAnalysis;
}
type Entry = FileEntry | AnalysisEntry;

interface Lookup {
  readonly file: CachedFile | undefined;
  readonly hit: boolean;
}

/** Entries may be empty, so bytes alone would not bound them: one per KiB, and no fewer than these. */
const MIN_ENTRY_LIMIT = 1000;
const NO_METADATA: JsonObject = Object.freeze({});
const FILE_OPTIONS = ['metadata', 'mtimeMs'];

/**
 * File contents and analysis results of one session, or of the manager. Bounded in UTF-8 bytes of contents,
 * metadata and results; the least recently used go first. An analysis belongs to the content its path had:
 * other content drops it. All that it returns is frozen.
 */
export class CacheScope {
  readonly #options: CacheOptions;
  /** In order of use, oldest first. Made on first use: most sessions never cache anything. */
  #entries: Map<string, Entry> | undefined;
  #kinds: Map<string, Set<string>> | undefined;
  /** Reads under way. Whoever changes a path takes its read out, and with that the read's right to be kept. */
  #reads: Map<string, Promise<Lookup>> | undefined;
  #bytes = 0;
  #analyses = 0;
  #hits = 0;
  #misses = 0;

  /** @param options may be one object for many scopes; nothing is copied from it */
  constructor(options: CacheOptions) {
    this.#options = options;
  }

  /** `PAYLOAD_TOO_LARGE` when it alone is over the bound; nothing has changed then. */
  cacheFile(
    path: string,
    content: string,
    options?: { readonly metadata?: JsonObject; readonly mtimeMs?: number },
  ): void {
    checkPath(path, 'path');
    checkString(content, 'content');
    const { metadata: given, mtimeMs = this.#options.now() } = checkOptions(options, 'options', FILE_OPTIONS);
    if (!Number.isFinite(mtimeMs)) throw invalidArgument('options.mtimeMs', 'a finite number', mtimeMs);
    const metadata = given === undefined ? NO_METADATA : copyJsonObject(given, 'options.metadata');
    const size = utf8Length(content);
    const file = Object.freeze({ content, mtimeMs, size, metadata });
    const entry: FileEntry = { path, bytes: size + metadataBytes(metadata), file, loaded: false };
    this.#refuseOversized(entry);
    this.#reads?.delete(path);
    this.#keepFile(entry);
  }

  /**
   * Without a file source, what was put in. With one, reads through it; what it loaded itself it revalidates
   * by modification time and size. A file that is missing there is forgotten, one over the bound is returned
   * and not kept. Rejects `STORE_FAILED` when the source fails in any other way.
   */
  async getFile(path: string): Promise<CachedFile | undefined> {
    checkPath(path, 'path');
    const held = this.#fileAt(path);
    if (held !== undefined && !held.loaded) {
      this.#use(path, held);
      this.#hits++;
      return held.file;
    }
    const { files } = this.#options;
    if (files === undefined) {
      this.#misses++;
      return undefined;
    }
    const { file, hit } = await (this.#reads?.get(path) ?? this.#startRead(files, path));
    if (hit) this.#hits++;
    else this.#misses++;
    return file;
  }

  cacheAnalysis(path: string, kind: string, result: Json): void {
    checkPath(path, 'path');
    checkKey(kind, 'kind');
    const copy = copyJson(result, 'result');
    const analysis = Object.freeze({ result: copy, cachedAt: this.#options.isoNow() });
    const entry: AnalysisEntry = { path, kind, bytes: jsonBytes(copy), analysis };
    this.#refuseOversized(entry);
    this.#keep(entry);
  }

  getAnalysis(path: string, kind: string): CachedAnalysis | undefined {
    const key = keyOf(checkPath(path, 'path'), checkKey(kind, 'kind'));
    const entry = this.#entries?.get(key);
    if (entry === undefined || entry.kind === undefined) {
      this.#misses++;
      return undefined;
    }
    this.#use(key, entry);
    this.#hits++;
    return entry.analysis;
  }

  /** Forgets the file and its analyses. */
  invalidateFile(path: string): void {
    checkPath(path, 'path');
    this.#reads?.delete(path);
    this.#forget(path);
  }

  /** Forgets all; the counts of hits and misses go on. */
  clear(): void {
    this.#reads?.clear();
    this.#entries = undefined;
    this.#kinds = undefined;
    this.#bytes = 0;
    this.#analyses = 0;
  }

  stats(): CacheStats {
    return Object.freeze({
      files: (this.#entries?.size ?? 0) - this.#analyses,
      analyses: this.#analyses,
      bytes: this.#bytes,
      hits: this.#hits,
      misses: this.#misses,
    });
  }

  /** What was used last comes first; `limit` at most. */
  newest(limit: number): Array<{ readonly path: string; readonly kind?: string; readonly bytes: number }> {
    const entries = [...(this.#entries?.values() ?? [])].slice(-limit).reverse();
    return entries.map(({ path, kind, bytes }) => ({ path, ...(kind !== undefined && { kind }), bytes }));
  }

  #startRead(files: FileSource, path: string): Promise<Lookup> {
    this.#reads ??= new Map();
    const reads = this.#reads;
    const isCurrent = () => reads.get(path) === read;
    const read = this.#readThrough(files, path, isCurrent).finally(() => {
      if (isCurrent()) reads.delete(path);
    });
    reads.set(path, read);
    return read;
  }

  /** `isCurrent` may be asked after the first `await` only. */
  async #readThrough(files: FileSource, path: string, isCurrent: () => boolean): Promise<Lookup> {
    // The stat comes first: a write between the two makes the next look-up read again. The other way round,
    // old text would pass for new.
    const stat = await statOf(files, path);
    const held = this.#fileAt(path);
    if (stat !== undefined && held?.loaded && isSame(held.file, stat)) {
      this.#use(path, held);
      return { file: held.file, hit: true };
    }
    const content = stat && (await contentOf(files, path));
    const current = isCurrent();
    const meanwhile = current ? undefined : this.#fileAt(path);
    if (meanwhile?.loaded === false) return { file: meanwhile.file, hit: true };
    const file =
      stat === undefined || content === undefined
        ? undefined
        : Object.freeze({ content, mtimeMs: stat.mtimeMs, size: stat.size, metadata: NO_METADATA });
    if (current) this.#keepLoaded(path, file);
    return { file, hit: false };
  }

  #keepLoaded(path: string, file: CachedFile | undefined): void {
    const bytes = file === undefined ? Infinity : utf8Length(file.content);
    if (file === undefined || bytes > this.#options.maxBytes) this.#forget(path);
    else this.#keepFile({ path, bytes, file, loaded: true });
  }

  #fileAt(path: string): FileEntry | undefined {
    const entry = this.#entries?.get(path);
    return entry?.kind === undefined ? entry : undefined;
  }

  #keepFile(entry: FileEntry): void {
    const held = this.#fileAt(entry.path);
    if (held !== undefined && held.file.content !== entry.file.content) this.#forget(entry.path);
    this.#keep(entry);
  }

  #keep(entry: Entry): void {
    this.#entries ??= new Map();
    const key = keyOf(entry.path, entry.kind);
    this.#drop(key);
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
    if (entry.kind !== undefined) {
      this.#analyses++;
      this.#kinds ??= new Map();
      const kinds = this.#kinds.get(entry.path);
      if (kinds === undefined) this.#kinds.set(entry.path, new Set([entry.kind]));
      else kinds.add(entry.kind);
    }
    const { maxBytes } = this.#options;
    const maxEntries = Math.max(MIN_ENTRY_LIMIT, maxBytes / 1024);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= maxBytes && this.#entries.size <= maxEntries) return;
      this.#drop(oldest);
    }
  }

  #use(key: string, entry: Entry): void {
    if (this.#entries?.delete(key)) this.#entries.set(key, entry);
  }

  #forget(path: string): void {
    this.#drop(path);
    for (const kind of this.#kinds?.get(path) ?? []) this.#drop(keyOf(path, kind));
  }

  #drop(key: string): void {
    const entry = this.#entries?.get(key);
    if (entry === undefined) return;
    this.#entries?.delete(key);
    this.#bytes -= entry.bytes;
    if (entry.kind === undefined) return;
    this.#analyses--;
    const kinds = this.#kinds?.get(entry.path);
    kinds?.delete(entry.kind);
    if (kinds?.size === 0) this.#kinds?.delete(entry.path);
  }

  #refuseOversized({ path, bytes }: Entry): void {
    const { maxBytes } = this.#options;
    if (bytes <= maxBytes) return;
    throw new SessionError(
      'PAYLOAD_TOO_LARGE',
      `The cache holds ${maxBytes} bytes; ${JSON.stringify(path)} takes ${bytes}. Raise limits.cacheBytes or cache less.`,
      { details: { path, limit: maxBytes, actual: bytes } },
    );
  }
}

/** No path contains NUL, so a file's key is never an analysis's. */
function keyOf(path: string, kind: string | undefined): string {
  return kind === undefined ? path : `${path}\0${kind}`;
}

function metadataBytes(metadata: JsonObject): number {
  return metadata === NO_METADATA ? 0 : jsonBytes(metadata);
}

function isSame(file: CachedFile, stat: FileStat): boolean {
  return file.mtimeMs === stat.mtimeMs && file.size === stat.size;
}
