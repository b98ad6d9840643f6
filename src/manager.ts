import { type AnyActorLogic, createActor, type EventFromLogic, fromPromise } from 'xstate';
import { managerMachine } from '../machines/manager.ts';
import { createSupervisor } from '../machines/supervisor.ts';
import { type ActorView, viewOf } from './actor-view.ts';
import { Admission, closedError } from './admission.ts';
import { checkOptions, invalidArgument } from './check.ts';
import type { SessionCache, SessionClient } from './client.ts';
import { Timekeeper } from './clock.ts';
import type { RecoveryReport, SessionStatus } from './data.ts';
import { DeadlineQueue } from './deadlines.ts';
import { asyncDispose } from './dispose.ts';
import type { Engine } from './engine.ts';
import { SessionError } from './errors.ts';
import { Bus } from './events/bus.ts';
import { Subscriptions } from './events/subscriptions.ts';
import { Guard } from './guard.ts';
import { Journal } from './journal.ts';
import { LocalClient } from './local-client.ts';
import type { SessionManagerOptions } from './options.ts';
import { recoverSessions } from './recovery.ts';
import { adoptAgent } from './session/agent.ts';
import { Agents } from './session/agents.ts';
import { bindChart } from './session/charts.ts';
import { Creator } from './session/creation.ts';
import type { SessionEntry } from './session/entry.ts';
import { FactFollower } from './session/follower.ts';
import {
  CacheHandle,
  ContextHandle,
  GlobalCache,
  type HandleHost,
  type ScopedHandles,
} from './session/handle.ts';
import { Hooks } from './session/hooks.ts';
import { Lifecycle } from './session/lifecycle.ts';
import { newCache, SessionOperations } from './session/operations.ts';
import { Registry } from './session/registry.ts';
import { SavedShelf } from './session/saved.ts';
import { resolveSettings, type Settings } from './settings.ts';
import type { StoreLease } from './store/port.ts';

export interface ManagerStats {
  /** Registered sessions by status. */
  readonly sessions: Readonly<Record<SessionStatus, number>>;
  readonly asleep: number;
  /** Calls that have not settled and wait: for recovery, for `active`, for an end, for their turn. */
  readonly pending: number;
  readonly listeners: number;
  readonly streams: number;
  /** Deadlines armed. */
  readonly deadlines: number;
  /** Decisions that wait for the store. */
  readonly journalLag: number;
}

/** The engine in this process. */
export interface SessionManager<TAgentEvent = never> extends SessionClient<TAgentEvent> {
  /** Resolves once stored sessions are back; every call waits for it. Rejects `STORE_…` when the store does not open. */
  readonly ready: Promise<RecoveryReport>;
  readonly actor: ActorView;
  /** The global scope. */
  readonly cache: SessionCache;
  /** Works after close too. */
  stats(): ManagerStats;
}

/** The events that a session's agent takes; none without an agent. */
export type AgentEventOf<TAgent> = [TAgent] extends [never]
  ? never
  : TAgent extends AnyActorLogic
    ? EventFromLogic<TAgent>
    : never;

/**
 * Starts an engine and returns at once. Throws `INVALID_ARGUMENT` on a wrong option; that the store does not open
 * is what `ready`, and every call, rejects with.
 */
export function createSessionManager<TAgent extends AnyActorLogic = never>(
  options?: SessionManagerOptions<TAgent>,
): SessionManager<AgentEventOf<TAgent>> {
  return new LocalManager(assemble(resolveSettings(options)));
}

/** The manager's chart with the supervisor it invokes, and the parts that its effects reach. */
function assemble(settings: Settings) {
  const guard = new Guard(settings.logger);
  const time = new Timekeeper(settings.clock, guard);
  const registry = new Registry();
  const admission = new Admission();
  const journal = new Journal(time);
  const bus = new Bus(guard);
  const ready = Promise.withResolvers<RecoveryReport>();
  ready.promise.catch(() => {});

  const engine: Engine = {
    settings,
    time,
    guard,
    registry,
    bus,
    journal,
    deadlines: new DeadlineQueue(time, (entry: SessionEntry) => {
      const { due } = entry;
      entry.due = undefined;
      if (due)
        journal.post(
          () => lifecycle.due(entry, due),
          () => {},
        );
    }),
    checkOpen: () => admission.check(),
    checkLoad: () => {
      const limit = settings.limits.maxPending;
      if (pending() >= limit) throw overloaded(limit);
    },
    supervise: (command) => root.getSnapshot().children.supervisor?.send(command),
    escalate: (id, error) => root.send({ type: 'session.escalated', id, error }),
  };
  const handles: ScopedHandles = {
    during(entry, open) {
      const { id, restarts } = entry.state;
      const scope = { entry, restarts, open };
      return { context: new ContextHandle(host(), id, scope), cache: new CacheHandle(host(), id, scope) };
    },
  };
  const hooks = new Hooks(guard, handles);
  const lifecycle = new Lifecycle(engine, hooks);
  const operations = new SessionOperations(engine, lifecycle);
  const creator = new Creator(engine, lifecycle);
  const shelf = new SavedShelf(engine, creator);
  const subscriptions = new Subscriptions(bus, journal, guard, ready.promise);
  const agents = new Agents(engine, lifecycle, handles);
  const follower = new FactFollower(engine, lifecycle, operations, hooks, (entry) => creator.created(entry));
  const pending = () =>
    admission.pending + journal.pending + creator.pending + operations.parked + lifecycle.waiting;

  const agent = settings.agent && adoptAgent(settings.agent, (id, ref) => agents.adopt(id, ref));
  const supervisor = createSupervisor(bindChart(registry, lifecycle, agent), {
    spawned: (id, ref) => {
      const entry = registry.get(id);
      if (entry) entry.chart = ref;
    },
  });

  let client: HandleHost | undefined;
  const host = () => client as HandleHost;
  let lease: StoreLease | undefined;
  let report: RecoveryReport | undefined;

  async function recover(): Promise<void> {
    lease = await settings.store.open({ owner: `manager ${root.sessionId}` });
    admission.check();
    journal.open(lease, follower);
    shelf.lease = lease;
    follower.lease = lease;
    report = await recoverSessions(engine, lifecycle, lease);
  }
  let recovering: Promise<void> | undefined;

  async function shutDown(): Promise<void> {
    await recovering?.catch(() => {});
    const closing = journal.close();
    for (const entry of registry.values()) {
      operations.rejectParked(entry, closedError());
      lifecycle.abandon(entry, closedError());
    }
    admission.abandon(closedError);
    engine.deadlines.clear();
    subscriptions.close();
    await closing;
    await lease?.[asyncDispose]();
    registry.clear();
  }

  const { inspect } = settings;
  const observe = typeof inspect === 'function' ? inspect : inspect?.next?.bind(inspect);
  const root = createActor(
    managerMachine.provide({
      actors: {
        supervisor,
        recover: fromPromise(() => {
          recovering = recover();
          return recovering;
        }),
        shutDown: fromPromise(shutDown),
      },
      actions: {
        admit: () => {
          admission.open();
          ready.resolve(report ?? { recovered: 0, quarantined: [] });
        },
        refuse: ({ event }) => {
          const { error } = event as unknown as { error: unknown };
          admission.refuse(() => error);
          ready.reject(error);
        },
        reportFailure: ({ event }) => {
          if (event.type !== 'session.failed') return;
          guard.log('error', `chartroom: the chart of session "${event.id}" failed.`, event.error);
          const entry = registry.get(event.id);
          if (!entry) return;
          entry.chart = undefined;
          lifecycle.crash(entry, event.error);
        },
        reportEscalation: ({ event }) => {
          if (event.type !== 'session.escalated') return;
          guard.log('error', `chartroom: session "${event.id}" used up its restarts and ends.`, event.error);
        },
        reportFault: ({ event }) => guard.log('error', 'chartroom: a part of the manager failed.', event),
      },
    }),
    {
      clock: {
        setTimeout: (fn, ms) => time.setTimeout(fn, ms),
        clearTimeout: (timer) => time.clearTimeout(timer),
      },
      logger: (...line: unknown[]) => guard.log('info', 'chartroom: an actor logs', ...line),
      ...(observe && { inspect: (event) => guard.notify('the inspector', observe, event) }),
    },
  );
  root.subscribe({ error: (error) => guard.log('error', 'chartroom: the manager failed.', error) });

  return {
    parts: { engine, admission, lifecycle, operations, subscriptions, creator, shelf },
    root,
    ready,
    pending,
    start: (self: HandleHost) => {
      client = self;
      root.start();
    },
  };
}

class LocalManager<TAgentEvent> extends LocalClient<TAgentEvent> implements SessionManager<TAgentEvent> {
  readonly ready: Promise<RecoveryReport>;
  readonly actor: ActorView;
  readonly cache: SessionCache;
  readonly #assembly: ReturnType<typeof assemble>;
  #closing: Promise<void> | undefined;

  constructor(assembly: ReturnType<typeof assemble>) {
    super(assembly.parts);
    const { engine } = assembly.parts;
    this.#assembly = assembly;
    this.ready = assembly.ready.promise;
    this.actor = viewOf(assembly.root, engine.guard);
    this.cache = new GlobalCache(this, newCache(engine));
    assembly.start(this as unknown as HandleHost);
  }

  stats(): ManagerStats {
    const { engine, lifecycle, subscriptions } = this.parts;
    return Object.freeze({
      sessions: Object.freeze(engine.registry.counts),
      asleep: lifecycle.asleep,
      pending: this.#assembly.pending(),
      listeners: subscriptions.listeners,
      streams: subscriptions.streams,
      deadlines: engine.deadlines.size,
      journalLag: engine.journal.pending,
    });
  }

  async close(options?: { terminate?: boolean }): Promise<void> {
    const { terminate = false } = checkOptions(options, 'options', ['terminate']);
    if (typeof terminate !== 'boolean')
      throw invalidArgument('options.terminate', 'true or false', terminate);
    this.#closing ??= this.#close(terminate);
    return this.#closing;
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(terminate: boolean): Promise<void> {
    const { root, ready } = this.#assembly;
    const { admission, engine, lifecycle } = this.parts;
    if (terminate) await ready.promise.catch(() => {});
    admission.refuse(closedError);
    ready.reject(closedError());
    if (terminate) {
      const { terminateMs } = engine.settings.timeouts;
      const ends = [...engine.registry.values()].map((entry) =>
        engine.journal.commit((batch) => lifecycle.terminate(entry, batch, 'closed', terminateMs)),
      );
      await Promise.allSettled(ends);
    }
    const done = new Promise<void>((resolve) => {
      root.subscribe({ complete: resolve, error: () => resolve() });
    });
    root.send({ type: 'manager.close' });
    await done;
  }
}

function overloaded(limit: number): SessionError {
  const message = `${limit} calls are waiting already (limits.maxPending); wait for some to settle, or raise it.`;
  return new SessionError('OVERLOADED', message, { details: { limit } });
}
