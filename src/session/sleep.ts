import type { Deadline } from '../deadlines.ts';
import { type Engine, RETRY_MS } from '../engine.ts';
import type { StoreLease } from '../store/port.ts';
import { whenAnswered } from '../when-answered.ts';
import type { LostAgent } from './agent-snapshot.ts';
import type { CacheScope } from './cache.ts';
import type { SessionEntry } from './entry.ts';
import { FORMAT_VERSION, snapshotData } from './snapshot.ts';
import type { StoredAgent } from './state.ts';
import { withAgent } from './status.ts';
import { activeTasks } from './views.ts';
import { wakeTime } from './wake-time.ts';

/** The time at which the next of the sessions that are away is due. */
export class Alarm implements Deadline {
  dueAt = Number.POSITIVE_INFINITY;
  slot = -1;
  /** Its time has come. */
  readonly ring: () => void;

  constructor(ring: () => void) {
    this.ring = ring;
  }
}

/** Lets idle sessions go out of memory, and has those that are away brought back when they are due. */
export class Sleep {
  readonly #engine: Engine;
  readonly #alarm = new Alarm(() => this.#ring());
  /** Of sessions that are away: a cache is not stored, and sleep changes nothing that a caller sees. */
  readonly #caches = new Map<string, CacheScope>();
  /** Every session whose wake time is not after this one has been brought back. */
  #wokenTo = -1;
  #lease: StoreLease | undefined;

  constructor(engine: Engine, lease: StoreLease) {
    this.#engine = engine;
    this.#lease = lease;
  }

  /** Writes the session down, then lets it go if nothing has happened to it meanwhile. */
  fallAsleep(entry: SessionEntry): void {
    const { state, activityMs } = entry;
    const { sessionSeq } = state;
    const { agents } = this.#engine;
    if (entry.agentSave) {
      agents.part?.keeper.saveSoon();
      return;
    }
    const agent = agents.part?.keeper.write(entry);
    if (!maySleep(agent)) return;
    const own = wakeTime(state.config, state.status, activityMs);
    const wakeAt = agent ? withAgent(own, agent) : own;
    const letGo = () => {
      const changed = state.sessionSeq !== sessionSeq || entry.activityMs !== activityMs;
      if (!changed && this.#mayGo(entry)) this.#letGo(entry, wakeAt);
    };
    const failed = (error: unknown) =>
      this.#engine.guard.log(
        'warn',
        `chartroom: session "${state.id}" stays awake, it was not stored.`,
        error,
      );
    const data = snapshotData(state, entry.touchedAt, agent) as never;
    const snapshot = { sessionSeq, version: FORMAT_VERSION, data, wakeAt };
    whenAnswered(() => this.#lease?.putSnapshot(state.id, snapshot), letGo, failed);
  }

  /** The session has come back. Gives what was kept of it meanwhile. */
  over(id: string): CacheScope | undefined {
    const { deadlines, dormant } = this.#engine;
    if (dormant.size === 0 && this.#alarm.slot >= 0) {
      deadlines.disarm(this.#alarm);
      this.#alarm.dueAt = Number.POSITIVE_INFINITY;
    }
    const cache = this.#caches.get(id);
    if (cache) this.#caches.delete(id);
    return cache;
  }

  close(): void {
    this.#lease = undefined;
    this.#caches.clear();
  }

  /**
   * Brings back every session that is due, and sets the alarm for the next. Resolves when the first are back; the
   * others follow.
   */
  async wakeDue(): Promise<void> {
    const { time, stored } = this.#engine;
    const now = time.now();
    const from = this.#wokenTo;
    const pages = stored.get().sessions.due(from, now);
    this.#wokenTo = Math.max(from, now);
    const first = await pages.next();
    if (!first.done) void this.#follow(pages).catch((error) => this.#tryAgain(from, error));
    else await this.#setAlarm();
  }

  async #follow(pages: AsyncIterator<unknown>): Promise<void> {
    while (!(await pages.next()).done);
    await this.#setAlarm();
  }

  #ring(): void {
    this.#alarm.dueAt = Number.POSITIVE_INFINITY;
    const from = this.#wokenTo;
    this.wakeDue().catch((error) => this.#tryAgain(from, error));
  }

  async #setAlarm(): Promise<void> {
    const next = await this.#engine.stored.get().sessions.nextDue(this.#wokenTo);
    if (next === undefined) return;
    // Its time may have come while the store was asked.
    if (next <= this.#engine.time.now()) await this.wakeDue();
    else this.#alarmAt(next);
  }

  #alarmAt(wakeAt: number): void {
    if (wakeAt >= this.#alarm.dueAt || !this.#lease) return;
    this.#engine.deadlines.arm(this.#alarm, wakeAt);
  }

  #mayGo(entry: SessionEntry): boolean {
    const { registered, state, parked, gone, changed, hook, agentSave, agentFailure } = entry;
    return (
      registered &&
      state.status === 'idle' &&
      !(parked || gone || changed || hook || agentSave || agentFailure) &&
      activeTasks(entry) === 0 &&
      !this.#engine.journal.concerns(state.id)
    );
  }

  #letGo(entry: SessionEntry, wakeAt: number | null): void {
    const { id } = entry.state;
    this.#engine.deadlines.disarm(entry);
    this.#engine.registry.remove(entry);
    this.#engine.dormant.moved(entry.state.status, 1);
    entry.chart = undefined;
    this.#engine.supervise({ type: 'supervisor.stop', id });
    entry.agentStop?.stop();
    if (entry.cache) this.#caches.set(id, entry.cache);
    if (wakeAt === null) return;
    this.#wokenTo = Math.min(this.#wokenTo, wakeAt - 1);
    this.#alarmAt(wakeAt);
  }

  /** The store did not say who is due after `from`, or did not give them all. */
  #tryAgain(from: number, error: unknown): void {
    if (!this.#lease) return;
    const { guard, time } = this.#engine;
    guard.log('error', 'chartroom: sessions that are due were not brought back; it is tried again.', error);
    this.#wokenTo = Math.min(this.#wokenTo, from);
    this.#alarmAt(time.now() + RETRY_MS);
  }
}

/** An agent that is at work, or of which a part could not be written down, keeps its session awake. */
function maySleep(agent: StoredAgent | LostAgent | undefined): boolean {
  if (!agent) return true;
  return 'agent' in agent && !agent.agent?.atWork && !agent.agent?.lostTimers.length;
}
