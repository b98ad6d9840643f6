import type { AnyActorRef, EventObject } from 'xstate';
import { onAbort, throwIfAborted } from '../abort.ts';
import type { SendOptions } from '../client.ts';
import type { Content, Message, Role } from '../data.ts';
import type { Engine } from '../engine.ts';
import { SessionError } from '../errors.ts';
import type { Batch } from '../journal.ts';
import { CacheScope } from './cache.ts';
import { addMessage, type Draft, draftMessage, messageOfKey } from './content.ts';
import type { Parked, SessionEntry } from './entry.ts';
import type { Lifecycle } from './lifecycle.ts';

/** Binds a handle to one incarnation: what an old hook or agent still does never reaches a newer session. */
export interface Scope {
  readonly entry: SessionEntry;
  readonly restarts: number;
  /** While it says so, writes are let in outside `active` and `idle` too: a hook is running. */
  readonly open: () => boolean;
}

export type Perform<R> = (entry: SessionEntry, batch: Batch) => R | Promise<R>;

/** Reads and writes of one session: who may when, and in which order. */
export class SessionOperations {
  readonly #engine: Engine;
  readonly #lifecycle: Lifecycle;
  /** Writes that wait in `initializing`, over all sessions. */
  parked = 0;

  constructor(engine: Engine, lifecycle: Lifecycle) {
    this.#engine = engine;
    this.#lifecycle = lifecycle;
  }

  /** A look-up: never waits for `active`, nor for a store. */
  read<R>(id: string, view: (entry: SessionEntry) => R, scope?: Scope): R {
    return view(this.#entryFor(id, scope));
  }

  /**
   * A write: waits in `initializing`, wakes an idle session, and is refused from `terminating` on. `perform` runs in
   * the journal's turn and may throw; then nothing has changed.
   */
  write<R>(id: string, perform: Perform<R>, signal?: AbortSignal, scope?: Scope): Promise<R> {
    const entry = this.#entryFor(id, scope);
    throwIfAborted(signal);
    this.#engine.checkLoad();
    if (entry.state.status === 'terminating' && !scope?.open()) throw notActive(entry);
    return this.#engine.journal.commit((batch) => this.#perform(entry, batch, perform, signal, scope));
  }

  /** Checks and copies a message at the boundary. */
  draft(role: Role, content: Content, options: SendOptions | undefined): Draft {
    const { settings, guard } = this.#engine;
    return draftMessage(role, content, options, settings, guard);
  }

  send(id: string, draft: Draft, scope?: Scope): Promise<Message> {
    return this.write(
      id,
      ({ state }, batch) => messageOfKey(state, draft) ?? addMessage(state, batch, draft),
      draft.signal,
      scope,
    );
  }

  /** Resolves once the agent has taken the event. */
  dispatch(id: string, event: EventObject): Promise<void> {
    const { journal } = this.#engine;
    // The agent hears of it in a turn of its own, after the session has been woken durably.
    return this.write(id, (entry) => {
      if (!entry.agent) throw withoutAgent(entry);
      entry.dispatching += 1;
      return journal
        .commit(() => this.#deliver(entry, event))
        .finally(() => {
          entry.dispatching -= 1;
        });
    });
  }

  #deliver(entry: SessionEntry, event: EventObject): void {
    const agent: AnyActorRef | undefined = entry.agent;
    if (!agent) throw withoutAgent(entry);
    this.touch(entry);
    try {
      agent.send(event);
    } catch (error) {
      // Only logic that breaks XState's own rules throws here; the actor is of no more use.
      this.#lifecycle.crash(entry, error);
    }
    if (entry.agentFailure) throw withoutAgent(entry);
  }

  /** Activity that makes no fact. */
  touch(entry: SessionEntry): void {
    entry.activityMs = this.#engine.time.now();
    entry.touchedAt = this.#engine.time.iso(entry.activityMs);
  }

  cacheOf(entry: SessionEntry): CacheScope {
    entry.cache ??= newCache(this.#engine);
    return entry.cache;
  }

  #entryFor(id: string, scope: Scope | undefined): SessionEntry {
    if (!scope) return this.#engine.registry.find(id);
    if (scope.entry.registered && scope.entry.state.restarts === scope.restarts) return scope.entry;
    throw new SessionError('SESSION_TERMINATED', `This incarnation of session "${id}" has ended.`, {
      sessionId: id,
    });
  }

  #perform<R>(
    entry: SessionEntry,
    batch: Batch,
    perform: Perform<R>,
    signal: AbortSignal | undefined,
    scope: Scope | undefined,
  ): R | Promise<R> {
    const { state } = entry;
    throwIfAborted(signal);
    if (scope?.open() && entry.registered) return perform(entry, batch);
    // It was let in while the session was running, so what it meets now is the session's end.
    if (!entry.registered || state.status === 'terminating') throw endedMeanwhile(entry);
    if (state.status === 'initializing')
      return this.#park(entry, (later) => this.#perform(entry, later, perform, signal, scope), signal);
    this.#lifecycle.wake(entry);
    if (state.status === 'idle')
      batch.add(state, 'session_status', { status: 'active', previousStatus: 'idle' });
    return perform(entry, batch);
  }

  #park<R>(
    entry: SessionEntry,
    decide: (batch: Batch) => R | Promise<R>,
    signal: AbortSignal | undefined,
  ): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      const forget = onAbort(signal, (error) => {
        entry.parked?.splice(entry.parked.indexOf(parked), 1);
        this.parked -= 1;
        reject(error);
      });
      const parked: Parked = { decide, resolve: resolve as Parked['resolve'], reject, forget };
      entry.parked ??= [];
      entry.parked.push(parked);
      this.parked += 1;
    });
  }

  /** The session is active: what waited goes first, in call order. */
  unpark(entry: SessionEntry): void {
    if (entry.parked) this.#engine.journal.resume(this.#takeParked(entry));
  }

  /** The session will not be active any more. */
  rejectParked(entry: SessionEntry, error: SessionError): void {
    for (const { reject } of this.#takeParked(entry)) reject(error);
  }

  #takeParked(entry: SessionEntry): Parked[] {
    const { parked = [] } = entry;
    entry.parked = undefined;
    this.parked -= parked.length;
    for (const { forget } of parked) forget();
    return parked;
  }
}

export function newCache({ settings, time }: Engine): CacheScope {
  return new CacheScope({
    maxBytes: settings.limits.cacheBytes,
    files: settings.files,
    now: () => time.now(),
    isoNow: () => time.iso(),
  });
}

function notActive({ state }: SessionEntry): SessionError {
  const message = `Session "${state.id}" is ${state.status}: it can be read until it is gone, and takes no more writes.`;
  return new SessionError('SESSION_NOT_ACTIVE', message, { sessionId: state.id });
}

function endedMeanwhile(entry: SessionEntry): SessionError {
  const { state, ending } = entry;
  if (ending?.reason !== 'crashed') return notActive(entry);
  const message = `Session "${state.id}" crashed before the call took effect.`;
  return new SessionError('SESSION_CRASHED', message, { sessionId: state.id, cause: state.error });
}

function withoutAgent({ state: { id }, agentFailure }: SessionEntry): SessionError {
  if (agentFailure) {
    const message = `The agent of session "${id}" failed; its session has crashed.`;
    return new SessionError('SESSION_CRASHED', message, { sessionId: id, cause: agentFailure.cause });
  }
  return new SessionError(
    'INVALID_TRANSITION',
    `Session "${id}" has no running agent to dispatch to; give createSessionManager an agent, or create a new session if its agent has completed.`,
    { sessionId: id },
  );
}
