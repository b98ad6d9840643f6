import {
  type AnyActorLogic,
  type AnyActorRef,
  createActor,
  fromTransition,
  type InspectionEvent,
  SimulatedClock,
} from 'xstate';
import type { SessionCache, SessionContext } from '../../src/client.ts';
import { Timekeeper } from '../../src/clock.ts';
import type { JsonObject } from '../../src/data.ts';
import { Guard } from '../../src/guard.ts';
import type { AgentInput } from '../../src/options.ts';
import { restoreAgent } from '../../src/session/agent-restore.ts';
import { type AgentSnapshot, persistAgent } from '../../src/session/agent-snapshot.ts';
import { AgentTimers } from '../../src/session/agent-timers.ts';
import { StopSignal } from '../../src/stop-signal.ts';

class Handle {
  readonly #of: string;
  constructor(of: string) {
    this.#of = of;
  }
  whose(): string {
    return this.#of;
  }
}

/** What an agent is given, as the engine makes it: instances of classes, and a signal that is made when it is read. */
export function agentInput(id = 's'): AgentInput {
  const context = new Handle(id) as unknown as SessionContext;
  const cache = new Handle(id) as unknown as SessionCache;
  const metadata: JsonObject = Object.freeze({ of: id });
  return new StopSignal().lend({
    session: Object.freeze({ id, metadata, llmConfig: Object.freeze({}), context, cache }),
  });
}

/** An actor system with room for agents, on a clock that is moved by hand. */
export class Stage {
  /** What agents are given when nothing else is said. */
  readonly input = agentInput();
  readonly clock: SimulatedClock;
  readonly timers: AgentTimers;
  readonly inspected: InspectionEvent[] = [];
  readonly errors: unknown[] = [];
  readonly lost: string[] = [];
  readonly root: AnyActorRef;

  constructor(clock = new SimulatedClock()) {
    this.clock = clock;
    const root = createActor(
      fromTransition(() => 0, 0),
      { inspect: (event) => void this.inspected.push(event) },
    );
    this.root = root;
    this.timers = AgentTimers.install(root.system, new Timekeeper(clock, new Guard(undefined)));
    root.start();
  }

  start(logic: AnyActorLogic, input: AgentInput = this.input): AnyActorRef {
    return this.#run(createActor(logic, { id: 'agent', parent: this.root, input }));
  }

  /** As a store gives it back, in text and all. */
  restore(logic: AnyActorLogic, stored: AgentSnapshot, input: AgentInput = this.input): AnyActorRef {
    return this.#run(this.create(logic, JSON.parse(JSON.stringify(stored)), input));
  }

  create(logic: AnyActorLogic, stored: AgentSnapshot, input: AgentInput): AnyActorRef {
    const restoring: AnyActorLogic = Object.create(logic, {
      restoreSnapshot: {
        value: (snapshot: AgentSnapshot, scope: never) => {
          const restored = restoreAgent(logic, snapshot, scope, input);
          this.lost.push(...restored.lost);
          return restored.snapshot;
        },
      },
    });
    return createActor(restoring, { id: 'agent', parent: this.root, snapshot: stored as never });
  }

  #run(agent: AnyActorRef): AnyActorRef {
    agent.subscribe({ error: (error) => void this.errors.push(error) });
    agent.start();
    return agent;
  }

  /** Fails when the agent cannot be stored. */
  persist(agent: AnyActorRef, input: AgentInput = this.input): AgentSnapshot {
    const stored = persistAgent(agent, input);
    if ('snapshot' in stored) return stored as AgentSnapshot;
    throw new Error(stored.lost);
  }

  /** Why the agent cannot be stored. */
  refusal(agent: AnyActorRef, input: AgentInput = this.input): string {
    const stored = persistAgent(agent, input);
    return 'snapshot' in stored ? 'it was stored' : stored.lost;
  }
}

export const contextOf = (actor: AnyActorRef | undefined) =>
  actor?.getSnapshot().context as Record<string, unknown>;
export const childrenOf = (actor: AnyActorRef) => actor.getSnapshot().children as Record<string, AnyActorRef>;

/** Stores an agent of one actor system and brings it back in another, on a clock of the same time. */
export function moved(logic: AnyActorLogic, before: (agent: AnyActorRef, stage: Stage) => void = () => {}) {
  const first = new Stage();
  const agent = first.start(logic);
  before(agent, first);
  const stored = first.persist(agent);
  agent.send({ type: 'xstate.stop' });
  const stage = new Stage();
  stage.clock.set(first.clock.now());
  return { stage, stored, agent: stage.restore(logic, stored) };
}
