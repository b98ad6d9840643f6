import { type AnyActorLogic, fromCallback, fromPromise, setup } from 'xstate';
import type { ManagerEvent } from './events.ts';

const unprovided = () => {};

/**
 * Admission, recovery and closing of the whole engine. While `running`, commands go straight to the
 * supervisor it invokes; this chart hears of sessions only when something is wrong with one.
 */
export const managerMachine = setup({
  types: { events: {} as ManagerEvent },
  actors: {
    supervisor: fromCallback(unprovided) as AnyActorLogic,
    recover: fromPromise<void>(async () => {}),
    shutDown: fromPromise<void>(async () => {}),
  },
  actions: {
    /** Let waiting and future calls in. */
    admit: unprovided,
    /** Reject waiting and future calls with what recovery failed on. */
    refuse: unprovided,
    reportFailure: unprovided,
    reportEscalation: unprovided,
    reportFault: unprovided,
  },
}).createMachine({
  id: 'manager',
  initial: 'recovering',
  options: { maxIterations: 1000 },
  invoke: { id: 'supervisor', src: 'supervisor' },
  on: {
    // Without this handler a failing child would put the manager itself in `error`.
    'xstate.error.actor.*': { actions: 'reportFault' },
    'session.failed': { actions: 'reportFailure' },
    'session.escalated': { actions: 'reportEscalation' },
  },
  states: {
    recovering: {
      invoke: { id: 'recovery', src: 'recover', onDone: 'running', onError: 'failed' },
      on: { 'manager.close': 'closing' },
    },
    running: {
      entry: 'admit',
      on: { 'manager.close': 'closing' },
    },
    closing: {
      invoke: { id: 'shutdown', src: 'shutDown', onDone: 'closed', onError: 'closed' },
    },
    failed: {
      entry: 'refuse',
      on: { 'manager.close': 'closing' },
    },
    closed: { type: 'final' },
  },
});
