/**
 * The agent of the runs, and the roster that counts agents by what their logic sees. Written as a bare
 * `ActorLogic`, because that alone is told of its own stop.
 */
import type { ActorLogic, ActorSystem, ActorSystemInfo, Snapshot } from 'xstate';
import type { AgentEmission } from '../../events/types.ts';
import type { AgentInput } from '../../options.ts';
import type { AgentAct } from './scenario.ts';
import { Violation } from './violation.ts';

export interface AgentCommand {
  readonly type: AgentAct | 'jobDone';
  /** The number of the call that brought it. */
  readonly n?: number;
}

export interface AgentPlan {
  /** May throw, and then this agent does not come about. `turns`: what it has been through, as it was stored. */
  onStart(id: string, turns: number): void;
  /** It has taken the event of call `n`. */
  heard(n: number, id: string, turns: number): void;
  write(input: AgentInput): void;
  job(id: string): Promise<void>;
}

/** Who is alive, by session. */
export class Roster {
  readonly completed: Set<string>;
  readonly #live = new Map<string, Set<object>>();
  /** Sessions whose agent has thrown or completed, until the engine has told of it. */
  readonly #faults = new Set<string>();

  /** Sessions whose present incarnation has seen its agent complete, in this process. */
  readonly #over = new Set<string>();
  readonly #violated: (violation: Violation) => void;

  constructor(violated: (violation: Violation) => void, completed: Iterable<string> = []) {
    this.#violated = violated;
    this.completed = new Set(completed);
  }

  /** Another incarnation begins. */
  renew(id: string): void {
    this.#over.delete(id);
  }

  complete(id: string): void {
    this.completed.add(id);
    this.#over.add(id);
  }

  /** Some agent has come about. */
  entered = false;

  enter(id: string, agent: object): void {
    this.entered = true;
    const agents = this.#live.get(id) ?? new Set();
    agents.add(agent);
    this.#live.set(id, agents);
    this.completed.delete(id);
    if (this.#over.has(id))
      this.#violated(new Violation(3, `the agent of ${id} has completed, and starts again`));
  }

  leave(id: string, agent: object): void {
    const agents = this.#live.get(id);
    agents?.delete(agent);
    if (agents?.size === 0) this.#live.delete(id);
  }

  fault(id: string): void {
    this.#faults.add(id);
  }

  takeFault(id: string): boolean {
    return this.#faults.delete(id);
  }

  has(id: string, agent: object): boolean {
    return this.#live.get(id)?.has(agent) ?? false;
  }

  count(id: string): number {
    return this.#live.get(id)?.size ?? 0;
  }

  ids(): string[] {
    return [...this.#live.keys()];
  }
}

type AgentSnapshot = Snapshot<undefined> & { readonly input: AgentInput; readonly turns: number };
export type AgentLogic = ActorLogic<
  AgentSnapshot,
  AgentCommand,
  AgentInput,
  ActorSystem<ActorSystemInfo>,
  AgentEmission
>;

/** With `starts` it is logic that does something when it is started, which the engine does not let go to sleep. */
export function agentLogic(roster: Roster, plan: AgentPlan, starts: boolean): AgentLogic {
  const begin = (snapshot: AgentSnapshot, self: object): AgentSnapshot => {
    plan.onStart(snapshot.input.session.id, snapshot.turns);
    roster.enter(snapshot.input.session.id, self);
    return snapshot;
  };
  const blank = { status: 'active', output: undefined, error: undefined, turns: 0 } as const;
  const beginning: Partial<AgentLogic> = starts
    ? { start: (snapshot, { self }) => void begin(snapshot, self) }
    : { restoreSnapshot: (snapshot, { self }) => begin(snapshot as AgentSnapshot, self) };
  return {
    ...beginning,
    getInitialSnapshot: ({ self }, input) =>
      starts ? { ...blank, input } : begin({ ...blank, input }, self),
    transition(snapshot, event, { self, emit }) {
      const { id } = snapshot.input.session;
      const turns = snapshot.turns + 1;
      if (event.n !== undefined) plan.heard(event.n, id, turns);
      switch (event.type as string) {
        case 'crash':
          roster.leave(id, self);
          roster.fault(id);
          throw new Error(`agent of ${id} crashed`);
        case 'finish':
          roster.leave(id, self);
          roster.complete(id);
          roster.fault(id);
          return { ...snapshot, status: 'done', output: undefined, error: undefined };
        case 'xstate.stop':
          roster.leave(id, self);
          return { ...snapshot, status: 'stopped', output: undefined, error: undefined };
        case 'emit':
          emit({ type: 'agent_status', agentName: 'tester', status: `${id}#turn ${turns}` });
          return { ...snapshot, turns };
        case 'job':
          plan.job(id).then(() => roster.has(id, self) && self.send({ type: 'jobDone' }));
          return { ...snapshot, turns };
        case 'jobDone':
          emit({ type: 'llm_response', turnId: `${id}#${turns}`, content: `${id}#job` });
          return { ...snapshot, turns };
        case 'write':
          plan.write(snapshot.input);
          return { ...snapshot, turns };
        default:
          return snapshot;
      }
    },
    getPersistedSnapshot: (snapshot) => snapshot,
  };
}
