import type { AnyActorRef } from 'xstate';
import type { ErrorInfo, TerminationReason } from '../data.ts';
import { arm, disarm, type Engine } from '../engine.ts';
import { toErrorInfo, wrapThrown } from '../error-info.ts';
import { SessionError, type SessionErrorCode } from '../errors.ts';
import type { Batch } from '../journal.ts';
import { decideRestart, type SupervisedFailure } from '../supervision.ts';
import { stopOrphans } from './agent.ts';
import { type ChartEffects, restoredChart, tellDeadline } from './charts.ts';
import type { DeadlineKind, Ending, SessionEntry } from './entry.ts';
import type { Hooks } from './hooks.ts';
import { activeTasks } from './views.ts';

const NEVER = Number.POSITIVE_INFINITY;
const COMPLETED: ErrorInfo = Object.freeze({
  name: 'AgentCompleted',
  message: 'the agent has completed, and the policy is to start it again',
});
const KILLED: ErrorInfo = Object.freeze({ name: 'Killed', message: 'the session was killed' });

const isRunning = ({ state }: SessionEntry) => state.status === 'active' || state.status === 'idle';
/** A restart that has failed pauses in `initializing` too, with its ending set: then nothing is starting. */
const isStarting = ({ registered, state, ending }: SessionEntry) =>
  registered && state.status === 'initializing' && !ending;

/**
 * How a session lives and dies: what its chart asks for becomes facts here. Each method of {@link ChartEffects}
 * only asks; the decision is taken in the journal's turn, on the state as it is then.
 */
export class Lifecycle implements ChartEffects {
  readonly #engine: Engine;
  readonly #hooks: Hooks;
  /** Calls that wait for an end. */
  waiting = 0;
  /** Sessions asleep. */
  asleep = 0;

  constructor(engine: Engine, hooks: Hooks) {
    this.#engine = engine;
    this.#hooks = hooks;
  }

  // --- starting

  initialize(entry: SessionEntry): void {
    const { restarts } = entry.state;
    const present = () => isStarting(entry) && entry.state.restarts === restarts;
    const { initialize } = this.#engine.settings.hooks;
    if (!initialize) {
      this.#post((batch) => present() && this.#activate(entry, batch));
      return;
    }
    this.#post(() => {
      if (!present()) return;
      arm(this.#engine, entry, 'initialize', this.#engine.settings.timeouts.initializeMs);
      this.#hooks.run(entry, 'initialize', initialize).then(
        () => this.#post((batch) => present() && this.#activate(entry, batch)),
        (error) =>
          this.#post((batch) => present() && this.#failStart(entry, batch, 'INITIALIZE_FAILED', error)),
      );
    });
  }

  failInitialize(entry: SessionEntry): void {
    const { initializeMs } = this.#engine.settings.timeouts;
    const error = new Error(
      `the initialize hook took longer than ${initializeMs} ms (timeouts.initializeMs)`,
    );
    this.#post((batch) => {
      if (isStarting(entry)) this.#failStart(entry, batch, 'TIMEOUT', error);
    });
  }

  /** The caller has lost interest in a session that is still starting. */
  abortStart(entry: SessionEntry, error: SessionError): void {
    this.#post((batch) => {
      if (!isStarting(entry) || entry.state.restarts > 0) return;
      entry.failure = error;
      this.#endAtStart(entry, batch, 'init_failed', toErrorInfo(error));
    });
  }

  #activate(entry: SessionEntry, batch: Batch): void {
    batch.add(entry.state, 'session_status', { status: 'active', previousStatus: 'initializing' });
  }

  /** The first start fails its create; a restart that fails counts as one more failure. */
  #failStart(entry: SessionEntry, batch: Batch, code: SessionErrorCode, thrown: unknown): void {
    const { state } = entry;
    const what = `Session "${state.id}" could not start`;
    entry.failure = wrapThrown(code, what, thrown, state.id);
    if (state.restarts === 0) this.#endAtStart(entry, batch, 'init_failed', toErrorInfo(thrown));
    else this.#failRestart(entry, batch, 'restart_failed', toErrorInfo(thrown));
  }

  #endAtStart(entry: SessionEntry, batch: Batch, reason: TerminationReason, error?: ErrorInfo): void {
    batch.add(entry.state, 'session_status', {
      status: 'terminated',
      previousStatus: 'initializing',
      reason,
    });
    this.#conclude(entry, batch, reason, error);
  }

  #failRestart(entry: SessionEntry, batch: Batch, failure: SupervisedFailure, error: ErrorInfo): void {
    const reason = failure === 'killed' ? 'killed' : 'init_failed';
    const decision = this.#decideRestart(entry, failure);
    const attempt = entry.state.restarts + 1;
    this.#hooks.abort(entry);
    disarm(this.#engine, entry);
    if (decision.restart || failure !== 'killed')
      batch.add(entry.state, 'session_crashed', { error, restarting: decision.restart, attempt });
    if (!decision.restart) {
      this.#endAtStart(entry, batch, reason, error);
      if (decision.escalate) this.#engine.escalate(entry.state.id, error);
      return;
    }
    entry.ending = endingOf(reason, { error, restart: true, delayMs: decision.delayMs, cleaned: true });
    this.#startAgain(entry, batch);
  }

  // --- activity

  quiet(entry: SessionEntry): boolean {
    return activeTasks(entry) === 0;
  }

  settleDown(entry: SessionEntry): void {
    this.#post((batch) => {
      if (!entry.registered || !isRunning(entry)) return;
      const { status } = entry.state;
      const { idle, sleep, end } = inactivityLimits(entry);
      const inactive = this.#engine.time.now() - entry.activityMs;
      if (inactive >= end) this.#beginEnd(entry, batch, endingOf('idle', this.#cleanupTime()));
      else if (status === 'active' && inactive >= idle)
        batch.add(entry.state, 'session_status', { status: 'idle', previousStatus: 'active' });
      else {
        if (status === 'idle' && inactive >= sleep) this.#fallAsleep(entry);
        this.watchInactivity(entry);
      }
    });
  }

  /** Work in flight counts as activity while it lasts. */
  stayAwake(entry: SessionEntry): void {
    entry.activityMs = this.#engine.time.now();
    this.watchInactivity(entry);
  }

  /** Activity moves the deadline without touching the queue: when it is due, it is looked at again. */
  watchInactivity(entry: SessionEntry): void {
    if (!isRunning(entry)) return;
    const { idle, sleep, end } = inactivityLimits(entry);
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

  /** Before anything happens to a session. Publishes nothing. */
  wake(entry: SessionEntry): void {
    if (!entry.asleep) return;
    entry.asleep = false;
    this.asleep -= 1;
    this.#engine.supervise(restoredChart(entry.state));
  }

  /** The chart decides what a deadline means. */
  due(entry: SessionEntry, kind: DeadlineKind): void {
    if (!entry.registered) return;
    this.wake(entry);
    tellDeadline(entry.chart, kind);
  }

  // --- the agent

  completeAgent(entry: SessionEntry): void {
    entry.agent = undefined;
    if (this.#engine.settings.supervision.restart === 'permanent')
      this.#post((batch) => this.#fail(entry, batch, 'completed', COMPLETED));
  }

  crash(entry: SessionEntry, error: unknown): void {
    const { agent } = entry;
    entry.agent = undefined;
    entry.agentFailure = { cause: error };
    if (agent) this.stopOrphans(agent);
    this.#post((batch) => this.#fail(entry, batch, 'crashed', toErrorInfo(error)));
  }

  stopOrphans(agent: AnyActorRef): void {
    try {
      stopOrphans(agent);
    } catch (error) {
      this.#engine.guard.log('error', 'chartroom: a child of an agent did not stop.', error);
    }
  }

  #fail(entry: SessionEntry, batch: Batch, failure: SupervisedFailure, error: ErrorInfo): void {
    if (!entry.registered || !isRunning(entry)) return;
    const { state } = entry;
    const decision = this.#decideRestart(entry, failure);
    batch.add(state, 'session_crashed', { error, restarting: decision.restart, attempt: state.restarts + 1 });
    const delayMs = decision.restart ? decision.delayMs : 0;
    this.#beginEnd(
      entry,
      batch,
      endingOf('crashed', { ...this.#cleanupTime(), error, restart: decision.restart, delayMs }),
    );
    if (!decision.restart && decision.escalate) this.#engine.escalate(state.id, error);
  }

  #decideRestart(entry: SessionEntry, failure: SupervisedFailure) {
    const now = this.#engine.time.now();
    const decision = decideRestart(this.#engine.settings.supervision, entry.restartTimes, failure, now);
    if (decision.restart) entry.restartTimes = decision.history;
    return decision;
  }

  // --- ending

  /** Resolves once the session is gone. Joins a termination under way, and takes back its restart. */
  terminate(entry: SessionEntry, batch: Batch, reason: string, timeoutMs: number): void | Promise<void> {
    if (!entry.registered) return;
    this.wake(entry);
    const { ending } = entry;
    if (entry.state.status === 'initializing') {
      entry.failure = this.#terminatedAtStart(entry);
      return this.#endAtStart(entry, batch, reason);
    }
    if (entry.state.status !== 'terminating') this.#beginEnd(entry, batch, endingOf(reason, { timeoutMs }));
    else if (ending) {
      ending.restart = false;
      if (ending.cleaned) return this.#finish(entry, batch, ending);
    }
    this.waiting += 1;
    return new Promise<void>((resolve, reject) => {
      entry.gone ??= [];
      entry.gone.push({ resolve, reject });
    }).finally(() => {
      this.waiting -= 1;
    });
  }

  /** The manager closes: everything that waits for this session is refused, and nothing of it goes on. */
  abandon(entry: SessionEntry, error: SessionError): void {
    entry.registered = false;
    this.#hooks.abort(entry);
    entry.agentAbort?.abort();
    entry.creation?.reject(error);
    for (const { reject } of entry.gone ?? []) reject(error);
    for (const resolve of entry.changed ?? []) resolve();
  }

  /** Ends it now: no cleanup hook, no waiting. */
  kill(entry: SessionEntry, batch: Batch, reason: unknown): void {
    if (!entry.registered) return;
    this.wake(entry);
    const { state, ending } = entry;
    const error = reason === undefined ? undefined : toErrorInfo(reason);
    const crash = error ?? KILLED;
    if (state.status === 'initializing') {
      if (ending) return;
      entry.failure = this.#terminatedAtStart(entry);
      if (state.restarts > 0) this.#failRestart(entry, batch, 'killed', crash);
      else this.#endAtStart(entry, batch, 'killed', error);
      return;
    }
    if (state.status === 'terminating') {
      const present = ending ?? endingOf('killed', {});
      if (!present.restart) Object.assign(present, { reason: 'killed', error: error ?? present.error });
      if (!present.cleaned) this.#finish(entry, batch, present);
      return;
    }
    const decision = this.#decideRestart(entry, 'killed');
    if (decision.restart)
      batch.add(state, 'session_crashed', { error: crash, restarting: true, attempt: state.restarts + 1 });
    const { restart } = decision;
    const killed = endingOf('killed', {
      error,
      restart,
      delayMs: restart ? decision.delayMs : 0,
      cleaned: true,
    });
    this.#beginEnd(entry, batch, killed);
    if (restart) return;
    this.#finish(entry, batch, killed);
    if (decision.escalate) this.#engine.escalate(state.id, crash);
  }

  cleanUp(entry: SessionEntry): void {
    const { ending } = entry;
    if (!ending) return;
    const present = () => entry.registered && entry.state.status === 'terminating' && entry.ending === ending;
    const finish = () => this.#post((batch) => present() && this.#finish(entry, batch, ending));
    const { cleanup } = this.#engine.settings.hooks;
    if (ending.cleaned || !cleanup) {
      finish();
      return;
    }
    this.#post(() => {
      if (!present()) return;
      arm(this.#engine, entry, 'cleanup', ending.timeoutMs);
      this.#hooks.run(entry, 'cleanup', cleanup).then(finish, (error) => {
        ending.error ??= toErrorInfo(error);
        this.#engine.guard.log(
          'error',
          `chartroom: the cleanup hook of session "${entry.state.id}" threw.`,
          error,
        );
        finish();
      });
    });
  }

  /** After a recovery: a termination that was under way goes on. */
  resumeEnd(entry: SessionEntry): void {
    const { reason = 'normal', restarting, error } = entry.state;
    const delayMs = restarting ? this.#engine.settings.supervision.backoffMs : 0;
    const cleaned = reason === 'killed';
    entry.ending = endingOf(reason, { ...this.#cleanupTime(), error, restart: restarting, delayMs, cleaned });
    this.cleanUp(entry);
  }

  forceEnd(entry: SessionEntry): void {
    this.#post((batch) => {
      const { ending } = entry;
      if (!entry.registered || entry.state.status !== 'terminating' || !ending || ending.cleaned) return;
      if (ending.reason !== 'crashed') ending.reason = 'timeout';
      this.#finish(entry, batch, ending);
    });
  }

  restart(entry: SessionEntry): void {
    this.#post((batch) => {
      if (entry.registered && entry.ending?.restart) this.#reincarnate(entry, batch, entry.ending);
    });
  }

  #beginEnd(entry: SessionEntry, batch: Batch, ending: Ending): void {
    const { state } = entry;
    entry.ending = ending;
    const previousStatus = state.status;
    batch.add(state, 'session_status', { status: 'terminating', previousStatus, reason: ending.reason });
  }

  /** Cleanup is over, one way or another. */
  #finish(entry: SessionEntry, batch: Batch, ending: Ending): void {
    ending.cleaned = true;
    this.#hooks.abort(entry);
    if (ending.restart) {
      this.#startAgain(entry, batch);
      return;
    }
    const { reason, error } = ending;
    batch.add(entry.state, 'session_status', { status: 'terminated', previousStatus: 'terminating', reason });
    this.#conclude(entry, batch, reason, error);
  }

  #startAgain(entry: SessionEntry, batch: Batch): void {
    const { ending } = entry;
    if (!ending) return;
    if (ending.delayMs > 0) arm(this.#engine, entry, 'restart', ending.delayMs);
    else this.#reincarnate(entry, batch, ending);
  }

  #reincarnate({ state }: SessionEntry, batch: Batch, { reason }: Ending): void {
    const previousStatus = state.status;
    batch.add(state, 'session_status', { status: 'terminated', previousStatus, reason });
    batch.add(state, 'session_status', { status: 'initializing', previousStatus: 'terminated' });
  }

  #conclude(
    { state }: SessionEntry,
    batch: Batch,
    reason: TerminationReason,
    error: ErrorInfo | undefined,
  ): void {
    batch.add(state, 'session_terminated', error ? { reason, error } : { reason });
  }

  #terminatedAtStart({ state }: SessionEntry): SessionError {
    const message = `Session "${state.id}" was ended while it was still initializing.`;
    return new SessionError('SESSION_TERMINATED', message, { sessionId: state.id });
  }

  #cleanupTime(): { timeoutMs: number } {
    return { timeoutMs: this.#engine.settings.timeouts.terminateMs };
  }

  #post(decide: (batch: Batch) => unknown): void {
    this.#engine.journal.post(
      (batch) => void decide(batch),
      (error) => this.#engine.guard.log('error', 'chartroom: a change of status was not stored.', error),
    );
  }
}

function endingOf(reason: TerminationReason, given: Partial<Ending>): Ending {
  return { reason, error: undefined, restart: false, delayMs: 0, timeoutMs: 0, cleaned: false, ...given };
}

/** Milliseconds without activity until each. */
function inactivityLimits({ state: { config } }: SessionEntry): { idle: number; sleep: number; end: number } {
  const { idleAfterMs = NEVER, sleepAfterMs = NEVER, terminateAfterMs = NEVER } = config;
  return { idle: idleAfterMs, sleep: sleepAfterMs, end: terminateAfterMs };
}
