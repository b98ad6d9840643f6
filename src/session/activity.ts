import type { Batch } from '../batch.ts';
import { arm, type Engine, RETRY_MS } from '../engine.ts';
import { tellDeadline } from './charts.ts';
import { beginEnd } from './ending.ts';
import type { SessionEntry } from './entry.ts';
import { addStatus, isRunning } from './status.ts';
import { activeTasks } from './views.ts';
import { inactivityLimits } from './wake-time.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** What a session does while nothing happens: it idles, sleeps, and may end. */
export class Activity {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Activity that makes no fact. */
  touch(entry: SessionEntry): void {
    entry.activityMs = this.#engine.time.now();
    entry.touchedAt = this.#engine.time.iso(entry.activityMs);
  }

  quiet(entry: SessionEntry): boolean {
    return activeTasks(entry) === 0;
  }

  settleDown(entry: SessionEntry): void {
    const { id } = entry.state;
    const settle = (batch: Batch) => {
      if (!isRunning(entry)) return;
      const { status, config } = entry.state;
      const { idle, sleep, end } = inactivityLimits(config);
      const inactive = this.#engine.time.now() - entry.activityMs;
      if (inactive >= end) {
        const timeoutMs = this.#engine.settings.timeouts.terminateMs;
        beginEnd(entry, batch, { reason: 'idle', timeoutMs });
      } else if (status === 'active' && inactive >= idle) addStatus(entry, batch, 'idle');
      else if (status === 'idle' && this.#untilSleep(entry, sleep) <= 0) {
        // Should it not go after all, it is looked at again.
        this.#lookIn(entry, Math.min(end - inactive, Math.max(sleep, RETRY_MS)));
        this.#engine.stored.get().sleep.fallAsleep(entry);
      } else this.watch(entry);
    };
    this.#engine.post(id, settle, (error) => {
      this.#engine.guard.log('error', 'chartroom: the store refused a change that no call waits for.', error);
      if (isRunning(entry)) this.#lookIn(entry, RETRY_MS);
    });
  }

  /** Work in flight counts as activity while it lasts. */
  stayAwake(entry: SessionEntry): void {
    this.touch(entry);
    this.watch(entry);
  }

  /** Activity moves the deadline without touching the queue: when it is due, it is looked at again. */
  watch(entry: SessionEntry): void {
    const left = this.#untilNext(entry);
    if (left !== NEVER) this.#lookIn(entry, left);
  }

  /** Not while something that the store refused waits to be asked for again: a session has one deadline. */
  #lookIn(entry: SessionEntry, ms: number): void {
    if (typeof entry.due !== 'function') arm(this.#engine, entry, 'inactivity', ms);
  }

  /** A session that has come back: what was due meanwhile is due now. */
  resume(entry: SessionEntry): void {
    entry.wokenMs = this.#engine.time.now();
    if (this.#untilNext(entry) > 0) this.watch(entry);
    else this.#engine.post(entry.state.id, () => tellDeadline(entry.chart, 'inactivity'));
  }

  /** Milliseconds until the next deadline. */
  #untilNext(entry: SessionEntry): number {
    if (!isRunning(entry)) return NEVER;
    const { idle, sleep, end } = inactivityLimits(entry.state.config);
    const inactive = this.#engine.time.now() - entry.activityMs;
    const next = entry.state.status === 'active' ? idle - inactive : this.#untilSleep(entry, sleep);
    return Math.min(next, end - inactive);
  }

  #untilSleep(entry: SessionEntry, sleep: number): number {
    return Math.max(entry.activityMs, entry.wokenMs) + sleep - this.#engine.time.now();
  }
}
