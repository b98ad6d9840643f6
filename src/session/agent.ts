import type { ActorScope, AnyActorLogic, AnyActorRef, AnyStateMachine, EventObject, Snapshot } from 'xstate';
import { invalidArgument } from '../check.ts';
import { copyJsonObject } from '../json.ts';
import type { AgentInput } from '../options.ts';
import { actorsBelow } from './agent-children.ts';
import type { AgentRevival } from './agent-restore.ts';

/** A machine without a bound of its own gets ours, so that an endless `always` becomes an error. */
const MAX_ITERATIONS = 1000;

/** Brings a stored agent back; it has been adopted, and this is its input. */
export type Restore = (
  logic: AnyActorLogic,
  revival: AgentRevival,
  scope: ActorScope<Snapshot<unknown>, EventObject>,
  input: AgentInput,
) => Snapshot<unknown>;

/**
 * The user's logic with two things added: `adopt` sees each new actor before it runs, and gives it its input; and
 * one that is restored comes back from an {@link AgentRevival}, with the handles of that input.
 * Everything else, the machine's own methods and what inspectors read of it, is the user's logic unchanged.
 */
export function adoptAgent(
  logic: AnyActorLogic,
  adopt: (sessionId: string, agent: AnyActorRef) => unknown,
  restore: Restore = (bounded, _revival, scope, input) =>
    bounded.getInitialSnapshot(scope as never, input) as Snapshot<unknown>,
): AnyActorLogic {
  const bounded = isMachine(logic) ? boundIterations(logic) : logic;
  return Object.create(bounded, {
    getInitialSnapshot: {
      value: (scope: { self: AnyActorRef }, input: { id: string }) =>
        bounded.getInitialSnapshot(scope as never, adopt(input.id, scope.self)),
    },
    restoreSnapshot: {
      value: (revival: AgentRevival, scope: ActorScope<Snapshot<unknown>, EventObject>) =>
        restore(bounded, revival, scope, adopt(revival.sessionId, scope.self) as AgentInput),
    },
  }) as AnyActorLogic;
}

/** The agent's children that still run; a logic without children has none. */
export function runningChildren(agent: AnyActorRef): number {
  let running = 0;
  for (const child of actorsBelow(agent)) if (child.getSnapshot().status === 'active') running += 1;
  return running;
}

export function isMachine(logic: AnyActorLogic): logic is AnyStateMachine {
  return 'root' in logic && 'implementations' in logic;
}

/** With an end to what would go round for ever; of a machine that sets none a copy. */
export function boundIterations(machine: AnyStateMachine): AnyStateMachine {
  if (machine.options.maxIterations !== Number.POSITIVE_INFINITY) return machine;
  const bounded = machine.provide({}) as AnyStateMachine;
  bounded.options.maxIterations = MAX_ITERATIONS;
  return bounded;
}

/** XState's own events steer actors: one sent by a stranger could stop or fail them. */
export function checkAgentEvent(event: unknown): EventObject {
  const copy = copyJsonObject(event, 'event');
  if (typeof copy.type !== 'string' || copy.type === '')
    throw invalidArgument('event.type', 'a non-empty string', copy.type);
  if (copy.type.startsWith('xstate.') || copy.type === '*')
    throw invalidArgument('event.type', 'a type of your own: the prefix "xstate." is XState’s', copy.type);
  return copy as unknown as EventObject;
}
