/** What is under test: the client, and what of the user's own runs inside of it. */
import type { AnyActorLogic, EventObject } from 'xstate';
import type { SessionClient } from '../../client.ts';
import type { SessionManagerOptions } from '../../options.ts';
import type { SessionStore } from '../../store/port.ts';
import type { AgentCommand } from './agent.ts';
import type { CreateClient, Extras, MaybePromise } from './env.ts';
import type { Observation } from './own-invariants.ts';

/** As the runs use it. */
export type Client = SessionClient<AgentCommand> & Extras;

export interface Subject {
  readonly create: CreateClient;
  /** Makes an empty store that keeps at least this many facts for cursors. */
  readonly createStore: (options: { readonly retainEvents: number }) => MaybePromise<SessionStore>;
  /** The user's agent, in place of the runs' own. */
  readonly agent?: AnyActorLogic | undefined;
  /** The user's hooks; the run still decides how long each takes, and whether it fails before them. */
  readonly hooks?: SessionManagerOptions['hooks'] | undefined;
  readonly invariants: Readonly<Record<string, (seen: Observation) => MaybePromise<boolean>>>;
  readonly abilities: Abilities;
}

/** What the client under test makes use of. What it does not is left out of the runs. */
export interface Abilities {
  /** It opens the store that it is given: it can crash, recover and be refused. */
  readonly store: boolean;
  /** It runs the agent that it is given. */
  readonly agent: boolean;
  readonly hooks: boolean;
  readonly stats: boolean;
}

/** Code that is not the run's writes what it likes, whenever it likes. */
export function writesItself({ agent, hooks }: Subject): boolean {
  return agent !== undefined || hooks !== undefined;
}

/** An event for the user's agent, as a scenario keeps it. */
export type AgentEvent = EventObject & Readonly<Record<string, unknown>>;
