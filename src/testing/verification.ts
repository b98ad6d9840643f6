/** What a module exports for `chartroom verify`: a machine as it is, or one of these. */
import type { AnyStateMachine } from 'xstate';
import type { SessionStore } from '../store/port.ts';
import type { CreateClient, MaybePromise } from './client/env.ts';
import type { VerifyClientOptions } from './client/options.ts';
import type { VerifyMachineOptions } from './machine/options.ts';

export type Verification =
  | ({ readonly machine: AnyStateMachine } & VerifyMachineOptions)
  | ({ readonly client: CreateClient } & VerifyClientOptions)
  | { readonly store: () => MaybePromise<SessionStore>; readonly name?: string };

/** What an export is, when it is something to verify. */
export function verificationOf(exported: unknown): Verification | undefined {
  if (isMachine(exported)) return { machine: exported };
  if (typeof exported !== 'object' || exported === null) return undefined;
  const { machine, client, store } = exported as Record<string, unknown>;
  const is = isMachine(machine) || typeof client === 'function' || typeof store === 'function';
  return is ? (exported as Verification) : undefined;
}

/** Machines of another copy of XState are machines too. */
function isMachine(value: unknown): value is AnyStateMachine {
  return typeof value === 'object' && value !== null && 'root' in value && 'implementations' in value;
}
