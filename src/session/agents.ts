import type { AnyActorRef, EventObject } from 'xstate';
import type { Json } from '../data.ts';
import type { Engine } from '../engine.ts';
import { toErrorInfo } from '../error-info.ts';
import { checkEmission } from '../events/schemas.ts';
import type { AgentEmission } from '../events/types.ts';
import { exceedsBytes } from '../json.ts';
import type { AgentInput } from '../options.ts';
import { StopSignal } from '../stop-signal.ts';
import { tooLarge } from './content.ts';
import type { SessionEntry } from './entry.ts';
import type { ScopedHandles } from './host.ts';
import type { Lifecycle } from './lifecycle.ts';
import { addStatus } from './status.ts';

/** Gives each new agent its input, and publishes what it emits. */
export class Agents {
  readonly #engine: Engine;
  readonly #lifecycle: Lifecycle;
  readonly #handles: ScopedHandles;

  constructor(engine: Engine, lifecycle: Lifecycle, handles: ScopedHandles) {
    this.#engine = engine;
    this.#lifecycle = lifecycle;
    this.#handles = handles;
  }

  /** Before the agent runs: what it emits at its start is heard too. */
  adopt(sessionId: string, agent: AnyActorRef): AgentInput {
    const entry = this.#engine.registry.find(sessionId);
    const stop = new StopSignal();
    entry.agent = agent;
    entry.agentFailure = undefined;
    entry.agentStop = stop;
    agent.on('*', (emitted: EventObject) => this.#emitted(entry, agent, emitted));
    const { id, metadata, llmConfig } = entry.state;
    const { context, cache } = this.#handles.during(entry, () => false);
    const session = Object.freeze({ id, metadata, llmConfig, context, cache });
    return stop.lend({ session });
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
