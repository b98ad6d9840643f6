import type { AnyActorRef, EventObject } from 'xstate';
import { throwIfAborted } from '../abort.ts';
import type { Batch } from '../batch.ts';
import type { SendOptions } from '../client.ts';
import type { Content, Message, Role } from '../data.ts';
import type { Engine } from '../engine.ts';
import { SessionError } from '../errors.ts';
import type { Late } from '../late.ts';
import type { Turn } from '../turns.ts';
import type { Activity } from './activity.ts';
import type { CacheScope } from './cache.ts';
import { addMessage, type Draft, draftMessage, messageOfKey } from './content.ts';
import type { SessionEntry } from './entry.ts';
import type { Scope } from './host.ts';
import type { Lifecycle } from './lifecycle.ts';
import { park } from './parking.ts';
import { addStatus, isRunning } from './status.ts';
import { historyOf, infoOf } from './views.ts';

export type Perform<R> = (entry: SessionEntry, batch: Batch) => R | Promise<R>;

export interface WriteConditions {
  readonly signal?: AbortSignal | undefined;
  readonly scope?: Scope | undefined;
  /** It may share an append with what its session is about to have: see the journal. */
  readonly stacks?: boolean;
}

/** Reads and writes of one session: who may when, and in which order. */
export class SessionOperations {
  readonly #engine: Engine;
  readonly #lifecycle: Lifecycle;
  readonly #activity: Activity;

  constructor(engine: Engine, lifecycle: Lifecycle, activity: Activity) {
    this.#engine = engine;
    this.#lifecycle = lifecycle;
    this.#activity = activity;
  }

  /** A look-up: never waits for `active`; for the store only when the session is not in memory. */
  read<R>(id: string, view: (entry: SessionEntry) => R | Promise<R>, scope?: Scope): R | Promise<R> {
    return this.#with(id, view, scope);
  }

  /**
   * A write: waits in `initializing`, wakes an idle session, and is refused from `terminating` on. `perform` runs in
   * the journal's turn and may throw; then nothing has changed.
   */
  write<R>(id: string, perform: Perform<R>, conditions: WriteConditions = {}): R | Promise<R> {
    const { signal, scope, stacks = false } = conditions;
    return this.#with(
      id,
      (entry) => {
        throwIfAborted(signal);
        if (entry.state.status === 'terminating' && !scope?.open()) throw notActive(entry);
        const decide = (batch: Batch) => this.#perform(entry, batch, perform, conditions);
        return this.#engine.journal.commit(id, decide, stacks);
      },
      scope,
    );
  }

  /** Checks and copies a message at the boundary. */
  draft(role: Role, content: Content, options: SendOptions | undefined): Draft {
    const { settings, guard } = this.#engine;
    return draftMessage(role, content, options, settings, guard);
  }

  send(id: string, draft: Draft, scope?: Scope): Message | Promise<Message> {
    return this.write(
      id,
      ({ state }, batch) => messageOfKey(state, batch, draft) ?? addMessage(state, batch, draft),
      { signal: draft.signal, scope, stacks: true },
    );
  }

  /** Resolves once the agent has taken the event, and where it is then is stored. */
  async dispatch(id: string, event: EventObject): Promise<void> {
    let counted: SessionEntry | undefined;
    const perform: Perform<void> = (entry, batch) => {
      if (!entry.agent) throw withoutAgent(entry);
      entry.dispatching += 1;
      counted = entry;
      return this.afterwards(entry, batch, () => {
        this.#deliver(entry, event);
        return entry.agentSave?.done;
      });
    };
    try {
      await this.write(id, perform);
    } finally {
      if (counted) counted.dispatching -= 1;
    }
  }

  /** Acts in the next turn, once what the batch has is stored: of a call that is refused nothing has happened. */
  afterwards<R>({ state }: SessionEntry, batch: Batch, act: () => R | Promise<R>): Promise<R> {
    return new Promise((resolve, reject) => {
      const turn = { session: state.id, stacks: false, decide: act, reject } as const;
      batch.onCommit(() => this.#engine.journal.resume([{ ...turn, resolve: resolve as Turn['resolve'] }]));
    });
  }

  #deliver(entry: SessionEntry, event: EventObject): void {
    const agent: AnyActorRef | undefined = entry.agent;
    if (!agent && !entry.agentFailure && !isRunning(entry)) throw endedMeanwhile(entry);
    if (!agent) throw withoutAgent(entry);
    this.#activity.touch(entry);
    try {
      agent.send(event);
    } catch (error) {
      // Only logic that breaks XState's own rules throws here; the actor is of no more use.
      this.#lifecycle.crash(entry, error);
    }
    if (entry.agentFailure) throw withoutAgent(entry);
  }

  /** One consistent view: the facts up to `seq` are in it, and no other. */
  snapshot(id: string, messages: number | undefined) {
    const view = (entry: SessionEntry) =>
      Object.freeze({
        info: infoOf(entry),
        messages: historyOf(entry.state, messages === undefined ? {} : { limit: messages }),
        seq: this.#engine.journal.seq,
      });
    return this.read(id, view);
  }

  get newCache(): Late<() => CacheScope> {
    return this.#engine.newCache;
  }

  /** Throws `STORE_FAILED` when what it needs could not be loaded. */
  cacheOf(entry: SessionEntry): CacheScope {
    entry.cache ??= this.newCache.get()();
    return entry.cache;
  }

  /** A scope holds on to its incarnation: it may have slept meanwhile, but it must not have ended. */
  #with<R>(id: string, use: (entry: SessionEntry) => R | Promise<R>, scope?: Scope): R | Promise<R> {
    const { dormant, registry } = this.#engine;
    if (!scope) return dormant.with(id, use);
    const ifOwn = (entry: SessionEntry) => {
      const { seq, restarts } = entry.state;
      if (seq !== scope.seq || restarts !== scope.restarts) throw incarnationEnded(id);
      return use(entry);
    };
    const entry = registry.get(id);
    if (entry) return ifOwn(entry);
    if (dormant.size === 0) throw incarnationEnded(id);
    return dormant.find(id).then((found) => {
      if (!found) throw incarnationEnded(id);
      return ifOwn(found);
    });
  }

  #perform<R>(
    entry: SessionEntry,
    batch: Batch,
    perform: Perform<R>,
    conditions: WriteConditions,
  ): R | Promise<R> {
    const { signal, scope, stacks = false } = conditions;
    const { state } = entry;
    throwIfAborted(signal);
    if (scope?.open() && entry.registered) return perform(entry, batch);
    // It was let in while the session was running, so what it meets now is the session's end.
    if (!entry.registered || state.status === 'terminating') throw endedMeanwhile(entry);
    if (state.status === 'initializing') {
      const decide = (next: Batch) => this.#perform(entry, next, perform, conditions);
      return park(this.#engine, entry, { decide, stacks }, signal);
    }
    if (state.status === 'idle') addStatus(entry, batch, 'active');
    const result = perform(entry, batch);
    if (batch.facts.length === 0) this.#activity.touch(entry);
    return result;
  }
}

function incarnationEnded(id: string): SessionError {
  const message = `This incarnation of session "${id}" has ended.`;
  return new SessionError('SESSION_TERMINATED', message, { sessionId: id });
}

function notActive({ state }: SessionEntry): SessionError {
  const message = `Session "${state.id}" is ${state.status}: it can be read until it is gone, and takes no more writes.`;
  return new SessionError('SESSION_NOT_ACTIVE', message, { sessionId: state.id });
}

function endedMeanwhile(entry: SessionEntry): SessionError {
  const { state, ending } = entry;
  if (!ending?.crashed) return notActive(entry);
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
