import type { Batch } from '../batch.ts';
import type { ErrorInfo } from '../data.ts';
import { arm, disarm, type Engine, insist, RETRY_MS } from '../engine.ts';
import { toErrorInfo, wrapThrown } from '../error-info.ts';
import { SessionError, type SessionErrorCode } from '../errors.ts';
import { decideRestart, type RestartDecision, type SupervisedFailure } from '../supervision.ts';
import { type LifecycleEffects, tellDeadline } from './charts.ts';
import {
  addCrash,
  beginEnd,
  completeEnd,
  type Ending,
  endAtStart,
  endingUnderWay,
  reincarnate,
  restartOf,
  setEnding,
} from './ending.ts';
import type { ChartDeadline, SessionEntry } from './entry.ts';
import type { Hooks } from './hooks.ts';
import { refuseStart, rejectParked } from './parking.ts';
import { addStatus, isEnding, isRunning, isStarting } from './status.ts';

const COMPLETED: ErrorInfo = Object.freeze({
  name: 'AgentCompleted',
  message: 'the agent has completed, and the policy is to start it again',
});
const KILLED: ErrorInfo = Object.freeze({ name: 'Killed', message: 'the session was killed' });

/**
 * How a session starts, fails, starts again and ends: what its chart asks for becomes facts here. Each effect only
 * asks; the decision is taken in the journal's turn, on the state as it is then, and changes nothing by itself.
 */
export class Lifecycle implements LifecycleEffects {
  readonly #engine: Engine;
  readonly #hooks: Hooks;

  constructor(engine: Engine, hooks: Hooks) {
    this.#engine = engine;
    this.#hooks = hooks;
  }

  // --- starting

  initialize(entry: SessionEntry): void {
    const { restarts } = entry.state;
    const present = () => isStarting(entry) && entry.state.restarts === restarts;
    const activate = () =>
      this.#engine.post(
        entry.state.id,
        (batch) => {
          if (present())
            addStatus(entry, batch, 'active', undefined, this.#engine.settings.agent !== undefined);
        },
        (error) => this.#failStart(entry, present, 'INITIALIZE_FAILED', error),
      );
    const { initialize } = this.#engine.settings.hooks;
    if (!initialize) {
      activate();
      return;
    }
    this.#engine.post(entry.state.id, () => {
      if (!present()) return;
      arm(this.#engine, entry, 'initialize', this.#engine.settings.timeouts.initializeMs);
      this.#hooks
        .run(entry, 'initialize', initialize)
        .then(activate, (error) => this.#failStart(entry, present, 'INITIALIZE_FAILED', error));
    });
  }

  failInitialize(entry: SessionEntry): void {
    const { initializeMs } = this.#engine.settings.timeouts;
    const message = `the initialize hook took longer than ${initializeMs} ms (timeouts.initializeMs)`;
    this.#failStart(entry, () => isStarting(entry), 'TIMEOUT', new Error(message));
  }

  /** The caller has lost interest in a session that is still starting for the first time. */
  abortStart(entry: SessionEntry, error: SessionError): void {
    this.#commitFailure(entry, () => isStarting(entry) && entry.state.restarts === 0, error, error);
  }

  #failStart(entry: SessionEntry, present: () => boolean, code: SessionErrorCode, thrown: unknown): void {
    const { id } = entry.state;
    const failure = wrapThrown(code, `Session "${id}" could not start`, thrown, id);
    this.#commitFailure(entry, present, failure, thrown);
  }

  /** The first start fails its create; a restart that fails counts as one more failure. */
  #commitFailure(entry: SessionEntry, present: () => boolean, failure: SessionError, thrown: unknown): void {
    this.#engine.post(
      entry.state.id,
      (batch) => {
        if (!present()) return;
        setFailure(entry, batch, failure);
        if (entry.state.restarts === 0) endAtStart(entry, batch, 'init_failed', toErrorInfo(thrown));
        else this.#failRestart(entry, batch, 'restart_failed', toErrorInfo(thrown));
      },
      () => {
        if (!present()) return;
        // The store takes no facts: whoever waits is told at least.
        refuseStart(this.#engine, entry, failure);
        entry.failure = failure;
        arm(this.#engine, entry, () => this.#commitFailure(entry, present, failure, thrown), RETRY_MS);
      },
    );
  }

  #failRestart(
    entry: SessionEntry,
    batch: Batch,
    failure: SupervisedFailure,
    error: ErrorInfo | undefined,
  ): void {
    const { state } = entry;
    const reason = failure === 'killed' ? 'killed' : 'init_failed';
    const decision = this.#decideRestart(entry, failure);
    batch.onCommit(() => {
      this.#hooks.abort(entry);
      disarm(this.#engine, entry);
    });
    if (decision.restart || failure !== 'killed') addCrash(entry, batch, error ?? KILLED, decision);
    if (decision.restart) {
      const ending: Ending = { reason, error, restart: true, delayMs: decision.delayMs, cleaned: true };
      setEnding(entry, batch, ending);
      this.#startAgain(entry, batch, ending);
    } else {
      endAtStart(entry, batch, reason, error);
      this.#escalate(batch, state.id, error ?? KILLED, decision);
    }
  }

  // --- the agent

  completeAgent(entry: SessionEntry): void {
    // One that failed before, by what it emitted, has not completed.
    if (entry.agentFailure) return;
    entry.agent = undefined;
    entry.agentCompleted = true;
    this.#engine.agents.part?.keeper.changed(entry);
    if (this.#engine.settings.supervision.restart === 'permanent') this.#fail(entry, 'completed', COMPLETED);
  }

  crash(entry: SessionEntry, error: unknown): void {
    const { agent } = entry;
    entry.agent = undefined;
    entry.agentFailure = { cause: error };
    if (agent) this.#engine.agents.part?.stopOrphans(agent);
    this.#fail(entry, 'crashed', toErrorInfo(error));
  }

  /** Its chart is gone; the end that follows runs without one. */
  loseChart(entry: SessionEntry, error: unknown): void {
    entry.chart = undefined;
    this.crash(entry, error);
  }

  #fail(entry: SessionEntry, failure: SupervisedFailure, error: ErrorInfo): void {
    const timeoutMs = this.#engine.settings.timeouts.terminateMs;
    insist(
      this.#engine,
      entry,
      () => isRunning(entry),
      (batch) => {
        const decision = this.#decideRestart(entry, failure);
        const ending: Ending = { reason: 'crashed', crashed: true, error, timeoutMs, ...restartOf(decision) };
        addCrash(entry, batch, error, decision);
        beginEnd(entry, batch, ending);
        this.#escalate(batch, entry.state.id, error, decision);
      },
    );
  }

  #decideRestart({ state }: SessionEntry, failure: SupervisedFailure): RestartDecision {
    const { settings, time } = this.#engine;
    return decideRestart(settings.supervision, state.restartTimes, failure, time.now());
  }

  #escalate(batch: Batch, id: string, error: ErrorInfo, decision: RestartDecision): void {
    if (!decision.restart && decision.escalate) batch.onCommit(() => this.#engine.escalate(id, error));
  }

  // --- ending

  /** Resolves once the session is gone. Joins a termination under way, and takes back its restart. */
  terminate(entry: SessionEntry, batch: Batch, reason: string, timeoutMs: number): void | Promise<void> {
    const { state, ending } = entry;
    if (!entry.registered) return;
    if (state.status === 'initializing') {
      setFailure(entry, batch, endedAtStart(entry));
      return endAtStart(entry, batch, reason);
    }
    if (state.status !== 'terminating') beginEnd(entry, batch, { reason, timeoutMs });
    else if (ending) {
      const last = { ...ending, restart: false };
      setEnding(entry, batch, last);
      if (ending.cleaned) return this.#finish(entry, batch, last);
    }
    return this.#waitForEnd(entry, batch);
  }

  #waitForEnd(entry: SessionEntry, batch: Batch): Promise<void> {
    return new Promise((resolve, reject) => {
      batch.onCommit(() => {
        this.#engine.waiting.ends += 1;
        entry.gone ??= [];
        entry.gone.push({ resolve, reject });
      });
    });
  }

  /** Settles the calls that wait for the end: it has come, or `error` keeps it from coming. */
  settleEnd(entry: SessionEntry, error?: unknown): void {
    const { gone = [] } = entry;
    entry.gone = undefined;
    this.#engine.waiting.ends -= gone.length;
    for (const { resolve, reject } of gone)
      if (error) reject(error);
      else resolve();
  }

  /** Ends it now: no cleanup hook, no waiting. A restart that is planned stays planned. */
  kill(entry: SessionEntry, batch: Batch, reason: unknown): void {
    const { state, ending } = entry;
    if (!entry.registered) return;
    const error = reason === undefined ? undefined : toErrorInfo(reason);
    if (state.status === 'initializing') {
      if (ending) return;
      setFailure(entry, batch, endedAtStart(entry));
      if (state.restarts > 0) this.#failRestart(entry, batch, 'killed', error);
      else endAtStart(entry, batch, 'killed', error);
    } else if (state.status === 'terminating') {
      if (ending?.restart && ending.cleaned) return;
      const killed: Ending = { ...ending, reason: 'killed', error: error ?? ending?.error };
      this.#finish(entry, batch, ending?.restart ? ending : killed);
    } else this.#killRunning(entry, batch, error);
  }

  #killRunning(entry: SessionEntry, batch: Batch, error: ErrorInfo | undefined): void {
    const decision = this.#decideRestart(entry, 'killed');
    if (decision.restart) addCrash(entry, batch, error ?? KILLED, decision);
    const ending: Ending = { reason: 'killed', error, cleaned: true, ...restartOf(decision) };
    beginEnd(entry, batch, ending);
    if (!decision.restart) this.#finish(entry, batch, ending);
    this.#escalate(batch, entry.state.id, error ?? KILLED, decision);
  }

  cleanUp(entry: SessionEntry): void {
    const { ending } = entry;
    const { restarts } = entry.state;
    const { cleanup } = this.#engine.settings.hooks;
    const present = () => isEnding(entry) && entry.state.restarts === restarts && !entry.ending?.cleaned;
    if (!ending || ending.cleaned || !cleanup) this.#finishLater(entry, () => isEnding(entry));
    else
      this.#engine.post(entry.state.id, () => {
        if (!present()) return;
        arm(this.#engine, entry, 'cleanup', ending.timeoutMs ?? 0);
        this.#hooks.run(entry, 'cleanup', cleanup).then(
          () => this.#finishLater(entry, present),
          (thrown) => {
            const what = `chartroom: the cleanup hook of session "${entry.state.id}" threw.`;
            this.#engine.guard.log('error', what, thrown);
            this.#finishLater(entry, present, { error: toErrorInfo(thrown) });
          },
        );
      });
  }

  forceEnd(entry: SessionEntry): void {
    this.#finishLater(entry, () => isEnding(entry) && !entry.ending?.cleaned, { reason: 'timeout' });
  }

  /** After a recovery: an end that was under way goes on, and so does the pause before a restart. */
  resumeEnd(entry: SessionEntry): void {
    const ending = endingUnderWay(entry.state, this.#engine.settings, this.#engine.time.now());
    entry.ending = ending;
    if (entry.state.status === 'initializing')
      insist(
        this.#engine,
        entry,
        () => entry.registered && entry.ending === ending,
        (batch) => this.#startAgain(entry, batch, ending),
      );
    else this.cleanUp(entry);
  }

  restart(entry: SessionEntry): void {
    const { ending } = entry;
    if (!ending?.restart) return;
    insist(
      this.#engine,
      entry,
      () => entry.registered && entry.ending === ending,
      (batch) => reincarnate(entry, batch, ending),
    );
  }

  /** Cleanup is over, one way or another; `late` is what that adds to an ending that is no crash. */
  #finishLater(entry: SessionEntry, present: () => boolean, late: Partial<Ending> = {}): void {
    const endingNow = (): Ending => {
      const ending = entry.ending ?? { reason: 'normal' };
      if (ending.crashed) return ending;
      return { ...ending, ...late, error: ending.error ?? late.error };
    };
    this.#engine.post(
      entry.state.id,
      (batch) => {
        if (present()) this.#finish(entry, batch, endingNow());
      },
      (error) => this.#holdEnd(entry, endingNow(), error),
    );
  }

  /** The store refused the end: the session stays `terminating`. It is tried again, by terminating it too. */
  #holdEnd(entry: SessionEntry, ending: Ending, error: unknown): void {
    entry.ending = { ...ending, cleaned: true };
    this.settleEnd(entry, error);
    const present = () => isEnding(entry);
    if (present()) arm(this.#engine, entry, () => this.#finishLater(entry, present), RETRY_MS);
  }

  #finish(entry: SessionEntry, batch: Batch, ending: Ending): void {
    const cleaned = { ...ending, cleaned: true };
    setEnding(entry, batch, cleaned);
    batch.onCommit(() => this.#hooks.abort(entry));
    if (cleaned.restart) this.#startAgain(entry, batch, cleaned);
    else completeEnd(entry, batch, cleaned);
  }

  #startAgain(entry: SessionEntry, batch: Batch, ending: Ending): void {
    const { delayMs = 0 } = ending;
    if (delayMs > 0) batch.onCommit(() => arm(this.#engine, entry, 'restart', delayMs));
    else reincarnate(entry, batch, ending);
  }

  /** A deadline has passed: the chart decides what that means; where that is gone, the end goes on without it. */
  due(entry: SessionEntry, kind: ChartDeadline): void {
    if (!entry.registered) return;
    if (entry.chart) tellDeadline(entry.chart, kind);
    else if (kind === 'cleanup') this.forceEnd(entry);
    else if (kind === 'restart') this.restart(entry);
  }

  /** The manager closes: everything that waits for this session is refused, and nothing of it goes on. */
  abandon(entry: SessionEntry, error: SessionError): void {
    entry.registered = false;
    this.#hooks.abort(entry);
    entry.agentStop?.stop();
    rejectParked(this.#engine, entry, error);
    entry.creation?.reject(error);
    this.settleEnd(entry, error);
    for (const resolve of entry.changed ?? []) resolve();
  }
}

function setFailure(entry: SessionEntry, batch: Batch, failure: SessionError): void {
  batch.onCommit(() => {
    entry.failure = failure;
  });
}

function endedAtStart({ state }: SessionEntry): SessionError {
  const message = `Session "${state.id}" was ended while it was still initializing.`;
  return new SessionError('SESSION_TERMINATED', message, { sessionId: state.id });
}
