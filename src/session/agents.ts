import type { AnyActorRef, EventObject, Snapshot } from 'xstate';
import { tooLarge } from '../check.ts';
import type { Json } from '../data.ts';
import type { Engine } from '../engine.ts';
import { toErrorInfo } from '../error-info.ts';
import { checkEmission } from '../events/emissions.ts';
import type { AgentEmission } from '../events/types.ts';
import { exceedsBytes } from '../json.ts';
import type { AgentInput } from '../options.ts';
import { StopSignal } from '../stop-signal.ts';
import type { Restore } from './agent.ts';
import { AgentKeeper } from './agent-keeper.ts';
import { restoreAgent } from './agent-restore.ts';
import type { AgentSnapshot, LostAgent } from './agent-snapshot.ts';
import { AgentTimers } from './agent-timers.ts';
import { upgradeAgent } from './agent-version.ts';
import type { SessionEntry } from './entry.ts';
import type { ScopedHandles } from './host.ts';
import type { Lifecycle } from './lifecycle.ts';
import { stopOrphans } from './orphans.ts';
import type { SessionState } from './state.ts';
import { addStatus } from './status.ts';

/**
 * All that only a manager with an agent needs. Gives each new agent its input, publishes what it emits, and brings it back from where it was stored.
 */
export class Agents {
  readonly keeper: AgentKeeper;
  readonly #engine: Engine;
  readonly #lifecycle: Lifecycle;
  readonly #handles: ScopedHandles;
  #reported: Array<{ readonly id: string; readonly reason: string }> | undefined = [];

  /** `volatile` says that the store goes with the process. */
  constructor(engine: Engine, lifecycle: Lifecycle, handles: ScopedHandles, volatile: boolean) {
    this.keeper = new AgentKeeper(engine, volatile);
    this.#engine = engine;
    this.#lifecycle = lifecycle;
    this.#handles = handles;
  }

  /** Has the delayed events of all agents on the manager's clock; before the first of them runs. */
  keepTime(system: AnyActorRef['system']): void {
    AgentTimers.install(system, this.#engine.time);
  }

  /** Before the agent runs: what it emits at its start is heard too. */
  adopt(sessionId: string, agent: AnyActorRef): AgentInput {
    const entry = this.#engine.registry.find(sessionId);
    const stop = new StopSignal();
    entry.agent = agent;
    entry.agentFailure = undefined;
    entry.agentStop = stop;
    this.keeper.watch(entry, agent);
    agent.on('*', (emitted: EventObject) => this.#emitted(entry, agent, emitted));
    const { id, metadata, llmConfig } = entry.state;
    const { context, cache } = this.#handles.during(entry, () => false);
    const session = Object.freeze({ id, metadata, llmConfig, context, cache });
    entry.agentInput = stop.lend({ session });
    return entry.agentInput;
  }

  /** What the session's chart is restored with: its agent as it was stored; `undefined` to start it anew. */
  revived({ id, agent: stored }: SessionState): AgentSnapshot | null | undefined {
    const { agent, agentVersion, migrateAgent, supervision } = this.#engine.settings;
    if (!agent || !stored) return undefined;
    // Under `permanent` one that had completed starts again.
    if ('agent' in stored && !stored.agent) return supervision.restart === 'permanent' ? undefined : null;
    const found =
      'agent' in stored && stored.agent
        ? upgradeAgent(stored.agent, stored.version, agentVersion, migrateAgent)
        : (stored as LostAgent);
    if ('snapshot' in found) return found;
    this.#lost(id, [found.lost], true);
    return undefined;
  }

  readonly restore: Restore = (logic, { sessionId, agent }, scope, input) => {
    try {
      const { snapshot, lost } = restoreAgent(logic, agent, scope, input);
      if (lost.length > 0) this.#lost(sessionId, lost, false);
      return snapshot;
    } catch (error) {
      this.#lost(sessionId, [toErrorInfo(error).message], true);
      return logic.getInitialSnapshot(scope as never, input) as Snapshot<unknown>;
    }
  };

  /** What did not come back of stored agents so far; what is lost later is only logged. */
  report(): ReadonlyArray<{ readonly id: string; readonly reason: string }> {
    const reported = this.#reported ?? [];
    this.#reported = undefined;
    return Object.freeze(reported);
  }

  /** Something of a stored agent did not come back; `afresh`: nothing did, and it starts from its beginning. */
  #lost(sessionId: string, lost: readonly string[], afresh: boolean): void {
    const what = afresh ? 'its agent, which starts afresh' : 'a part of its agent';
    for (const reason of lost) this.#reported?.push(Object.freeze({ id: sessionId, reason }));
    this.#engine.guard.log('warn', `chartroom: session "${sessionId}" came back without ${what}.`, ...lost);
  }

  /** Stops what runs below an agent that has failed, or is to stop. */
  stopOrphans(agent: AnyActorRef): void {
    try {
      stopOrphans(agent);
    } catch (error) {
      this.#engine.guard.log('error', 'chartroom: a child of an agent did not stop.', error);
    }
  }

  /** An agent that breaks the event contract has failed: nothing of a wrong event is published. */
  #emitted(entry: SessionEntry, agent: AnyActorRef, emitted: EventObject): void {
    let emission: AgentEmission | undefined;
    try {
      emission = checkEmission(emitted);
      const { maxMessageBytes } = this.#engine.settings.limits;
      if (emission && exceedsBytes(emission as unknown as Json, maxMessageBytes))
        throw tooLarge(`the emitted ${emission.type}`, maxMessageBytes, 'limits.maxMessageBytes');
    } catch (error) {
      if (entry.agent === agent) this.#lifecycle.crash(entry, error);
      return;
    }
    if (emission) this.#publish(entry, agent, emission);
  }

  #publish(entry: SessionEntry, agent: AnyActorRef, { type, ...payload }: AgentEmission): void {
    const { journal, guard } = this.#engine;
    const { state } = entry;
    journal.post(
      state.id,
      (batch) => {
        // What an agent says after its session has moved on to terminating is nobody's any more.
        if (entry.agent !== agent && entry.agent !== undefined) return;
        if (!entry.registered || (state.status !== 'active' && state.status !== 'idle')) return;
        if (state.status === 'idle') addStatus(entry, batch, 'active');
        batch.add(state, type, payload as never);
      },
      (error) =>
        guard.log(
          'error',
          `chartroom: an event of session "${state.id}" was not stored.`,
          toErrorInfo(error),
        ),
      true,
    );
  }
}
