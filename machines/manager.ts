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
    refuse: (_, _failure: { error: unknown }) => {},
    /** A session's chart failed: its session has crashed. */
    reportFailure: (_, _session: { id: string; error: unknown }) => {},
    reportEscalation: (_, _session: { id: string; error: unknown }) => {},
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
    'session.failed': {
      actions: { type: 'reportFailure', params: ({ event: { id, error } }) => ({ id, error }) },
    },
    'session.escalated': {
      actions: { type: 'reportEscalation', params: ({ event: { id, error } }) => ({ id, error }) },
    },
  },
  states: {
    recovering: {
      invoke: {
        id: 'recovery',
        src: 'recover',
        onDone: 'running',
        onError: {
          target: 'failed',
          actions: { type: 'refuse', params: ({ event: { error } }) => ({ error }) },
        },
      },
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
      on: { 'manager.close': 'closing' },
    },
    closed: { type: 'final' },
  },
});
