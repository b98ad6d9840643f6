import { arm, type Engine } from '../engine.ts';
import { restoredChart, tellDeadline } from './charts.ts';
import { beginEnd } from './ending.ts';
import type { ChartDeadline, SessionEntry } from './entry.ts';
import { activeTasks } from './views.ts';

const NEVER = Number.POSITIVE_INFINITY;

export const isRunning = ({ registered, state }: SessionEntry): boolean =>
  registered && (state.status === 'active' || state.status === 'idle');

/** What a session does while nothing happens: it idles, sleeps, and may end. */
export class Activity {
  readonly #engine: Engine;
  /** Sessions asleep. */
  asleep = 0;

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
    this.#engine.post((batch) => {
      if (!isRunning(entry)) return;
      const { status } = entry.state;
      const { idle, sleep, end } = limitsOf(entry);
      const inactive = this.#engine.time.now() - entry.activityMs;
      if (inactive >= end) {
        const timeoutMs = this.#engine.settings.timeouts.terminateMs;
        beginEnd(entry, batch, { reason: 'idle', timeoutMs });
      } else if (status === 'active' && inactive >= idle)
        batch.add(entry.state, 'session_status', { status: 'idle', previousStatus: 'active' });
      else {
        if (status === 'idle' && inactive >= sleep) this.#fallAsleep(entry);
        this.watch(entry);
      }
    });
  }

  /** Work in flight counts as activity while it lasts. */
  stayAwake(entry: SessionEntry): void {
    this.touch(entry);
    this.watch(entry);
  }

  /** Activity moves the deadline without touching the queue: when it is due, it is looked at again. */
  watch(entry: SessionEntry): void {
    if (!isRunning(entry)) return;
    const { idle, sleep, end } = limitsOf(entry);
    const next = entry.state.status === 'active' ? idle : this.#maySleep(entry) ? sleep : NEVER;
    const after = Math.min(next, end);
    if (after === NEVER) return;
    arm(this.#engine, entry, 'inactivity', entry.activityMs + after - this.#engine.time.now());
  }

  /** An agent's snapshot would have to sleep with it; until it can, a session with an agent stays awake. */
  #maySleep(entry: SessionEntry): boolean {
    return !entry.asleep && !this.#engine.settings.agent;
  }

  #fallAsleep(entry: SessionEntry): void {
    entry.asleep = true;
    entry.chart = undefined;
    this.asleep += 1;
    this.#engine.supervise({ type: 'supervisor.stop', id: entry.state.id });
  }

  /** It sleeps no more, or is gone. Whether it slept. */
  forget(entry: SessionEntry): boolean {
    if (!entry.asleep) return false;
    entry.asleep = false;
    this.asleep -= 1;
    return true;
  }

  /** Before its chart is told anything. Publishes nothing. */
  wake(entry: SessionEntry): void {
    if (this.forget(entry)) this.#engine.supervise(restoredChart(entry.state.id, 'idle'));
  }

  /** A deadline has passed; the chart decides what that means. */
  due(entry: SessionEntry, kind: ChartDeadline): void {
    if (!entry.registered) return;
    this.wake(entry);
    tellDeadline(entry.chart, kind);
  }
}

/** Milliseconds without activity until each. */
function limitsOf({ state: { config } }: SessionEntry): { idle: number; sleep: number; end: number } {
  const { idleAfterMs = NEVER, sleepAfterMs = NEVER, terminateAfterMs = NEVER } = config;
  return { idle: idleAfterMs, sleep: sleepAfterMs, end: terminateAfterMs };
}
