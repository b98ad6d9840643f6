import type { SessionStatus } from '../data.ts';
import { disarm, type Engine } from '../engine.ts';
import type { Follower } from '../journal.ts';
import type { StoreLease } from '../store/port.ts';
import { whenAnswered } from '../when-answered.ts';
import type { Activity } from './activity.ts';
import { tellStatus } from './charts.ts';
import { SessionEntry } from './entry.ts';
import type { Fact } from './facts.ts';
import type { Hooks } from './hooks.ts';
import type { Lifecycle } from './lifecycle.ts';
import { refuseStart, unpark } from './parking.ts';
import { FORMAT_VERSION, snapshotData } from './snapshot.ts';
import { applyFact } from './state.ts';
import { isRunning } from './status.ts';

/** Facts between two snapshots of a session, at least; a large session is written down as seldom as it is large. */
const SNAPSHOT_AFTER = 1000;

/** What a committed fact does: the fold first, then the registry, the chart and whoever waits for it. */
export class FactFollower implements Follower {
  readonly #engine: Engine;
  readonly #lifecycle: Lifecycle;
  readonly #activity: Activity;
  readonly #hooks: Hooks;
  /** Gets the entry of each session as it is created. */
  readonly #created: (entry: SessionEntry) => void;
  lease: StoreLease | undefined;

  constructor(
    engine: Engine,
    lifecycle: Lifecycle,
    activity: Activity,
    hooks: Hooks,
    created: (entry: SessionEntry) => void,
  ) {
    this.#engine = engine;
    this.#lifecycle = lifecycle;
    this.#activity = activity;
    this.#hooks = hooks;
    this.#created = created;
  }

  apply(fact: Fact): void {
    if (fact.type === 'session_created') {
      this.#create(fact);
      return;
    }
    const entry = this.#engine.registry.get(fact.sessionId);
    if (!entry) return;
    const previous = entry.state.status;
    applyFact(entry.state, fact);
    switch (fact.type) {
      case 'session_status':
        this.#engine.registry.moved(previous, entry.state.status);
        this.#moved(entry, previous);
        break;
      case 'session_terminated':
        this.#ended(entry);
        break;
      case 'session_crashed':
      case 'agent_saved':
        break;
      default:
        entry.activityMs = this.#engine.time.now();
        entry.touchedAt = undefined;
    }
    this.#snapshotLater(entry);
  }

  publish(fact: Fact): void {
    const { bus, guard, taps } = this.#engine;
    if (taps.size > 0) for (const tap of taps) guard.notify('an inspector', tap, fact);
    if (fact.type !== 'agent_saved') bus.publish(fact);
  }

  #create(fact: Fact): void {
    const entry = new SessionEntry(applyFact(undefined, fact), this.#engine.time.now());
    this.#engine.registry.add(entry);
    this.#created(entry);
    this.#start(entry);
  }

  #start({ state: { id } }: SessionEntry): void {
    this.#engine.supervise({ type: 'supervisor.spawn', id, input: { id } });
  }

  #moved(entry: SessionEntry, previous: SessionStatus): void {
    const { status } = entry.state;
    tellChange(entry);
    if (status === 'initializing') {
      entry.ending = undefined;
      entry.agentFailure = undefined;
      this.#start(entry);
      return;
    }
    // A crash that the store refused is asked for again, whether or not the session idles meanwhile.
    const insists = typeof entry.due === 'function' && previous !== 'initializing' && isRunning(entry);
    if (!insists) disarm(this.#engine, entry);
    if (status === 'active') {
      entry.creation?.resolve();
      entry.creation = undefined;
      entry.failure = undefined;
      entry.activityMs = this.#engine.time.now();
      entry.touchedAt = undefined;
      unpark(this.#engine, entry);
    }
    if (status === 'terminating' || status === 'terminated') this.#stopWork(entry);
    if (entry.chart) tellStatus(entry.chart, status);
    else if (status === 'terminating') this.#lifecycle.cleanUp(entry);
    this.#activity.watch(entry);
    if (status === 'terminated') entry.chart = undefined;
  }

  #stopWork(entry: SessionEntry): void {
    this.#hooks.abort(entry);
    if (entry.agent) this.#engine.agents.part?.stopOrphans(entry.agent);
    entry.agent = undefined;
    entry.agentStop?.stop();
    entry.agentStop = undefined;
  }

  #ended(entry: SessionEntry): void {
    this.#engine.registry.remove(entry);
    entry.cache = undefined;
    // Only where somebody waits: an error that nobody gets costs more than all the rest of an end.
    if (entry.parked || entry.creation) refuseStart(this.#engine, entry, entry.failure);
    this.#lifecycle.settleEnd(entry);
    tellChange(entry);
  }

  #snapshotLater(entry: SessionEntry): void {
    const { state } = entry;
    entry.unsnapshotted += 1;
    if (entry.unsnapshotted < SNAPSHOT_AFTER || !entry.registered) return;
    if (entry.unsnapshotted < 2 * (state.conversation?.count ?? 0)) return;
    entry.unsnapshotted = 0;
    const { sessionSeq } = state;
    const data = snapshotData(state, entry.touchedAt) as never;
    const failed = (error: unknown) =>
      this.#engine.guard.log('warn', `chartroom: no snapshot of session "${state.id}" was stored.`, error);
    const snapshot = { sessionSeq, version: FORMAT_VERSION, data };
    whenAnswered(
      () => this.lease?.putSnapshot(state.id, snapshot),
      () => {},
      failed,
    );
  }
}

function tellChange(entry: SessionEntry): void {
  for (const resolve of entry.changed ?? []) resolve();
  entry.changed = undefined;
}
