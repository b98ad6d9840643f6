import { abortedBy, onAbort, throwIfAborted } from '../abort.ts';
import type { Batch } from '../batch.ts';
import { checkOptions, checkSignal, tooLarge } from '../check.ts';
import type { CreateSessionOptions } from '../client.ts';
import type { JsonObject, SessionConfig } from '../data.ts';
import type { Engine } from '../engine.ts';
import { isSessionError, SessionError } from '../errors.ts';
import { checkSessionId, createSessionId } from '../ids.ts';
import { copyJsonObject, exceedsBytes } from '../json.ts';
import { resolveConfig } from '../settings.ts';
import type { SessionEntry, Waiter } from './entry.ts';
import type { Lifecycle } from './lifecycle.ts';
import { duplicate } from './registry.ts';
import type { SessionData } from './snapshot.ts';
import { isRunning } from './status.ts';

/** A create that was checked and copied. */
export interface CreateRequest {
  readonly id: string;
  readonly metadata: JsonObject;
  readonly llmConfig: JsonObject;
  readonly config: SessionConfig;
  readonly signal: AbortSignal | undefined;
  /** No session can have had this id before. */
  readonly unique?: boolean;
  readonly restored?: SessionData;
}

const CREATE_OPTIONS = ['id', 'metadata', 'llmConfig', 'config', 'signal'];
const EMPTY: JsonObject = Object.freeze({});

/** Brings sessions into being, and tells the call that asked when each is active or has failed. */
export class Creator {
  readonly #engine: Engine;
  readonly #lifecycle: Lifecycle;
  /** Of the create whose fact is being committed: the journal takes one decision at a time. */
  #committing: { creation: Waiter<SessionEntry>; signal: AbortSignal | undefined } | undefined;

  constructor(engine: Engine, lifecycle: Lifecycle) {
    this.#engine = engine;
    this.#lifecycle = lifecycle;
  }

  check(given: CreateSessionOptions | undefined): CreateRequest {
    const options = checkOptions(given, 'options', CREATE_OPTIONS);
    const { settings, guard } = this.#engine;
    const signal = checkSignal(options.signal, 'options.signal');
    return {
      id: checkSessionId(
        options.id === undefined ? guard.ask('generateId', settings.generateId) : options.id,
      ),
      metadata: this.#checkObject(options.metadata, 'options.metadata'),
      llmConfig: this.#checkObject(options.llmConfig, 'options.llmConfig'),
      config: resolveConfig(options.config, 'options.config', settings.sessionDefaults),
      signal,
      unique: options.id === undefined && settings.generateId === createSessionId,
    };
  }

  /** Resolves once the session is active. */
  create(request: CreateRequest): Promise<SessionEntry> {
    const { id, unique = false } = request;
    try {
      // Whoever has waited for the store before this may have come too late.
      this.#engine.checkOpen();
      if (request.config.sleepAfterMs !== undefined) this.#engine.stored.get();
    } catch (error) {
      return Promise.reject(error);
    }
    if (this.#engine.dormant.size > 0 && !unique) return this.#createIfFree(request);
    return new Promise((resolve, reject) => {
      const creation = { resolve, reject };
      const { dormant, journal } = this.#engine;
      const committed = journal.commit(id, (batch) => this.#decide(batch, request, creation));
      // Calls on the session wait until it is there.
      const over = journal.gathers ? dormant.expect(id) : () => {};
      committed.catch(reject).finally(over);
    });
  }

  /** Asks the store first whether the id is taken. */
  async #createIfFree(request: CreateRequest): Promise<SessionEntry> {
    const { dormant } = this.#engine;
    const over = dormant.expect(request.id);
    try {
      if (await dormant.isAway(request.id)) throw duplicate(request.id);
      return await this.create({ ...request, unique: true });
    } finally {
      over();
    }
  }

  /** The session of the create that is being committed. */
  created(entry: SessionEntry): void {
    this.#engine.dormant.created(entry);
    const { creation, signal } = this.#committing ?? {};
    this.#committing = undefined;
    if (!creation) return;
    const { waiting } = this.#engine;
    waiting.creations += 1;
    if (signal?.aborted) this.#lifecycle.abortStart(entry, abortedBy(signal));
    const forget = onAbort(signal, (error) => this.#lifecycle.abortStart(entry, error));
    const settle = () => {
      waiting.creations -= 1;
      forget();
    };
    entry.creation = {
      resolve: () => {
        settle();
        creation.resolve(entry);
      },
      reject: (error) => {
        settle();
        creation.reject(error);
      },
    };
  }

  /** The session of that id once it is running; created when there is none, after the end of one that is ending. */
  async getOrCreate(request: CreateRequest): Promise<{ entry: SessionEntry; created: boolean }> {
    const { dormant, journal, registry } = this.#engine;
    for (;;) {
      throwIfAborted(request.signal);
      // What is found must be used in the same turn: a moment later it may have ended.
      const entry = registry.get(request.id);
      if (!entry && (dormant.size > 0 || journal.gathers) && (await dormant.find(request.id))) continue;
      if (!entry) {
        try {
          return { entry: await this.create(request), created: true };
        } catch (error) {
          if (!isSessionError(error) || error.code !== 'DUPLICATE_SESSION') throw error;
        }
      } else if (journal.concerns(request.id)) {
        // What was asked of it before takes effect before.
        if (await journal.commit(request.id, () => isRunning(entry))) return { entry, created: false };
      } else if (isRunning(entry)) {
        return { entry, created: false };
      } else {
        this.#engine.waiting.creations += 1;
        await changeOf(entry, request.signal).finally(() => {
          this.#engine.waiting.creations -= 1;
        });
        this.#engine.checkOpen();
      }
    }
  }

  #decide(batch: Batch, request: CreateRequest, creation: Waiter<SessionEntry>): void {
    const { id, metadata, llmConfig, config, signal, restored } = request;
    const { registry, settings } = this.#engine;
    throwIfAborted(signal);
    if (registry.get(id)) throw duplicate(id);
    registry.checkQuarantine(id);
    const size = registry.size + this.#engine.dormant.size + batch.created;
    if (size >= settings.limits.maxSessions) throw full(settings.limits.maxSessions);
    batch.onCommit(() => {
      this.#committing = { creation, signal };
    });
    // Messages saved elsewhere may be numbered beyond this store: none may be a cursor into its future.
    if (restored) batch.skipTo(newestSeq(restored));
    const payload = { metadata, llmConfig, config, ...(restored && { restored }) };
    batch.add({ id, sessionSeq: 0 }, 'session_created', payload, 0);
  }

  #checkObject(given: unknown, at: string): JsonObject {
    if (given === undefined) return EMPTY;
    const object = copyJsonObject(given, at);
    const { maxMetadataBytes } = this.#engine.settings.limits;
    if (exceedsBytes(object, maxMetadataBytes))
      throw tooLarge(at, maxMetadataBytes, 'limits.maxMetadataBytes');
    return object;
  }
}

async function changeOf(entry: SessionEntry, signal: AbortSignal | undefined): Promise<void> {
  let forget = () => {};
  await new Promise<void>((resolve, reject) => {
    forget = onAbort(signal, reject);
    entry.changed ??= [];
    entry.changed.push(resolve);
  }).finally(() => forget());
}

function newestSeq({ conversation, keyed }: SessionData): number {
  let newest = 0;
  for (const [{ seq }] of conversation) newest = Math.max(newest, seq);
  for (const [, { seq }] of keyed) newest = Math.max(newest, seq);
  return newest;
}

function full(limit: number): SessionError {
  return new SessionError(
    'LIMIT_EXCEEDED',
    `This manager holds ${limit} sessions, its limit (limits.maxSessions); terminate some, or raise it.`,
    { details: { limit } },
  );
}
