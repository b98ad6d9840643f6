import { type AnyActorLogic, createActor, type EventFromLogic, fromPromise } from 'xstate';
import { managerMachine } from '../machines/manager.ts';
import { createSupervisor } from '../machines/supervisor.ts';
import { type ActorView, viewOf } from './actor-view.ts';
import { Admission, closedError, overloadedError } from './admission.ts';
import { checkOptions, invalidArgument } from './check.ts';
import type { SessionCache, SessionClient } from './client.ts';
import { Timekeeper } from './clock.ts';
import type { RecoveryReport, SessionStatus } from './data.ts';
import { DeadlineQueue } from './deadlines.ts';
import { asyncDispose } from './dispose.ts';
import type { Engine } from './engine.ts';
import { lendEngine } from './engine-of.ts';
import { asStoreError } from './error-info.ts';
import type { SessionError } from './errors.ts';
import { Bus } from './events/bus.ts';
import { Subscriptions } from './events/subscriptions.ts';
import { Guard } from './guard.ts';
import { Journal } from './journal.ts';
import type { Late } from './late.ts';
import { lateParts } from './late-parts.ts';
import { type ClientParts, LocalClient } from './local-client.ts';
import type { SessionManagerOptions } from './options.ts';
import { Activity } from './session/activity.ts';
import { adoptAgent } from './session/agent.ts';
import { CacheHandle, GlobalCache } from './session/cache-handle.ts';
import { bindChart } from './session/charts.ts';
import { ContextHandle } from './session/context-handle.ts';
import { Creator } from './session/creation.ts';
import { Dormant } from './session/dormant.ts';
import type { SessionEntry } from './session/entry.ts';
import { FactFollower } from './session/follower.ts';
import { Hooks } from './session/hooks.ts';
import type { HandleHost, ScopedHandles } from './session/host.ts';
import { Lifecycle } from './session/lifecycle.ts';
import { SessionOperations } from './session/operations.ts';
import { Registry } from './session/registry.ts';
import type { Alarm } from './session/sleep.ts';
import { resolveSettings, type Settings } from './settings.ts';
import type { StoreLease } from './store/port.ts';

export interface ManagerStats {
  /** Registered sessions by status, those that are not in memory included. */
  readonly sessions: Readonly<Record<SessionStatus, number>>;
  /** Of these, how many are in the store only: they come back when they are touched. */
  readonly asleep: number;
  /** Calls that have not settled and wait: for recovery, a session to come back, `active`, an end, their turn. */
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
  /**
   * Resolves once the store is taken up; every call waits for it. What is half done, or due, comes back by itself,
   * every other session when it is touched. Rejects `STORE_…` when the store does not open, or what a manager with
   * these options needs could not be loaded.
   */
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

/** The root actor: the manager's chart, whose effects reach the parts of the engine. */
function assemble(settings: Settings) {
  const guard = new Guard(settings.logger);
  const time = new Timekeeper(settings.clock, guard);
  const registry = new Registry();
  const admission = new Admission();
  const cacheAdmission = new Admission();
  const journal = new Journal(time);
  const bus = new Bus(guard);
  const waiting = { parked: 0, ends: 0, creations: 0 };
  const pending = () =>
    admission.pending +
    cacheAdmission.pending +
    journal.pending +
    engine.dormant.waiting +
    waiting.parked +
    waiting.ends +
    waiting.creations;
  const ready = Promise.withResolvers<RecoveryReport>();
  ready.promise.catch(() => {});
  const opened = Promise.withResolvers<StoreLease>();

  const engine: Engine = {
    settings,
    time,
    guard,
    registry,
    dormant: new Dormant(registry, () => engine.stored.get().sessions),
    ...lateParts(settings, time, async () => {
      const lease = await opened.promise;
      if (closing) throw closedError();
      const untilClosed: Admission['untilClosed'] = (call) => admission.untilClosed(call);
      return { engine, lifecycle, activity, creator, handles, untilClosed, lease };
    }),
    bus,
    journal,
    waiting,
    taps: new Set(),
    deadlines: new DeadlineQueue(time, (deadline: SessionEntry | Alarm) => {
      if ('ring' in deadline) return deadline.ring();
      const { due, state } = deadline;
      deadline.due = undefined;
      if (typeof due === 'function') due();
      else if (due) engine.post(state.id, () => lifecycle.due(deadline, due));
    }),
    post: (session, decide, refused = logRefused) => journal.post(session, decide, refused),
    checkOpen: () => admission.check(),
    supervise: (command) => root.getSnapshot().children.supervisor?.send(command),
    escalate: (id, error) => root.send({ type: 'session.escalated', id, error }),
  };
  const logRefused = (error: unknown) =>
    guard.log('error', 'chartroom: the store refused a change that no call waits for.', error);

  const activity = new Activity(engine);
  const handles: ScopedHandles = {
    during(entry, open) {
      const { id, seq, restarts } = entry.state;
      const scope = { seq, restarts, open };
      return { context: new ContextHandle(inner, id, scope), cache: new CacheHandle(inner, id, scope) };
    },
  };
  const hooks = new Hooks(guard, handles);
  const lifecycle = new Lifecycle(engine, hooks);
  const operations = new SessionOperations(engine, lifecycle, activity);
  const creator = new Creator(engine, lifecycle);
  const subscriptions = new Subscriptions(bus, journal, guard, ready.promise);
  const follower = new FactFollower(engine, lifecycle, activity, hooks, (entry) => creator.created(entry));

  const { limits } = settings;
  const checkLoad = () => {
    if (pending() >= limits.maxPending) throw overloadedError(limits.maxPending);
  };
  const host: HandleHost = {
    operations,
    limits,
    checkOpen: () => admission.check(),
    prepare: (part) => {
      if (!part.part) admission.hold(part.load());
    },
    admit: (call) => admission.enter(call),
    admitWrite: (call) => admission.enter(call, checkLoad),
    admitSlow: (call) => admission.enterSlow(call),
  };
  /** For hooks and agents: they work while the manager recovers, and while it ends its sessions to close. */
  const inner: HandleHost = {
    operations,
    limits,
    checkOpen: () => journal.checkOpen(),
    // What they may need is there before the first of them runs.
    prepare() {},
    admit: async (call) => call(),
    admitWrite: async (call) => {
      checkLoad();
      return call();
    },
    admitSlow: (call) => admission.untilClosed(call),
  };

  const agent =
    settings.agent &&
    adoptAgent(
      settings.agent,
      (id, ref) => engine.agents.get().adopt(id, ref),
      (...revival) => engine.agents.get().restore(...revival),
    );
  const supervisor = createSupervisor(bindChart(registry, lifecycle, activity, agent), {
    spawned: (id, ref) => {
      const entry = registry.get(id);
      if (entry) entry.chart = ref;
    },
  });

  const { agents, dormant, newCache, stored } = engine;
  let lease: StoreLease | undefined;
  let report: RecoveryReport = NOTHING_RECOVERED;
  let recovering: Promise<void> | undefined;
  let closing = false;
  const closed = Promise.withResolvers<void>();

  /** A part that does not load in time keeps no manager from closing. */
  async function needed<P>(part: Late<P>): Promise<P> {
    await Promise.race([part.load(), closed.promise]);
    if (closing) throw closedError();
    return part.get();
  }

  async function recover(): Promise<void> {
    try {
      const given = await settings.store.open({ owner: ownerName(root.sessionId) });
      if (closing) return await given[asyncDispose]();
      lease = given;
      opened.resolve(lease);
      journal.open(lease, follower);
      follower.lease = lease;
      dormant.open(await lease.counts());
      const { initialize, cleanup } = settings.hooks;
      if (settings.agent || initialize || cleanup) await needed(newCache);
      if (settings.agent) (await needed(agents)).keepTime(root.system);
      const maySleep = settings.sessionDefaults.sleepAfterMs !== undefined;
      if (dormant.size === 0 && lease.volatile && !maySleep) return;
      report = await (await needed(stored)).recover(() => closing);
    } catch (error) {
      const failure = asStoreError(error, 'The store did not open');
      // Whoever was back by then is not to go on under a manager that takes no calls.
      if (!closing) await stop(failure);
      throw failure;
    }
  }

  async function stop(error: SessionError): Promise<void> {
    await agents.part?.keeper.close();
    dormant.close(error);
    stored.part?.close(error);
    await journal.close();
    for (const entry of registry.values()) lifecycle.abandon(entry, error);
    engine.deadlines.clear();
    registry.clear();
  }

  /** A store that never opens keeps nobody waiting: should it open later, it is given back at once. */
  async function shutDown(): Promise<void> {
    closing = true;
    closed.resolve();
    if (lease) await recovering?.catch(() => {});
    // One for all: an error that nobody gets costs more than all the rest.
    await stop(closedError());
    admission.abandon(closedError);
    subscriptions.close();
    try {
      await lease?.[asyncDispose]();
    } catch (error) {
      guard.log('error', 'chartroom: the store was not released.', error);
    }
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
          ready.resolve(report);
        },
        refuse: (_, { error }) => {
          admission.refuse(() => error);
          subscriptions.close();
          ready.reject(error);
        },
        reportFailure: (_, { id, error }) => {
          guard.log('error', `chartroom: the chart of session "${id}" failed.`, error);
          const entry = registry.get(id);
          if (entry) lifecycle.loseChart(entry, error);
        },
        reportEscalation: (_, { id, error }) =>
          guard.log('error', `chartroom: session "${id}" used up its restarts and ends.`, error),
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

  const parts: ClientParts = { engine, host, lifecycle, subscriptions, creator };
  return { ...parts, admission, cacheAdmission, pending, ready, root };
}

class LocalManager<TAgentEvent> extends LocalClient<TAgentEvent> implements SessionManager<TAgentEvent> {
  readonly ready: Promise<RecoveryReport>;
  readonly actor: ActorView;
  readonly cache: SessionCache;
  readonly #parts: ReturnType<typeof assemble>;
  #closing: Promise<void> | undefined;

  constructor(parts: ReturnType<typeof assemble>) {
    super(parts);
    const { engine, host, cacheAdmission, ready, root } = parts;
    this.#parts = parts;
    lendEngine(this, engine);
    this.ready = ready.promise;
    this.actor = viewOf(root, engine.guard);
    this.cache = new GlobalCache(host, cacheAdmission);
    root.start();
  }

  stats(): ManagerStats {
    const { engine, pending, subscriptions } = this.#parts;
    const { dormant, registry } = engine;
    const sessions = registry.counts;
    for (const [status, count] of Object.entries(dormant.counts))
      if (status in sessions) sessions[status as SessionStatus] += count;
    return Object.freeze({
      sessions: Object.freeze(sessions),
      asleep: dormant.size,
      pending: pending(),
      listeners: subscriptions.listeners,
      streams: subscriptions.streams,
      deadlines: engine.deadlines.size,
      journalLag: engine.journal.pending,
    });
  }

  override async close(options?: { terminate?: boolean }): Promise<void> {
    const { terminate = false } = checkOptions(options, 'options', ['terminate']);
    if (typeof terminate !== 'boolean')
      throw invalidArgument('options.terminate', 'true or false', terminate);
    this.#closing ??= this.#close(terminate);
    return this.#closing;
  }

  async #close(terminate: boolean): Promise<void> {
    const { admission, cacheAdmission, ready, root } = this.#parts;
    admission.refuse(closedError);
    cacheAdmission.refuse(closedError);
    if (terminate) await this.#terminateAll();
    ready.reject(closedError());
    const done = new Promise<void>((resolve) => {
      root.subscribe({ complete: resolve, error: () => resolve() });
    });
    root.send({ type: 'manager.close' });
    await done;
  }

  async #terminateAll(): Promise<void> {
    const { engine, lifecycle, ready } = this.#parts;
    await ready.promise.catch(() => {});
    const { terminateMs } = engine.settings.timeouts;
    const end = (id: string) =>
      engine.dormant.with(id, (entry) =>
        engine.journal.commit(id, (batch) => lifecycle.terminate(entry, batch, 'closed', terminateMs)),
      );
    const { dormant, registry, stored } = engine;
    const ids = [...registry.values()].map(({ state }) => state.id);
    const ends = Promise.allSettled([...ids, ...dormant.expected()].map(async (id) => end(id)));
    try {
      if (dormant.size > 0)
        for await (const page of stored.get().sessions.heads())
          await Promise.allSettled(page.map(async ({ id }) => end(id)));
    } catch (error) {
      // Whoever is still away stays in the store; that must not keep the manager from closing.
      engine.guard.log('error', 'chartroom: not every session could be terminated.', error);
    }
    await ends;
  }
}

const NOTHING_RECOVERED: RecoveryReport = Object.freeze({ recovered: 0, quarantined: Object.freeze([]) });

/** How the owner of a store is called to whoever finds it locked. */
function ownerName(actorId: string): string {
  const { process } = globalThis as { process?: { pid?: number } };
  return `manager ${actorId}${process?.pid === undefined ? '' : ` of process ${process.pid}`}`;
}
