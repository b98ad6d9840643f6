import { type Actor, type ActorOptions, type AnyActorLogic, createActor } from 'xstate';

export interface ObservedActor<TLogic extends AnyActorLogic> {
  readonly actor: Actor<TLogic>;
  /** What the error observer was given. Without an observer a root actor's error ends the process (X10). */
  readonly errors: unknown[];
}

export function startObserved<TLogic extends AnyActorLogic>(
  logic: TLogic,
  options: Omit<ActorOptions<TLogic>, 'input'> = {},
): ObservedActor<TLogic> {
  const errors: unknown[] = [];
  const actor = createActor<AnyActorLogic>(logic, options) as Actor<TLogic>;
  actor.subscribe({ error: (error) => errors.push(error) });
  actor.start();
  return { actor, errors };
}
